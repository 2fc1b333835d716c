using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// The Gamma distribution on x &gt; 0 with independent elements, by its shape α and rate β:
/// ln p(x) = (α − 1) ln x − βx + α ln β − ln Γ(α).
/// </summary>
/// <remarks>
/// Draws are quantiles of uniform noise, so they are reparameterised; the gradient in α is implicit, ∂x/∂α = −(∂F/∂α)/p(x):
/// Figurnov, Mohamed and Mnih 2018 (arXiv 1805.08498), eq. 5 and 6.
/// </remarks>
public sealed class Gamma : FactorizedDistribution, IReparameterizable
{
    // The smallest normal float: a draw below it, likely only for α under about 0.1, is moved up to it so that ln x stays finite.
    private const double SmallestDraw = 1.17549435e-38;

    /// <summary>Creates the distribution.</summary>
    /// <param name="concentration">α, the shape, positive; it broadcasts with <paramref name="rate"/> to <c>[batch..., event...]</c>.</param>
    /// <param name="rate">β, positive; the mean is α/β.</param>
    /// <param name="eventRank">How many trailing dimensions form one event.</param>
    public Gamma(Tensor concentration, Tensor rate, int eventRank = 1) : base(Shape.Broadcast(concentration?.Shape!, rate?.Shape!), eventRank)
    {
        Concentration = concentration!;
        Rate = rate!;
    }

    /// <summary>α; it broadcasts to <see cref="Distribution.Shape"/>.</summary>
    public Tensor Concentration { get; }

    /// <summary>β; it broadcasts to <see cref="Distribution.Shape"/>.</summary>
    public Tensor Rate { get; }

    /// <summary>α/β.</summary>
    public override Tensor Mean => (Concentration / Rate).BroadcastTo(Shape);

    /// <inheritdoc/>
    public override Tensor LogDensityPerElement(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return (Concentration - 1.0) * value.Log() - Rate * value + Concentration * Rate.Log() - Concentration.LogGamma();
    }

    /// <summary>α − ln β + ln Γ(α) + (1 − α)ψ(α).</summary>
    public override Tensor EntropyPerElement() =>
        Concentration - Rate.Log() + Concentration.LogGamma() + (1.0 - Concentration) * Concentration.Digamma();

    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => Reparameterize(Noise(key, leading)).StopGradient();

    /// <summary>Draws from the uniform distribution on (0, 1).</summary>
    /// <inheritdoc/>
    public Tensor Noise(ulong key, params ReadOnlySpan<int> leading) => Tensor.RandomUniform(WithLeading(leading), key);

    /// <summary>F⁻¹(u; α)/β.</summary>
    /// <inheritdoc/>
    public Tensor Reparameterize(Tensor noise) => (Concentration.GammaLogQuantile(noise).Exp() / Rate).Maximum(SmallestDraw);

    /// <summary>(α − α′)ψ(α) − ln Γ(α) + ln Γ(α′) + α′(ln β − ln β′) + α(β′/β − 1).</summary>
    /// <inheritdoc/>
    protected internal override Tensor? KlPerElementTo(Distribution other) => other is Gamma p
        ? (Concentration - p.Concentration) * Concentration.Digamma() - Concentration.LogGamma() + p.Concentration.LogGamma()
            + p.Concentration * (Rate.Log() - p.Rate.Log()) + Concentration * (p.Rate / Rate - 1.0)
        : null;
}
