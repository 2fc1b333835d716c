namespace Elbo.Inference;

/// <summary>A Beta distribution p(x) = xᵃ⁻¹ (1 − x)ᵇ⁻¹ / B(a, b) of one probability, as prior or as factor of a mean-field posterior.</summary>
/// <param name="A">a, positive: the weight of successes.</param>
/// <param name="B">b, positive: the weight of failures.</param>
public readonly record struct BetaFactor(double A, double B)
{
    /// <summary>E[x] = a/(a + b).</summary>
    public double Mean => A / (A + B);

    /// <summary>The variance ab/((a + b)²(a + b + 1)).</summary>
    public double Variance => A * B / ((A + B) * (A + B) * (A + B + 1));

    /// <summary>E[ln x] = ψ(a) − ψ(a + b).</summary>
    public double MeanLog => GammaFunctions.Digamma(A) - GammaFunctions.Digamma(A + B);

    /// <summary>E[ln(1 − x)] = ψ(b) − ψ(a + b).</summary>
    public double MeanLogComplement => GammaFunctions.Digamma(B) - GammaFunctions.Digamma(A + B);

    /// <summary>ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b).</summary>
    public double LogNormalizer => GammaFunctions.LogGamma(A) + GammaFunctions.LogGamma(B) - GammaFunctions.LogGamma(A + B);

    /// <summary>The entropy ln B(a, b) − (a − 1) E[ln x] − (b − 1) E[ln(1 − x)] in nats.</summary>
    public double Entropy => LogNormalizer - (A - 1) * MeanLog - (B - 1) * MeanLogComplement;

    /// <summary>ln p(x) in nats.</summary>
    /// <param name="x">A number between 0 and 1.</param>
    public double LogDensity(double x) => (A - 1) * Math.Log(x) + (B - 1) * double.LogP1(-x) - LogNormalizer;

    /// <summary>KL(this ‖ other) = ln B(a′, b′)/B(a, b) + (a − a′) E[ln x] + (b − b′) E[ln(1 − x)] in nats.</summary>
    /// <param name="other">The second argument: the prior.</param>
    public double Kl(BetaFactor other) => other.LogNormalizer - LogNormalizer + (A - other.A) * MeanLog + (B - other.B) * MeanLogComplement;

    /// <summary>The posterior after Bernoulli trials: Beta(a + successes, b + failures).</summary>
    /// <param name="successes">How many trials succeeded.</param>
    /// <param name="failures">How many failed.</param>
    public BetaFactor Observe(double successes, double failures) => new(A + successes, B + failures);

    /// <summary>ln p of Bernoulli trials in the order they came, the probability integrated out: ln B(a + successes, b + failures)/B(a, b) in nats.</summary>
    /// <param name="successes">How many trials succeeded.</param>
    /// <param name="failures">How many failed.</param>
    public double LogEvidence(double successes, double failures) => Observe(successes, failures).LogNormalizer - LogNormalizer;
}
