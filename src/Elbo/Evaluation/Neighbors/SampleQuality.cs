using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>
/// How much generated samples look like real ones, and how much of the real ones they cover, by balls around each row that reach to its k-th nearest neighbour in its own set.
/// </summary>
/// <param name="Precision">The share of samples in some real row's ball (Kynkäänniemi et al. 2019, arXiv 1904.06991, equations 1 and 2).</param>
/// <param name="Recall">The share of real rows in some sample's ball.</param>
/// <param name="Density">How many real rows' balls a sample lies in, over k, on average; about 1 for samples of the real distribution (Naeem et al. 2020, arXiv 2002.09797, equation 3).</param>
/// <param name="Coverage">The share of real rows whose ball holds a sample (the same, equation 4).</param>
/// <param name="Neighbors">k.</param>
public sealed record SampleQuality(double Precision, double Recall, double Density, double Coverage, int Neighbors)
{
    /// <summary>Compares features of samples with features of real rows.</summary>
    /// <param name="real">The real features, <c>[N, D]</c>.</param>
    /// <param name="samples">The samples' features, <c>[M, D]</c>.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="neighbors">k: 3 in the paper of precision and recall, 5 in the paper of density and coverage.</param>
    /// <exception cref="ElboException">The features differ in length, or a set has no more than k rows.</exception>
    public static SampleQuality Of(Matrix real, Matrix samples, Runtime runtime, int neighbors = 5)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(runtime);
        if (real.Columns != samples.Columns) throw new ElboException($"The features of real rows and samples have {real.Columns} and {samples.Columns} dimensions; use the same extractor for both.");
        double[] realRadii = Radii(real, neighbors, runtime), sampleRadii = Radii(samples, neighbors, runtime);
        int[] ballsOfReal = new int[samples.Rows];
        bool[] recalled = new bool[real.Rows], covered = new bool[real.Rows];
        new SquaredDistances(samples, runtime).ForEach(real, (row, squared) =>
        {
            double radius = realRadii[row];
            for (int j = 0; j < squared.Length; j++)
            {
                if (squared[j] < radius)
                {
                    Interlocked.Increment(ref ballsOfReal[j]);
                    covered[row] = true;
                }

                if (squared[j] < sampleRadii[j]) recalled[row] = true;
            }
        });
        return new SampleQuality(
            ballsOfReal.Average(static balls => balls > 0 ? 1.0 : 0),
            recalled.Average(static row => row ? 1.0 : 0),
            ballsOfReal.Average() / neighbors,
            covered.Average(static row => row ? 1.0 : 0),
            neighbors);
    }

    /// <summary>The squared distance to the k-th nearest other row.</summary>
    private static double[] Radii(Matrix rows, int neighbors, Runtime runtime) =>
        Array.ConvertAll(NearestNeighbors.Of(rows, rows, neighbors, runtime).Distances, static row => row[^1] * row[^1]);
}
