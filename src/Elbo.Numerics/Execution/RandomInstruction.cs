using System.Numerics;
using System.Runtime.InteropServices;

namespace Elbo.Numerics;

/// <summary>Fills a buffer with draws; element i depends on the stream and i alone.</summary>
internal sealed unsafe class RandomInstruction<T> : Instruction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int PartElements = 8192;

    private readonly RandomOperation _operation;
    private readonly PlanBuffer _result;
    private RandomStream _stream;

    public RandomInstruction(RandomOperation operation, PlanBuffer result)
    {
        _operation = operation;
        _result = result;
        Parts = Math.Clamp(operation.Shape.ElementCount / PartElements, 1, 16);
    }

    public override string Description => $"{_operation.Name} {_operation.Shape}";

    public override void Bind() { }

    public override void Run(WorkerPool pool, in RandomStream stream)
    {
        _stream = stream.Split(_operation.Key);
        base.Run(pool, stream);
    }

    public override void Execute(int part, int worker)
    {
        int count = _operation.Shape.ElementCount;
        int from = (int)((long)count * part / Parts), to = (int)((long)count * (part + 1) / Parts);
        Span<T> target = new((T*)_result.Address + from, to - from);
        if (typeof(T) == typeof(float)) Draw(MemoryMarshal.Cast<T, float>(target), (ulong)from);
        else Draw(MemoryMarshal.Cast<T, double>(target), (ulong)from);
    }

    private void Draw(Span<float> target, ulong from)
    {
        if (_operation.Kind == RandomKind.Uniform) _stream.FillUniform(target, from);
        else if (_operation.Kind == RandomKind.Normal) _stream.FillNormal(target, from);
        else _stream.FillGumbel(target, from);
    }

    private void Draw(Span<double> target, ulong from)
    {
        if (_operation.Kind == RandomKind.Uniform) _stream.FillUniform(target, from);
        else if (_operation.Kind == RandomKind.Normal) _stream.FillNormal(target, from);
        else _stream.FillGumbel(target, from);
    }
}
