using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Draws counts.</summary>
internal static class PoissonDraw
{
    /// <summary>
    /// A draw from Poisson(rate): by inversion up to rate 10; above it by Hörmann's transformed rejection PTRS ("The transformed rejection
    /// method for generating Poisson random variables", 1993).
    /// </summary>
    public static double Next(double rate, RandomStream random)
    {
        if (rate < 10) return Inversion(rate, random.Uniform(0));
        double slope = 0.931 + 2.53 * Math.Sqrt(rate), offset = -0.059 + 0.02483 * slope;
        double inverse = 1.1239 + 1.1328 / (slope - 3.4), accept = 0.9277 - 3.6224 / (slope - 2);
        double logRate = Math.Log(rate);
        Span<double> gamma = stackalloc double[1];
        for (ulong i = 0; ; i++)
        {
            double u = random.Uniform(2 * i) - 0.5, v = random.Uniform(2 * i + 1);
            double distance = 0.5 - Math.Abs(u);
            double k = Math.Floor((2 * offset / distance + slope) * u + rate + 0.43);
            if (distance >= 0.07 && v <= accept) return k;
            if (k < 0 || (distance < 0.013 && v > distance)) continue;
            gamma[0] = k + 1;
            VectorMath.LogGamma(gamma, gamma);
            if (Math.Log(v) + Math.Log(inverse) - Math.Log(offset / (distance * distance) + slope) <= k * logRate - rate - gamma[0]) return k;
        }
    }

    private static double Inversion(double rate, double uniform)
    {
        double term = Math.Exp(-rate), sum = term;
        int k = 0;
        // The sum stops growing at the last digit of 1, far in the tail.
        while (uniform > sum && k < 200) sum += term *= rate / ++k;
        return k;
    }
}
