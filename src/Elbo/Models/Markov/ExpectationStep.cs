using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The expected sufficient statistics of a hidden Markov model, summed over all sequences.</summary>
/// <param name="LogLikelihood">Σ wₛ ln p(xₛ), in nats.</param>
/// <param name="Starts">Expected starts in each state, <c>[K]</c>.</param>
/// <param name="Transitions">Expected transitions, <c>[K, K]</c>.</param>
/// <param name="Occupancy">Expected rows of each state, <c>[K]</c>.</param>
/// <param name="Emissions">What the emissions summed.</param>
internal sealed record MarkovStatistics(double LogLikelihood, double[] Starts, Matrix Transitions, double[] Occupancy, double[] Emissions);

/// <summary>The E-step of Baum-Welch. Keeps its memory from one iteration to the next.</summary>
internal sealed class ExpectationStep
{
    private const int MostParts = 64;
    private const int MostPartValues = 1 << 22;

    private readonly Observations rows;
    private readonly int[]? knownStates;
    private readonly bool? scaled;
    private readonly Runtime runtime;
    private readonly ChainBatch[] batches;
    private readonly double[] sequenceWeights;
    private readonly WorkerMemory[] memory;
    private ChainBuffers? buffers;
    private Part[] parts = [];

    public ExpectationStep(Observations rows, int[]? knownStates, bool? scaled, Runtime runtime)
    {
        this.rows = rows;
        this.knownStates = knownStates;
        this.scaled = scaled;
        this.runtime = runtime;
        batches = ChainBatch.Cut(rows);
        sequenceWeights = WeightsOfSequences(rows);
        memory = new WorkerMemory[runtime.Threads];
    }

    public MarkovStatistics Run(Chain chain)
    {
        int stride = PaddedRows.Stride(chain.States), cells = chain.States * stride;
        buffers ??= new ChainBuffers(stride);
        ChainPasses passes = new(chain, rows, runtime, knownStates, scaled, buffers);
        Part total = new(stride, cells, chain.Densities.StatisticsLength);
        foreach (ChainBatch batch in batches)
        {
            passes.Run(batch, backward: true);
            int blocks = (batch.Rows + ChainPasses.BlockRows - 1) / ChainPasses.BlockRows;
            int count = Math.Min(blocks, Math.Clamp(MostPartValues / chain.Densities.StatisticsLength, 4, MostParts));
            while (parts.Length < count) parts = [.. parts, new Part(stride, cells, chain.Densities.StatisticsLength)];
            runtime.For(count, (part, worker) =>
            {
                parts[part].Clear();
                WorkerMemory own = memory[worker] ??= new WorkerMemory(stride, chain.Densities.Stride);
                for (int block = (int)((long)blocks * part / count); block < (int)((long)blocks * (part + 1) / count); block++)
                    AddBlock(chain, passes, batch, block * ChainPasses.BlockRows, Math.Min(ChainPasses.BlockRows, batch.Rows - block * ChainPasses.BlockRows), parts[part], own, worker);
            });
            for (int part = 0; part < count; part++) total.Add(parts[part]);
        }

        Matrix transitions = new(chain.States, chain.States);
        for (int i = 0; i < chain.States; i++)
            for (int j = 0; j < chain.States; j++) transitions[i, j] = chain.Transitions[i, j] * total.Products[i * stride + j] + total.Pairs[i * stride + j];
        return new MarkovStatistics(total.LogLikelihood, total.Starts[..chain.States], transitions, total.Occupancy[..chain.States], total.Emissions);
    }

    /// <summary>One weight per sequence: rows of a sequence cannot weigh differently, since what follows from a row depends on those before it.</summary>
    private static double[] WeightsOfSequences(Observations rows)
    {
        ReadOnlySpan<double> weights = rows.Weights;
        if (weights.IsEmpty) return [];
        int[] lengths = ChainBatch.Lengths(rows);
        double[] result = new double[lengths.Length];
        for (int s = 0, t = 0; s < lengths.Length; s++)
        {
            result[s] = weights[t];
            for (int end = t + lengths[s]; t < end; t++)
                if (weights[t] != result[s]) throw new ElboException($"Rows of sequence {s} of '{rows.Name}' weigh {result[s]} and {weights[t]}; give all rows of a sequence the same weight.");
        }

        return result;
    }

    private void AddBlock(Chain chain, ChainPasses passes, ChainBatch batch, int first, int count, Part part, WorkerMemory own, int worker)
    {
        ChainArithmetic arithmetic = passes.Arithmetic;
        int stride = arithmetic.Stride;
        Span<double> posteriors = own.Posteriors.AsSpan(0, count * stride), next = own.Next.AsSpan(0, count * stride), densities = own.Densities.AsSpan(0, count);
        arithmetic.LogDensity(first, densities);
        arithmetic.Posteriors(batch, first, posteriors, next);
        ReadOnlySpan<double> weights = sequenceWeights.Length == 0 ? default : sequenceWeights.AsSpan(batch.FirstSequence, batch.Sequences);
        int sequence = batch.SequenceOf(first);
        for (int t = 0; t < count; t++)
        {
            if (double.IsNegativeInfinity(densities[t]))
                throw new ElboException($"Row {batch.FirstRow + first + t} of '{rows.Name}' is impossible given the rows before it: every path of the start model to it has probability 0; give a start without such zeros, or correct the row.");
            if (first + t == batch.Starts[sequence + 1]) sequence++;
            bool starts = first + t == batch.Starts[sequence];
            if (!weights.IsEmpty)
            {
                double weight = weights[sequence];
                densities[t] *= weight;
                foreach (ref double value in posteriors.Slice(t * stride, stride)) value *= weight;
                foreach (ref double value in next.Slice(t * stride, stride)) value *= weight;
            }

            part.LogLikelihood += densities[t];
            if (starts) PaddedRows.Add(posteriors.Slice(t * stride, stride), part.Starts);
        }

        WeightedSums.AddRows(posteriors, stride, part.Occupancy);
        WeightedSums.AddOuterProducts(arithmetic.ForwardRows(first, count, own.Forward), next, chain.States, stride, part.Products);
        arithmetic.AddTransitions(batch, first, count, weights, part.Pairs);
        ReadOnlySpan<double> values = passes.Read(batch.FirstRow + first, count, worker);
        if (chain.Ties is null)
        {
            chain.Densities.Accumulate(values, posteriors, part.Emissions);
            return;
        }

        int shared = chain.Densities.Stride;
        Span<double> joined = own.Joined.AsSpan(0, count * shared);
        joined.Clear();
        for (int t = 0; t < count; t++)
            for (int k = 0; k < chain.States; k++) joined[t * shared + chain.Ties[k]] += posteriors[t * stride + k];
        chain.Densities.Accumulate(values, joined, part.Emissions);
    }

    private sealed class WorkerMemory(int stride, int emissionStride)
    {
        public double[] Posteriors { get; } = new double[ChainPasses.BlockRows * stride];

        public double[] Next { get; } = new double[ChainPasses.BlockRows * stride];

        public double[] Forward { get; } = new double[ChainPasses.BlockRows * stride];

        public double[] Joined { get; } = new double[ChainPasses.BlockRows * emissionStride];

        public double[] Densities { get; } = new double[ChainPasses.BlockRows];
    }

    /// <summary>The sums over some blocks of rows, added up in the order of the blocks.</summary>
    private sealed class Part(int stride, int cells, int emissions)
    {
        public double LogLikelihood { get; set; }

        public double[] Starts { get; } = new double[stride];

        public double[] Occupancy { get; } = new double[stride];

        /// <summary>Σ aᵢ uⱼ: the expected transitions, still to be multiplied by A.</summary>
        public double[] Products { get; } = new double[cells];

        /// <summary>Expected transitions that were added one by one.</summary>
        public double[] Pairs { get; } = new double[cells];

        public double[] Emissions { get; } = new double[emissions];

        public void Clear()
        {
            LogLikelihood = 0;
            foreach (double[] sums in (ReadOnlySpan<double[]>)[Starts, Occupancy, Products, Pairs, Emissions]) Array.Clear(sums);
        }

        public void Add(Part other)
        {
            LogLikelihood += other.LogLikelihood;
            AddTo(Starts, other.Starts);
            AddTo(Occupancy, other.Occupancy);
            AddTo(Products, other.Products);
            AddTo(Pairs, other.Pairs);
            AddTo(Emissions, other.Emissions);
        }

        private static void AddTo(double[] sum, double[] term)
        {
            for (int i = 0; i < sum.Length; i++) sum[i] += term[i];
        }
    }
}
