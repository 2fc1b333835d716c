using Elbo.Models.Autoencoders;
using MathNet.Numerics;

namespace Elbo.Cli.Runs;

/// <summary>The axes along which to walk through latent space: where each has its centre, how far it reaches, and which matter most.</summary>
/// <param name="Centre">The prior's mean of each dimension.</param>
/// <param name="Scale">The prior's standard deviation of each dimension.</param>
/// <param name="Order">The dimensions, the most active first.</param>
/// <param name="IsPrior">Whether the axes are those of a prior; else they are those of the codes of the data.</param>
internal sealed record LatentFrame(float[] Centre, float[] Scale, int[] Order, bool IsPrior)
{
    private const int Draws = 10_000;
    private const int Rows = 2_000;

    public static LatentFrame Of(FittedRun run)
    {
        int size = run.Model.LatentSize;
        int[] order = Ranked(run, size);
        if (run.Definition.Prior is StandardNormalPrior && run.Model.HasBound) return new LatentFrame(new float[size], Enumerable.Repeat(1f, size).ToArray(), order, true);
        if (run.Model.HasBound) return Measured(LatentDecoder.DrawPrior(run, Draws, 1), size, order, true);
        (_, Data.DataSet rows) = RunData.Reported(run.Splits);
        return Measured(run.Evaluator.Encode(run.Rows(rows.Slice(0, Math.Min(Rows, rows.Rows)))), size, order, false);
    }

    /// <summary>Φ⁻¹(u), the place below which a standard normal number is with probability u.</summary>
    public static float Quantile(double u) => (float)(Math.Sqrt(2) * SpecialFunctions.ErfInv(2 * u - 1));

    private static int[] Ranked(FittedRun run, int size)
    {
        RunSummary? summary = RunSummary.TryLoad(run.Folder.FullPath);
        IReadOnlyList<double>? activity = summary?.KlPerDimension ?? summary?.LatentVariance;
        int[] dimensions = [.. Enumerable.Range(0, size)];
        // With two dimensions there is nothing to choose, and a plane that keeps its axes is easier to compare.
        return activity is null || activity.Count != size || size <= 2 ? dimensions : [.. dimensions.OrderByDescending(index => activity[index])];
    }

    private static LatentFrame Measured(float[] codes, int size, int[] order, bool isPrior)
    {
        int count = codes.Length / size;
        float[] centre = new float[size], scale = new float[size];
        for (int d = 0; d < size; d++)
        {
            double sum = 0, squares = 0;
            for (int i = 0; i < count; i++) sum += codes[i * size + d];
            double mean = sum / count;
            for (int i = 0; i < count; i++) squares += (codes[i * size + d] - mean) * (codes[i * size + d] - mean);
            centre[d] = (float)mean;
            scale[d] = (float)Math.Max(1e-6, Math.Sqrt(squares / count));
        }

        return new LatentFrame(centre, scale, order, isPrior);
    }
}
