using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The passes of one model over batches of sequences, on all threads: emissions by rows, messages by sequences and directions.</summary>
internal sealed class ChainPasses
{
    /// <summary>Rows whose emissions are computed at once: their values and densities fit in the first-level cache for some tens of states.</summary>
    public const int BlockRows = 256;

    private readonly IStateDensities densities;
    private readonly int[]? stateEmissions;
    private readonly double[]? departures;
    private readonly Observations rows;
    private readonly int[]? knownStates;
    private readonly Runtime runtime;
    private readonly double[][] scratch;

    public ChainPasses(HiddenMarkovModel model, Observations rows, Runtime runtime, int[]? knownStates = null, bool? scaled = null)
        : this(model.Chain, rows, runtime, knownStates, scaled)
    {
    }

    public ChainPasses(Chain chain, Observations rows, Runtime runtime, int[]? knownStates = null, bool? scaled = null, ChainBuffers? buffers = null)
    {
        densities = chain.Densities;
        stateEmissions = chain.Ties;
        departures = chain.Departures;
        this.rows = rows;
        this.knownStates = knownStates;
        this.runtime = runtime;
        scratch = new double[runtime.Threads][];
        int stride = PaddedRows.Stride(chain.States);
        Arithmetic = ChainArithmetic.For(chain.Start, chain.Transitions, buffers ?? new ChainBuffers(stride), scaled);
    }

    public ChainArithmetic Arithmetic { get; }

    private ChainBuffers Buffers => Arithmetic.Buffers;

    /// <summary>Log densities of a batch, ready for the passes.</summary>
    public void Emissions(ChainBatch batch, bool prepare = true)
    {
        Buffers.Reserve(batch.Rows);
        runtime.For((batch.Rows + BlockRows - 1) / BlockRows, (part, worker) =>
        {
            int first = part * BlockRows, count = Math.Min(BlockRows, batch.Rows - first);
            ReadOnlySpan<double> values = Read(batch.FirstRow + first, count, worker);
            Span<double> target = Buffers.Weights.AsSpan(first * Buffers.Stride, count * Buffers.Stride);
            target.Clear();
            if (stateEmissions is null)
            {
                densities.AddLogDensities(values, target);
            }
            else
            {
                Span<double> shared = new double[count * densities.Stride];
                densities.AddLogDensities(values, shared);
                for (int t = 0; t < count; t++)
                    for (int k = 0; k < stateEmissions.Length; k++) target[t * Buffers.Stride + k] = shared[t * densities.Stride + stateEmissions[k]];
            }

            if (departures is not null) AddDepartures(batch, first, count, target);
            if (prepare) Arithmetic.Prepare(batch, first, count, knownStates is null ? default : knownStates.AsSpan(batch.FirstRow, batch.Rows));
        });
    }

    /// <summary>Emissions and messages of a batch. The two directions of a sequence run side by side.</summary>
    public void Run(ChainBatch batch, bool backward)
    {
        Emissions(batch);
        int[] runs = batch.Runs(BlockRows);
        int directions = backward ? 2 : 1;
        runtime.For((runs.Length - 1) * directions, (part, _) =>
        {
            int run = part / directions;
            for (int s = runs[run]; s < runs[run + 1]; s++)
            {
                if (part % directions == 0) Arithmetic.Forward(batch.Starts[s], batch.Starts[s + 1]);
                else Arithmetic.Backward(batch.Starts[s], batch.Starts[s + 1]);
            }
        });
        if (!backward) return;
        for (int s = 0; s < batch.Sequences; s++) Arithmetic.Repair(batch.Starts[s], batch.Starts[s + 1]);
    }

    /// <summary>Runs the passes over all sequences and hands out blocks of rows that stay within a batch.</summary>
    /// <param name="backward">Whether the block's user needs the backward messages.</param>
    /// <param name="use">Called on any thread with the batch, the first row in it, and the number of rows.</param>
    public void ForEachBlock(bool backward, Action<ChainBatch, int, int> use)
    {
        foreach (ChainBatch batch in ChainBatch.Cut(rows))
        {
            Run(batch, backward);
            runtime.For((batch.Rows + BlockRows - 1) / BlockRows, (part, _) => use(batch, part * BlockRows, Math.Min(BlockRows, batch.Rows - part * BlockRows)));
        }
    }

    /// <summary>Rows of the data; valid until this worker reads again.</summary>
    public ReadOnlySpan<double> Read(int first, int count, int worker)
    {
        double[] buffer = scratch[worker] ??= new double[BlockRows * rows.Columns];
        return rows.Read(first, count, buffer);
    }

    /// <summary>Every row but the last of a sequence is left by a step.</summary>
    private void AddDepartures(ChainBatch batch, int first, int count, Span<double> target)
    {
        int sequence = batch.SequenceOf(first);
        for (int t = first; t < first + count; t++)
        {
            if (t + 1 == batch.Starts[sequence + 1])
            {
                sequence++;
                continue;
            }

            Span<double> row = target.Slice((t - first) * Buffers.Stride, Buffers.Stride);
            for (int k = 0; k < departures!.Length; k++) row[k] += departures[k];
        }
    }
}
