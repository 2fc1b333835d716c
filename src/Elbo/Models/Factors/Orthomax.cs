using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// Rotation to simple structure, <c>max Σₖ [Σᵢ wᵢₖ⁴ − γ/D (Σᵢ wᵢₖ²)²]</c> with γ = 1 (varimax) or 0 (quartimax), one plane after the other: each plane's
/// best angle has a closed form (Kaiser, "The varimax criterion for analytic rotation in factor analysis", Psychometrika 1958).
/// </summary>
internal static class Orthomax
{
    private const int MaxSweeps = 1000;

    /// <summary>The rotated loadings: the factor that explains most first, each with a positive sum.</summary>
    public static Matrix Rotate(Matrix loadings, FactorRotation rotation)
    {
        if (rotation == FactorRotation.None) return loadings;
        double gamma = rotation == FactorRotation.Varimax ? 1 : 0;
        // Factors lie in rows here, so that a plane is two runs of memory.
        Matrix factors = loadings.Transpose();
        for (int sweep = 0; sweep < MaxSweeps; sweep++)
        {
            double largest = 0;
            for (int p = 0; p < factors.Rows; p++)
                for (int q = p + 1; q < factors.Rows; q++) largest = Math.Max(largest, Math.Abs(Turn(factors.Row(p), factors.Row(q), gamma)));
            if (largest < 1e-14) break;
        }

        return Ordered(factors);
    }

    private static double Turn(Span<double> x, Span<double> y, double gamma)
    {
        double a = 0, b = 0, c = 0, d = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double u = x[i] * x[i] - y[i] * y[i], v = 2 * x[i] * y[i];
            a += u;
            b += v;
            c += u * u - v * v;
            d += 2 * u * v;
        }

        double numerator = d - gamma * 2 * a * b / x.Length, denominator = c - gamma * (a * a - b * b) / x.Length;
        // A plane without a preferred angle, as one of two empty factors, stays where it is.
        if (Math.Abs(numerator) + Math.Abs(denominator) <= 1e-300) return 0;
        double angle = Math.Atan2(numerator, denominator) / 4;
        (double sine, double cosine) = Math.SinCos(angle);
        for (int i = 0; i < x.Length; i++) (x[i], y[i]) = (cosine * x[i] + sine * y[i], cosine * y[i] - sine * x[i]);
        return angle;
    }

    private static Matrix Ordered(Matrix factors)
    {
        int[] order = [.. Enumerable.Range(0, factors.Rows).OrderByDescending(k => VectorMath.Dot(factors.Row(k), factors.Row(k)))];
        Matrix result = new(factors.Columns, factors.Rows);
        for (int k = 0; k < order.Length; k++)
        {
            ReadOnlySpan<double> row = factors.Row(order[k]);
            double sum = 0;
            foreach (double value in row) sum += value;
            for (int i = 0; i < row.Length; i++) result[i, k] = sum < 0 ? -row[i] : row[i];
        }

        return result;
    }
}
