namespace Elbo.Numerics;

/// <summary>Scalar functions in double precision, for the reference evaluator and for constants; the vectorised ones are kernels.</summary>
internal static class SpecialFunctions
{
    public static double Sigmoid(double x)
    {
        // e^x of the negative side only, so nothing overflows.
        if (x >= 0) return 1 / (1 + Math.Exp(-x));
        double e = Math.Exp(x);
        return e / (1 + e);
    }

    public static double Softplus(double x) => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x)));

    public static double Erf(double x) => MathNet.Numerics.SpecialFunctions.Erf(x);

    public static double Erfc(double x) => MathNet.Numerics.SpecialFunctions.Erfc(x);

    public static double Gelu(double x) => x * 0.5 * Erfc(-x * Math.Sqrt(0.5));

    public static double NormalQuantile(double p) => -Math.Sqrt(2) * MathNet.Numerics.SpecialFunctions.ErfcInv(2 * p);

    public static double LogGamma(double x) => MathNet.Numerics.SpecialFunctions.GammaLn(x);

    public static double Digamma(double x) => MathNet.Numerics.SpecialFunctions.DiGamma(x);

    /// <summary>The derivative of digamma for x &gt; 0: recurrence up to 10, then the asymptotic series (Abramowitz and Stegun 6.4.12), whose first left-out term is below 1e-15 there.</summary>
    public static double Trigamma(double x)
    {
        if (!(x > 0)) return double.NaN;
        double sum = 0;
        for (; x < 10; x++) sum += 1 / (x * x);
        double r = 1 / (x * x);
        return sum + 1 / x + r / 2 + r / x * (1.0 / 6 - r * (1.0 / 30 - r * (1.0 / 42 - r * (1.0 / 30 - r * (5.0 / 66 - r * (691.0 / 2730 - r * 7.0 / 6))))));
    }
}
