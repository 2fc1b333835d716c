using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The scalars of the Student-t distribution: its normaliser, and its degrees of freedom.</summary>
internal static class StudentDegrees
{
    /// <summary>Below 1 the location is no longer what rows gather about, and with few rows the likelihood has no maximum.</summary>
    public const double Least = 1;

    /// <summary>A t of more degrees of freedom differs from a normal by less than rows can tell.</summary>
    public const double Most = 10_000;

    private const double LogTwoPi = 1.8378770664093454836, SeriesFrom = 16;

    private const int Bisections = 100;

    /// <summary>ln Γ((ν + d)/2) − ln Γ(ν/2) − (d/2) ln(νπ), to full precision for any ν: for large ν the terms cancel, and what stays is found from Stirling's series.</summary>
    public static double LogNormalizer(double degrees, int dimension)
    {
        double a = 0.5 * degrees, b = 0.5 * dimension;
        if (a >= SeriesFrom) return (a + b - 0.5) * Log1P(b / a) - b - b * LogTwoPi + Stirling(a + b) - Stirling(a);
        Span<double> gammas = [a + b, a];
        VectorMath.LogGamma(gammas, gammas);
        return gammas[0] - gammas[1] - b * Math.Log(degrees * Math.PI);
    }

    /// <summary>ψ(x) − ln x.</summary>
    public static double DigammaLessLog(double x)
    {
        Span<double> value = [x];
        VectorMath.Digamma(value, value);
        return value[0] - Math.Log(x);
    }

    /// <summary>
    /// The ν with ln(ν/2) − ψ(ν/2) + 1 + a = 0, at which the expected log density has its one maximum; the nearer end of the range where there is none within.
    /// </summary>
    /// <param name="average">a, the average over a component's rows of E[ln u − u], which is ln u − u + ψ((ν + d)/2) − ln((ν + d)/2) at the last ν.</param>
    /// <param name="last">The last ν, which the range takes in, so that the update cannot lower the likelihood.</param>
    public static double Solve(double average, double last)
    {
        double low = Math.Log(Math.Min(Least, last)), high = Math.Log(Math.Max(Most, last));
        double Slope(double log) => 1 + average - DigammaLessLog(0.5 * Math.Exp(log));
        // The slope falls with ν.
        if (Slope(high) >= 0) return Math.Exp(high);
        if (Slope(low) <= 0) return Math.Exp(low);
        for (int i = 0; i < Bisections; i++)
        {
            double middle = 0.5 * (low + high);
            if (middle <= low || middle >= high) break;
            if (Slope(middle) > 0) low = middle;
            else high = middle;
        }

        return Math.Exp(0.5 * (low + high));
    }

    /// <summary>ln(1 + x) to full relative precision (Kahan's correction of the rounding of 1 + x).</summary>
    public static double Log1P(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π): Stirling's series.</summary>
    private static double Stirling(double x)
    {
        double square = 1 / (x * x);
        return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188)))) / x;
    }
}
