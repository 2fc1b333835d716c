namespace Elbo.Inference;

/// <summary>
/// The extrapolation of SQUAREM: θ′ = θ₀ − 2αr + α²v with r = θ₁ − θ₀, v = (θ₂ − θ₁) − r and α = −‖r‖/‖v‖, scheme S3 of Varadhan and Roland, "Simple and globally
/// convergent methods for accelerating the convergence of any EM algorithm", 2008.
/// </summary>
internal static class SquaredStep
{
    /// <summary>Beyond it, a step leaves the region in which three points say anything of the curve.</summary>
    private const double Longest = 256;

    /// <summary>Extrapolates three successive points of a fixed-point iteration.</summary>
    /// <param name="first">θ₀.</param>
    /// <param name="second">θ₁.</param>
    /// <param name="third">θ₂.</param>
    /// <param name="shorten">How often to halve the way from α = −1, at which θ′ is θ₂, to α.</param>
    /// <returns>θ′; null where the points say nothing: they are alike, or already follow a line.</returns>
    public static double[]? Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<double> third, int shorten)
    {
        double steps = 0, bends = 0;
        for (int i = 0; i < first.Length; i++)
        {
            double r = second[i] - first[i], v = third[i] - second[i] - r;
            steps += r * r;
            bends += v * v;
        }

        if (!(steps > 0) || !(bends > 0) || !double.IsFinite(steps + bends)) return null;
        double alpha = -Math.Clamp(Math.Sqrt(steps / bends), 1, Longest);
        for (int i = 0; i < shorten; i++) alpha = (alpha - 1) / 2;
        if (alpha > -1.01) return null;
        double[] result = new double[first.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double r = second[i] - first[i], v = third[i] - second[i] - r;
            result[i] = first[i] - 2 * alpha * r + alpha * alpha * v;
        }

        return result;
    }
}
