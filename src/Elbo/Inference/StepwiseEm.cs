using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// EM in small batches: after each batch the averages of the sufficient statistics move towards the batch's, s ← (1 − γ)s + γŝ with γₜ = (t + 1)^−0.6, and an M-step follows
/// (Cappé and Moulines, "On-line expectation-maximization algorithm for latent data models", 2009). One pass comes nearer the maximum than several iterations over all rows,
/// and no nearer than its noise; iterations over all rows take it from there.
/// </summary>
internal static class StepwiseEm
{
    private const double Decay = 0.6;

    /// <summary>One pass, the batches in random order.</summary>
    public static MixtureState Pass(Observations rows, MixtureState state, int batchRows, RandomStream random, Runtime runtime, CancellationToken cancellation)
    {
        int batches = checked((int)((rows.Rows + batchRows - 1) / batchRows));
        int[] order = [.. Enumerable.Range(0, batches)];
        for (int i = batches - 1; i > 0; i--)
        {
            int other = (int)random.Integer((uint)i + 1, (ulong)i);
            (order[i], order[other]) = (order[other], order[i]);
        }

        double[]? counts = null, statistics = null;
        int taken = 0;
        foreach (int batch in order)
        {
            if (cancellation.IsCancellationRequested) break;
            long first = (long)batch * batchRows;
            RowRange range = new(rows, first, (int)Math.Min(batchRows, rows.Rows - first));
            double weight = range.TotalWeight;
            if (weight == 0) continue;
            MixtureSums sums = MixtureEm.Expect(range, state.Weights, state.Family, runtime, moments: true);
            double step = Math.Pow(++taken, -Decay), scale = rows.TotalWeight / weight;
            counts ??= new double[sums.Counts.Length];
            statistics ??= new double[sums.Statistics.Length];
            Mix(counts, sums.Counts, step, scale);
            Mix(statistics, sums.Statistics, step, scale);
            MixtureState next = MixtureEm.Maximize(state, new MixtureSums(0, 0, counts, statistics));
            state.Family.Recenter(counts, statistics, next.Family);
            state = next;
        }

        return state;
    }

    private static void Mix(double[] average, double[] batch, double step, double scale)
    {
        for (int i = 0; i < average.Length; i++) average[i] = (1 - step) * average[i] + step * scale * batch[i];
    }
}
