using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>Draws from Gamma, Dirichlet, Poisson and χ² distributions, one at a time; each uses up a stream of its own.</summary>
internal static class ConjugateDraws
{
    /// <summary>A draw from Gamma(shape, 1) (Marsaglia and Tsang, "A simple method for generating gamma variables", 2000); ln of it, since small shapes underflow.</summary>
    public static double LogGamma(double shape, RandomStream random)
    {
        RandomStream normals = random.Split(0), uniforms = random.Split(1);
        // Gamma(a) = Gamma(a + 1)·U^(1/a).
        double boost = shape < 1 ? Math.Log(uniforms.Uniform(0)) / shape : 0;
        double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        for (ulong i = 0; ; i++)
        {
            double x = normals.Normal(i), v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(uniforms.Uniform(i + 1)) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return Math.Log(d * v) + boost;
        }
    }

    /// <summary>A draw from Gamma(shape, rate).</summary>
    public static double Gamma(double shape, double rate, RandomStream random) => Math.Exp(LogGamma(shape, random)) / rate;

    /// <summary>A draw from Dirichlet(a).</summary>
    public static void Dirichlet(ReadOnlySpan<double> concentrations, RandomStream random, Span<double> result)
    {
        for (int k = 0; k < concentrations.Length; k++) result[k] = LogGamma(concentrations[k], random.Split((ulong)k));
        VectorMath.NormalizeLogWeights(result);
    }

    /// <summary>A draw from Poisson(mean), by counting exponential waiting times: its cost grows with the mean.</summary>
    public static int Poisson(double mean, RandomStream random)
    {
        double time = 0;
        for (int count = 0; ; count++)
        {
            time -= Math.Log(random.Uniform((ulong)count));
            if (time > mean) return count;
        }
    }
}
