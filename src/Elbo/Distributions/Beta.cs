using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// The Beta distribution on (0, 1) with independent elements: ln p(x) = (α − 1) ln x + (β − 1) ln(1 − x) − ln B(α, β), with
/// ln B(α, β) = ln Γ(α) + ln Γ(β) − ln Γ(α + β).
/// </summary>
/// <remarks>
/// A draw is G/(G + H) for Gamma draws G and H of shapes α and β, so its gradient is theirs, implicit:
/// Figurnov, Mohamed and Mnih 2018 (arXiv 1805.08498), section 4.
/// </remarks>
public sealed class Beta : FactorizedDistribution, IReparameterizable
{
    // A draw that float would round to 0 or 1, where the density has a pole, is moved to the last number before it.
    private const double SmallestDraw = 1.17549435e-38, LargestDraw = 1 - 5.9604644775390625e-8;

    /// <summary>Creates the distribution.</summary>
    /// <param name="concentration1">α, positive; it broadcasts with <paramref name="concentration0"/> to <c>[batch..., event...]</c>.</param>
    /// <param name="concentration0">β, positive; the mean is α/(α + β).</param>
    /// <param name="eventRank">How many trailing dimensions form one event.</param>
    public Beta(Tensor concentration1, Tensor concentration0, int eventRank = 1) : base(Shape.Broadcast(concentration1?.Shape!, concentration0?.Shape!), eventRank)
    {
        Concentration1 = concentration1!;
        Concentration0 = concentration0!;
    }

    /// <summary>α; it broadcasts to <see cref="Distribution.Shape"/>.</summary>
    public Tensor Concentration1 { get; }

    /// <summary>β; it broadcasts to <see cref="Distribution.Shape"/>.</summary>
    public Tensor Concentration0 { get; }

    /// <summary>α/(α + β).</summary>
    public override Tensor Mean => (Concentration1 / (Concentration1 + Concentration0)).BroadcastTo(Shape);

    /// <inheritdoc/>
    public override Tensor LogDensityPerElement(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return (Concentration1 - 1.0) * value.Log() + (Concentration0 - 1.0) * (-value).Log1p() - LogNormalizer();
    }

    /// <summary>ln B(α, β) − (α − 1)ψ(α) − (β − 1)ψ(β) + (α + β − 2)ψ(α + β).</summary>
    public override Tensor EntropyPerElement()
    {
        Tensor total = Concentration1 + Concentration0;
        return LogNormalizer() - (Concentration1 - 1.0) * Concentration1.Digamma() - (Concentration0 - 1.0) * Concentration0.Digamma() + (total - 2.0) * total.Digamma();
    }

    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => Reparameterize(Noise(key, leading)).StopGradient();

    /// <summary>Draws from the uniform distribution on (0, 1), two for each element: <c>[leading..., batch..., event..., 2]</c>.</summary>
    /// <inheritdoc/>
    public Tensor Noise(ulong key, params ReadOnlySpan<int> leading) => Tensor.RandomUniform([.. WithLeading(leading), 2], key);

    /// <summary>G/(G + H) as the sigmoid of ln G − ln H, so that two tiny draws still have a ratio.</summary>
    /// <inheritdoc/>
    public Tensor Reparameterize(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        Shape single = Shape.Create(noise.Shape.AsSpan()[..^1]);
        Tensor first = Concentration1.GammaLogQuantile(noise.Slice(-1, 0, 1).Reshape(single));
        Tensor second = Concentration0.GammaLogQuantile(noise.Slice(-1, 1, 1).Reshape(single));
        return WithinSupport((first - second).Sigmoid());
    }

    /// <summary>Numbers in [0, 1] with those at the ends moved inside.</summary>
    internal static Tensor WithinSupport(Tensor draws) => draws.Clamp(SmallestDraw, LargestDraw);

    /// <summary>ln B(α′, β′) − ln B(α, β) + (α − α′)ψ(α) + (β − β′)ψ(β) + (α′ − α + β′ − β)ψ(α + β).</summary>
    /// <inheritdoc/>
    protected internal override Tensor? KlPerElementTo(Distribution other)
    {
        if (other is not Beta p) return null;
        Tensor first = Concentration1 - p.Concentration1, second = Concentration0 - p.Concentration0;
        return p.LogNormalizer() - LogNormalizer() + first * Concentration1.Digamma() + second * Concentration0.Digamma()
            - (first + second) * (Concentration1 + Concentration0).Digamma();
    }

    private Tensor LogNormalizer() => Concentration1.LogGamma() + Concentration0.LogGamma() - (Concentration1 + Concentration0).LogGamma();
}
