using System.Numerics;

namespace Elbo.Numerics;

/// <summary>A reduction at the end of a tile.</summary>
internal sealed record TileReduction(ReduceKind Kind, TileOperand Operand, PlanBuffer Result, PlanBuffer? Partials);

/// <summary>Runs a <see cref="TileProgram{T}"/> over its whole index space, with reductions over equal runs.</summary>
/// <remarks>
/// The cut into tiles, chunks and parts follows from the counts alone. A run longer than a chunk is reduced chunk by chunk into
/// partial results, which are then combined in order: the same sums on any number of threads.
/// </remarks>
internal sealed unsafe class FusedInstruction<T> : Instruction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The cost of a part, in element passes: about 5 µs, five times a fork and join.</summary>
    private const long PartCost = 60_000;

    private const int MaxParts = 32;
    private const int ChunkTiles = 8;

    private readonly TileProgram<T> _program;
    private readonly TileReduction[] _reductions;
    private readonly BoundOperand<T>[] _reduced;
    private readonly int _count;
    private readonly int _unit;
    private readonly int _units;
    private readonly int _segment;
    private readonly int _chunks;
    private WorkerPool _pool = null!;

    public FusedInstruction(TileProgram<T> program, TileReduction[] reductions, int count, int segment, long costPerElement)
    {
        _program = program;
        _reductions = reductions;
        _reduced = new BoundOperand<T>[reductions.Length];
        _count = count;
        _segment = segment;
        _chunks = Chunks(count, segment);
        int capacity = TileProgram<T>.Capacity;
        if (segment > capacity) _unit = (segment + _chunks - 1) / _chunks;
        else _unit = segment > 0 ? capacity / segment * segment : capacity;
        _units = segment > capacity ? count / segment * _chunks : (count + _unit - 1) / _unit;
        Parts = (int)Math.Clamp(Math.Min(_units, count * costPerElement / PartCost), 1, MaxParts);
    }

    public override string Description =>
        $"fused {_count}{(_segment > 0 ? $" in runs of {_segment}" : "")}: {string.Join(" ", _program.Steps.Select(step => step.Name))}"
        + string.Concat(_reductions.Select(reduction => $" | {reduction.Kind}"));

    /// <summary>Into how many chunks a run is cut: one, unless runs are long and too few to keep the workers busy.</summary>
    public static int Chunks(int count, int segment)
    {
        int chunk = ChunkTiles * TileProgram<T>.Capacity;
        return segment <= chunk || count / segment >= MaxParts ? 1 : (segment + chunk - 1) / chunk;
    }

    public override void Bind()
    {
        _program.Bind();
        for (int i = 0; i < _reductions.Length; i++) _reduced[i] = TileProgram<T>.Bind(_reductions[i].Operand);
    }

    public override void Run(WorkerPool pool, in RandomStream stream)
    {
        _pool = pool;
        base.Run(pool, stream);
        if (_chunks == 1) return;
        foreach (TileReduction reduction in _reductions)
        {
            T* partials = (T*)reduction.Partials!.Address, result = (T*)reduction.Result.Address;
            for (int i = 0; i < _count / _segment; i++) result[i] = Reduce(reduction.Kind, partials + (long)i * _chunks, _chunks);
        }
    }

    public override void Execute(int part, int worker)
    {
        T* registers = (T*)_pool.Scratch(worker, _program.RegisterBytes);
        int from = (int)((long)_units * part / Parts), to = (int)((long)_units * (part + 1) / Parts);
        for (int unit = from; unit < to; unit++)
        {
            if (_segment > TileProgram<T>.Capacity) LongRun(unit, registers);
            else ShortRuns(unit, registers);
        }
    }

    private void ShortRuns(int unit, T* registers)
    {
        long start = (long)unit * _unit;
        int count = (int)Math.Min(_unit, _count - start);
        _program.Run(start, count, registers);
        for (int i = 0; i < _reductions.Length; i++)
        {
            T* values = _reduced[i].At(start, registers), result = (T*)_reductions[i].Result.Address + start / _segment;
            for (int j = 0; j < count / _segment; j++) result[j] = Reduce(_reductions[i].Kind, values + j * _segment, _segment);
        }
    }

    private void LongRun(int unit, T* registers)
    {
        int run = unit / _chunks, chunk = unit % _chunks;
        long start = (long)run * _segment + (long)chunk * _unit;
        int length = Math.Min(_unit, _segment - chunk * _unit);
        for (int done = 0; done < length; done += TileProgram<T>.Capacity)
        {
            int count = Math.Min(TileProgram<T>.Capacity, length - done);
            _program.Run(start + done, count, registers);
            for (int i = 0; i < _reductions.Length; i++)
            {
                T* target = _chunks == 1 ? (T*)_reductions[i].Result.Address + run : (T*)_reductions[i].Partials!.Address + unit;
                T value = Reduce(_reductions[i].Kind, _reduced[i].At(start + done, registers), count);
                *target = done == 0 ? value : _reductions[i].Kind == ReduceKind.Sum ? *target + value : T.Max(*target, value);
            }
        }
    }

    private static T Reduce(ReduceKind kind, T* values, int count) =>
        kind == ReduceKind.Sum ? ReductionKernels<T>.Sum(values, count) : ReductionKernels<T>.Maximum(values, count);
}
