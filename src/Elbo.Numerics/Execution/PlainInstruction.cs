using System.Numerics;

namespace Elbo.Numerics;

/// <summary>An operation without a kernel of its own, run by its plain evaluation in double precision. Its arrays are made once.</summary>
internal sealed unsafe class PlainInstruction<T> : Instruction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tensor _node;
    private readonly TileOperand[] _operands;
    private readonly PlanBuffer _result;
    private readonly double[][] _inputs;
    private readonly double[] _output;

    public PlainInstruction(Tensor node, TileOperand[] operands, PlanBuffer result)
    {
        _node = node;
        _operands = operands;
        _result = result;
        _inputs = [.. node.Inputs.Select(input => new double[input.Shape.ElementCount])];
        _output = new double[node.Shape.ElementCount];
    }

    public override string Description => $"plain {_node.Operation.Name} {_node.Shape}";

    public override void Bind() { }

    public override void Execute(int part, int worker)
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            T* source = (T*)_operands[i].Buffer!.Address + _operands[i].Offset;
            for (int j = 0; j < _inputs[i].Length; j++) _inputs[i][j] = double.CreateSaturating(source[j]);
        }

        _node.Operation.Evaluate(_node, _inputs, _output);
        T* result = (T*)_result.Address;
        for (int j = 0; j < _output.Length; j++) result[j] = T.CreateSaturating(_output[j]);
    }
}
