namespace Elbo.Numerics;

/// <summary>
/// The regularised incomplete gamma function P(a, z) = ∫₀ᶻ p(t) dt of the density p(t) = tᵃ⁻¹e⁻ᵗ/Γ(a), its inverse, and how the inverse moves
/// with a. Everything is kept as a multiple of z·p(z), so that nothing underflows and every derivative is a sum.
/// </summary>
/// <remarks>
/// P = z·p(z)·S by the series of DLMF 8.7.1, and 1 − P = z·p(z)·C by the continued fraction of DLMF 8.9.2; ∂P/∂a follows by differentiating both term by term.
/// Up to a = 10⁴ the slope has 10 digits; it loses one with each further power of ten, where the draws themselves are nearly normal.
/// </remarks>
internal static class IncompleteGamma
{
    private const int MaxTerms = 200_000, MaxNewton = 100;

    /// <summary>w = ln z with P(a, z) = u, for a &gt; 0 and u in (0, 1); NaN elsewhere.</summary>
    public static double LogQuantile(double a, double u)
    {
        if (!(a > 0 && u > 0 && u < 1 && double.IsFinite(a))) return double.NaN;
        double logGamma = SpecialFunctions.LogGamma(a);
        bool lower = u <= 0.5;
        double target = lower ? Math.Log(u) : double.LogP1(-u), w = Start(a, u, logGamma);
        // ln P and ln(1 − P) are concave in w, because the density of w is log-concave: Newton's steps converge from any start.
        for (int step = 0; step < MaxNewton; step++)
        {
            (double value, double slope) = LogTail(a, w, logGamma, lower);
            double change = (value - target) / slope;
            w -= change;
            if (Math.Abs(change) <= 1e-15 * (1 + Math.Abs(w))) break;
        }

        return w;
    }

    /// <summary>∂w/∂a at a fixed u, for w = <see cref="LogQuantile"/>: −(∂P/∂a)/(z·p(z)), Figurnov et al. 2018 (arXiv 1805.08498), eq. 6.</summary>
    public static double LogQuantileSlope(double a, double w)
    {
        if (!(a > 0) || double.IsNaN(w)) return double.NaN;
        double z = Math.Exp(w), shift = w - SpecialFunctions.Digamma(a);
        if (z < a + 1)
        {
            (double series, double slope) = Series(a, z);
            return -(series * shift + slope);
        }

        (double fraction, double fractionSlope) = Fraction(a, z);
        return fraction * shift + fractionSlope;
    }

    private static double Start(double a, double u, double logGamma)
    {
        if (a >= 1)
        {
            // Wilson and Hilferty 1931: the cube root of a gamma variable is nearly normal.
            double root = 1 - 1 / (9 * a) + SpecialFunctions.NormalQuantile(u) / (3 * Math.Sqrt(a));
            if (root > 0.05) return Math.Log(a) + 3 * Math.Log(root);
        }

        // P(a, z) ≤ zᵃ/Γ(a + 1), with equality as z → 0.
        return (Math.Log(u) + logGamma + Math.Log(a)) / a;
    }

    /// <summary>ln P or ln(1 − P) at w, and its derivative in w.</summary>
    private static (double Value, double Slope) LogTail(double a, double w, double logGamma, bool lower)
    {
        double z = Math.Exp(w), logScale = a * w - z - logGamma;
        if (z < a + 1)
        {
            double series = Series(a, z).Value;
            if (lower) return (logScale + Math.Log(series), 1 / series);
            double rest = 1 - Math.Exp(logScale) * series;
            return (Math.Log(rest), -Math.Exp(logScale) / rest);
        }

        double fraction = Fraction(a, z).Value;
        if (!lower) return (logScale + Math.Log(fraction), -1 / fraction);
        double mass = 1 - Math.Exp(logScale) * fraction;
        return (Math.Log(mass), Math.Exp(logScale) / mass);
    }

    /// <summary>S = Σₙ zⁿ/(a(a + 1)…(a + n)) and ∂S/∂a.</summary>
    private static (double Value, double Slope) Series(double a, double z)
    {
        double term = 1 / a, harmonic = 1 / a, sum = term, slope = -term * harmonic;
        for (int n = 1; n < MaxTerms; n++)
        {
            term *= z / (a + n);
            harmonic += 1 / (a + n);
            sum += term;
            slope -= term * harmonic;
            if (term * harmonic <= 1e-17 * Math.Abs(slope)) break;
        }

        return (sum, slope);
    }

    /// <summary>C = 1/(z + 1 − a − 1(1 − a)/(z + 3 − a − 2(2 − a)/(z + 5 − a − …))) and ∂C/∂a, by Lentz's method on value and derivative at once.</summary>
    private static (double Value, double Slope) Fraction(double a, double z)
    {
        const double tiny = 1e-300;
        double b = z + 1 - a, c = 1 / tiny, cSlope = 0, d = 1 / b, dSlope = d * d, value = d, slope = dSlope;
        for (int n = 1; n < MaxTerms; n++)
        {
            double numerator = -n * (n - a);
            b += 2;
            cSlope = -1 + n / c - numerator * cSlope / (c * c);
            c = b + numerator / c;
            double denominator = numerator * d + b;
            dSlope = -(n * d + numerator * dSlope - 1) / (denominator * denominator);
            d = 1 / denominator;
            double factor = c * d, factorSlope = cSlope * d + c * dSlope;
            slope = slope * factor + value * factorSlope;
            value *= factor;
            if (Math.Abs(factor - 1) <= 4e-16 && Math.Abs(value * factorSlope) <= 1e-16 * (Math.Abs(slope) + value)) break;
        }

        return (value, slope);
    }
}
