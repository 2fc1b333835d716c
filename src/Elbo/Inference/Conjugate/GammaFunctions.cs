using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>ln Γ and ψ of single numbers, by the engine's vectorised loops, so that a number has the same value alone and in a span.</summary>
internal static class GammaFunctions
{
    public static double LogGamma(double x)
    {
        VectorMath.LogGamma([x], new Span<double>(ref x));
        return x;
    }

    public static double Digamma(double x)
    {
        VectorMath.Digamma([x], new Span<double>(ref x));
        return x;
    }

    /// <summary>ln Γ_D(x) = ¼D(D − 1) ln π + Σ ln Γ(x + (1 − i)/2), i = 1 … D; x &gt; (D − 1)/2.</summary>
    public static double LogGamma(double x, int dimension)
    {
        double sum = 0.25 * dimension * (dimension - 1) * Math.Log(Math.PI);
        for (int i = 0; i < dimension; i++) sum += LogGamma(x - 0.5 * i);
        return sum;
    }

    /// <summary>The derivative of ln Γ_D: Σ ψ(x + (1 − i)/2), i = 1 … D.</summary>
    public static double Digamma(double x, int dimension)
    {
        double sum = 0;
        for (int i = 0; i < dimension; i++) sum += Digamma(x - 0.5 * i);
        return sum;
    }
}
