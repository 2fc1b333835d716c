using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

public sealed partial class HiddenMarkovModel
{
    /// <inheritdoc/>
    public override void LogDensity(Observations rows, Span<double> result, Runtime runtime) => LogDensities(rows, runtime).CopyTo(result);

    /// <summary>ln p(x₁…x_T) of each sequence, in nats.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="runtime">The threads.</param>
    /// <returns>One value per sequence; −∞ of a sequence that the model cannot produce.</returns>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public double[] SequenceLogLikelihoods(Observations rows, Runtime runtime)
    {
        double[] densities = LogDensities(rows, runtime);
        int[] lengths = ChainBatch.Lengths(rows);
        double[] result = new double[lengths.Length];
        for (int i = 0, t = 0; i < lengths.Length; i++)
            for (int end = t + lengths[i]; t < end; t++) result[i] += densities[t];
        return result;
    }

    /// <summary>p(zₜ|x₁…x_T) of each row, <c>[N, K]</c>: the smoothed posteriors.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public override Matrix Encode(Observations rows, Runtime runtime) => Encode(rows, null, runtime);

    /// <summary>p(zₜ|x₁…x_T) of each row, given the states of some rows.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="knownStates">The state of each row, <c>[N]</c>, −1 where it is not known; null where none is.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows or states do not fit the model.</exception>
    public Matrix Encode(Observations rows, int[]? knownStates, Runtime runtime) =>
        Posteriors(rows, knownStates, runtime, backward: true, static (passes, batch, first, target) => passes.Arithmetic.Posteriors(batch, first, target, default));

    /// <summary>p(zₜ|x₁…xₜ) of each row, <c>[N, K]</c>: what is known of the state when the row arrives.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public Matrix Filter(Observations rows, Runtime runtime) =>
        Posteriors(rows, null, runtime, backward: false, static (passes, _, first, target) => passes.Arithmetic.Filtered(first, target));

    /// <summary>The posterior mean of each row's emission, <c>[N, D]</c>: Σ_k p(zₜ = k|x) E[x|z = k].</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public override Matrix Reconstruct(Observations rows, Runtime runtime)
    {
        Matrix means = Emission.Means, stateMeans = new(States, Columns);
        for (int k = 0; k < States; k++) means.Row(EmissionOf(k)).CopyTo(stateMeans.Row(k));
        return Encode(rows, runtime) * stateMeans;
    }

    /// <summary>
    /// Fills in missing values from both sides in time: with Σ_k p(zₜ = k|x) E[missing|observed, k], the most probable of categories, or with a joint draw of the path
    /// (backward from the filtered posteriors) and of the values given it.
    /// </summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="draw">Fills in a draw; null fills in the mean.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public override Matrix Impute(Observations rows, RandomStream? draw, Runtime runtime)
    {
        Matrix? posteriors = draw is null ? Encode(rows, runtime) : null;
        int[]? path = draw is { } stream ? SamplePath(rows, stream, runtime) : null;
        Matrix result = rows.ToMatrix();
        runtime.For((result.Rows + ChainPasses.BlockRows - 1) / ChainPasses.BlockRows, (part, _) =>
        {
            double[] filled = new double[Columns], mean = new double[Columns], shares = new double[Emission.Count];
            for (int t = part * ChainPasses.BlockRows; t < Math.Min(result.Rows, (part + 1) * ChainPasses.BlockRows); t++)
            {
                Span<double> row = result.Row(t);
                if (row.IndexOf(double.NaN) < 0) continue;
                if (path is not null)
                {
                    Emission.FillDraw(EmissionOf(path[t]), row, draw!.Value.Split((ulong)t + 1));
                    continue;
                }

                mean.AsSpan().Clear();
                shares.AsSpan().Clear();
                for (int k = 0; k < States; k++)
                {
                    row.CopyTo(filled);
                    Emission.FillMean(EmissionOf(k), filled);
                    shares[EmissionOf(k)] += posteriors![t, k];
                    for (int d = 0; d < Columns; d++) mean[d] += posteriors[t, k] * filled[d];
                }

                Emission.Settle(shares, row, mean);

                for (int d = 0; d < Columns; d++)
                    if (double.IsNaN(row[d])) row[d] = mean[d];
            }
        });
        return result;
    }

    /// <summary>A draw from p(z₁…z_T|x) for each sequence, one after the other, <c>[N]</c>.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="random">Where the draws come from.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public int[] SamplePath(Observations rows, RandomStream random, Runtime runtime)
    {
        Check(rows);
        int[] path = new int[rows.Rows];
        ChainPasses passes = new(this, rows, runtime);
        double[] weights = new double[passes.Arithmetic.Stride];
        foreach (ChainBatch batch in ChainBatch.Cut(rows))
        {
            passes.Run(batch, backward: false);
            for (int s = 0; s < batch.Sequences; s++)
            {
                for (int t = batch.Starts[s + 1] - 1; t >= batch.Starts[s]; t--)
                {
                    int row = batch.FirstRow + t;
                    if (t == batch.Starts[s + 1] - 1) passes.Arithmetic.Filtered(t, weights);
                    else passes.Arithmetic.GivenNext(t, path[row + 1], weights);
                    path[row] = Choice.Next(weights.AsSpan(0, States), random.Uniform((ulong)row));
                }
            }
        }

        return path;
    }

    /// <inheritdoc/>
    public override Matrix Sample(int count, RandomStream random) => SampleWithStates(count, random).Rows;

    /// <summary>Draws one sequence and the path that made it.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="random">Where the draws come from.</param>
    /// <returns>The states, <c>[count]</c>, and the rows, <c>[count, D]</c>.</returns>
    public (int[] States, Matrix Rows) SampleWithStates(int count, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] states = new int[count];
        Matrix rows = new(count, Columns);
        RandomStream path = random.Split(0), values = random.Split(1);
        for (int t = 0; t < count; t++)
        {
            states[t] = Choice.Next(t == 0 ? StartValues : TransitionValues.Row(states[t - 1]), path.Uniform((ulong)t));
            rows.Row(t).Fill(double.NaN);
            Emission.FillDraw(EmissionOf(states[t]), rows.Row(t), values.Split((ulong)t));
        }

        return (states, rows);
    }

    internal void Check(Observations rows)
    {
        CheckColumns(rows);
        Emission.Check(rows);
    }

    private double[] LogDensities(Observations rows, Runtime runtime)
    {
        Check(rows);
        double[] result = new double[rows.Rows];
        ChainPasses passes = new(this, rows, runtime);
        passes.ForEachBlock(backward: false, (batch, first, count) => passes.Arithmetic.LogDensity(first, result.AsSpan(batch.FirstRow + first, count)));
        return result;
    }

    private Matrix Posteriors(Observations rows, int[]? knownStates, Runtime runtime, bool backward, BlockPosteriors compute)
    {
        Check(rows);
        KnownStates.Check(knownStates, rows, States);
        Matrix result = new(checked((int)rows.Rows), States);
        ChainPasses passes = new(this, rows, runtime, knownStates);
        int stride = passes.Arithmetic.Stride;
        passes.ForEachBlock(backward, (batch, first, count) =>
        {
            Span<double> padded = new double[count * stride];
            compute(passes, batch, first, padded);
            for (int t = 0; t < count; t++) padded.Slice(t * stride, States).CopyTo(result.Row(batch.FirstRow + first + t));
        });
        return result;
    }

    private delegate void BlockPosteriors(ChainPasses passes, ChainBatch batch, int first, Span<double> target);
}
