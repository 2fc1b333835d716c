using System.Numerics;

namespace Elbo.Numerics;

/// <summary>One of the three products of a convolution.</summary>
internal sealed unsafe class ConvolutionInstruction<T> : Instruction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Convolution<T> _convolution;
    private readonly ConvolutionKind _kind;
    private readonly ConvolutionShape _shape;
    private readonly TileOperand _left;
    private readonly TileOperand _right;
    private readonly PlanBuffer _result;
    private readonly ProductEpilogue<T>? _epilogue;

    public ConvolutionInstruction(Tensor node, TileOperand left, TileOperand right, PlanBuffer result, ProductEpilogue<T>? epilogue)
    {
        ConvolutionOperation operation = (ConvolutionOperation)node.Operation;
        _kind = operation.Kind;
        Shape images = _kind == ConvolutionKind.Images ? node.Shape : node.Inputs[0].Shape;
        Shape filters = _kind == ConvolutionKind.Filters ? node.Shape : node.Inputs[1].Shape;
        _shape = new ConvolutionShape(images[0], images[1], images[2], images[3], filters[0], filters[2], filters[3])
        {
            StrideX = operation.Stride,
            StrideY = operation.Stride,
            PaddingX = operation.Padding,
            PaddingY = operation.Padding,
        };
        _convolution = Convolution<T>.Create(_kind, _shape, epilogue?.Loops);
        _epilogue = epilogue;
        _left = left;
        _right = right;
        _result = result;
        Workspace = new PlanBuffer((long)Math.Max(1, _convolution.WorkspaceBytes));
    }

    /// <summary>Memory that this instruction alone uses.</summary>
    public PlanBuffer Workspace { get; }

    public override string Description =>
        $"convolution {_kind} [{_shape.Images}, {_shape.Channels}, {_shape.Height}, {_shape.Width}] by [{_shape.Filters}, {_shape.Channels}, {_shape.KernelHeight}, {_shape.KernelWidth}] stride {_shape.StrideX}{_epilogue?.Name}";

    public override long MultiplyAdds => _shape.Work;

    public override void Bind() => _epilogue?.Bind();

    public override void Run(WorkerPool pool, in RandomStream stream) =>
        _convolution.Run((T*)_left.Buffer!.Address + _left.Offset, (T*)_right.Buffer!.Address + _right.Offset, (T*)_result.Address, (byte*)Workspace.Address, pool);

    public override void Execute(int part, int worker) => throw new InvalidOperationException("A convolution shares out its own work.");
}
