namespace Elbo.Inference;

/// <summary>A Gamma distribution p(x) = bᵃ xᵃ⁻¹ e⁻ᵇˣ / Γ(a) of one positive number, as prior or as factor of a mean-field posterior.</summary>
/// <param name="Shape">a, positive.</param>
/// <param name="Rate">b, positive: the inverse of the scale.</param>
public readonly record struct GammaFactor(double Shape, double Rate)
{
    /// <summary>E[x] = a/b.</summary>
    public double Mean => Shape / Rate;

    /// <summary>The variance a/b².</summary>
    public double Variance => Shape / (Rate * Rate);

    /// <summary>E[ln x] = ψ(a) − ln b.</summary>
    public double MeanLog => GammaFunctions.Digamma(Shape) - Math.Log(Rate);

    /// <summary>ln ∫ xᵃ⁻¹ e⁻ᵇˣ dx = ln Γ(a) − a ln b.</summary>
    public double LogNormalizer => GammaFunctions.LogGamma(Shape) - Shape * Math.Log(Rate);

    /// <summary>The entropy a − ln b + ln Γ(a) + (1 − a)ψ(a) in nats.</summary>
    public double Entropy => Shape - Math.Log(Rate) + GammaFunctions.LogGamma(Shape) + (1 - Shape) * GammaFunctions.Digamma(Shape);

    /// <summary>ln p(x) in nats.</summary>
    /// <param name="x">A positive number.</param>
    public double LogDensity(double x) => (Shape - 1) * Math.Log(x) - Rate * x - LogNormalizer;

    /// <summary>KL(this ‖ other) = (a − a′)ψ(a) − ln Γ(a)/Γ(a′) + a′ ln b/b′ + a(b′ − b)/b in nats.</summary>
    /// <param name="other">The second argument: the prior.</param>
    public double Kl(GammaFactor other) =>
        (Shape - other.Shape) * GammaFunctions.Digamma(Shape) - GammaFunctions.LogGamma(Shape) + GammaFunctions.LogGamma(other.Shape)
        + other.Shape * Math.Log(Rate / other.Rate) + Shape * (other.Rate - Rate) / Rate;

    /// <summary>The posterior of the rate of Poisson counts, or of exponential waiting times with the roles exchanged: Gamma(a + total, b + exposure).</summary>
    /// <param name="total">The sum of the counts.</param>
    /// <param name="exposure">How many counts there are, or the time they cover.</param>
    public GammaFactor ObserveCounts(double total, double exposure) => new(Shape + total, Rate + exposure);

    /// <summary>The posterior of the precision of normal values around a known centre: Gamma(a + n/2, b + ½ Σ(x − μ)²).</summary>
    /// <param name="squares">Σ(x − μ)², or its expectation, for a mean-field update.</param>
    /// <param name="count">n, how many values there are.</param>
    public GammaFactor ObserveSquares(double squares, double count) => new(Shape + 0.5 * count, Rate + 0.5 * squares);
}
