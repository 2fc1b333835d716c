using System.Numerics;

namespace Elbo.Numerics;

/// <summary>
/// A reduction over leading or inner dimensions, such as a bias gradient. Merged, the dimensions alternate between kept and
/// reduced; the loop covers kept · reduced · kept · reduced · kept, of which any may be 1.
/// </summary>
internal sealed unsafe class ReduceInstruction<T> : Instruction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxParts = 16;
    private const int PartElements = 30_000;

    /// <summary>Columns are cut at whole cache lines, so that no two parts write one line.</summary>
    private const int ColumnBlock = 64;

    private const int PartialColumns = 512;

    private readonly ReduceKind _kind;
    private readonly PlanBuffer _source;
    private readonly int _sourceOffset;
    private readonly PlanBuffer _result;
    private readonly int[] _levels;
    private readonly int _blocks;
    private readonly delegate*<T*, T*, T*, int, void> _combine;
    private readonly delegate*<T*, int, int, nint, T*, void> _columns;

    private ReduceInstruction(ReduceKind kind, PlanBuffer source, int sourceOffset, PlanBuffer result, int[] levels)
    {
        _kind = kind;
        _source = source;
        _sourceOffset = sourceOffset;
        _result = result;
        _levels = levels;
        _combine = ElementwiseKernels<T>.Binary(kind == ReduceKind.Sum ? BinaryOpcode.Add : BinaryOpcode.Maximum);
        _columns = ReductionKernels<T>.Columns(kind == ReduceKind.Sum ? ReductionOpcode.Sum : ReductionOpcode.Maximum);
        int elements = levels.Aggregate((a, b) => a * b);
        int wanted = Math.Clamp(elements / PartElements, 1, MaxParts);
        _blocks = Math.Clamp((wanted + Kept - 1) / Kept, 1, Math.Max(1, levels[4] / ColumnBlock));
        Parts = Math.Min(wanted, Kept * _blocks);
    }

    public override string Description => $"reduce {_kind} [{string.Join(" ", _levels)}]";

    private int Kept => _levels[0] * _levels[2];

    /// <summary>The instruction for a reduction, or null when its axes alternate more often than the loop does.</summary>
    public static ReduceInstruction<T>? TryCreate(ReduceOperation operation, Shape shape, PlanBuffer source, int sourceOffset, PlanBuffer result)
    {
        int[] levels = [1, 1, 1, 1, 1];
        int level = 4;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] == 1) continue;
            bool reduced = operation.Axes.Contains(axis);
            if (reduced != (level % 2 == 1)) level--;
            if (level < 0) return null;
            levels[level] *= shape[axis];
        }

        return new ReduceInstruction<T>(operation.Kind, source, sourceOffset, result, levels);
    }

    public override void Bind() { }

    public override void Execute(int part, int worker)
    {
        int items = Kept * _blocks;
        for (int item = (int)((long)items * part / Parts); item < (int)((long)items * (part + 1) / Parts); item++)
            Reduce(item / _blocks / _levels[2], item / _blocks % _levels[2], item % _blocks);
    }

    private void Reduce(int k0, int k2, int block)
    {
        int r1 = _levels[1], k2s = _levels[2], r3 = _levels[3], k4 = _levels[4];
        int lines = (k4 + ColumnBlock - 1) / ColumnBlock;
        int from = (int)((long)lines * block / _blocks) * ColumnBlock, to = Math.Min(k4, (int)((long)lines * (block + 1) / _blocks) * ColumnBlock);
        T* source = (T*)_source.Address + _sourceOffset, result = (T*)_result.Address + ((long)k0 * k2s + k2) * k4;
        T* partial = stackalloc T[PartialColumns];
        for (int i = 0; i < r1; i++)
        {
            T* run = source + (((long)k0 * r1 + i) * k2s + k2) * r3 * k4;
            if (k4 == 1)
            {
                T value = _kind == ReduceKind.Sum ? ReductionKernels<T>.Sum(run, r3) : ReductionKernels<T>.Maximum(run, r3);
                *result = i == 0 ? value : _kind == ReduceKind.Sum ? *result + value : T.Max(*result, value);
                continue;
            }

            if (i == 0)
            {
                _columns(run + from, r3, to - from, k4, result + from);
                continue;
            }

            for (int column = from; column < to; column += PartialColumns)
            {
                int count = Math.Min(PartialColumns, to - column);
                _columns(run + column, r3, count, k4, partial);
                _combine(result + column, partial, result + column, count);
            }
        }
    }
}
