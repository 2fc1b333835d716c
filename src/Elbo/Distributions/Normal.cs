using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>The normal distribution N(μ, σ²) with independent elements: ln p(x) = −½((x − μ)/σ)² − ln σ − ½ ln 2π.</summary>
public sealed class Normal : FactorizedDistribution, IReparameterizable
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    private readonly Tensor _mean;

    private Normal(Tensor mean, Tensor scale, Tensor logScale, Shape shape, int eventRank) : base(shape, eventRank)
    {
        _mean = mean;
        Scale = scale;
        LogScale = logScale;
    }

    /// <summary>Creates N(mean, scale²).</summary>
    /// <param name="mean">μ; it broadcasts with <paramref name="scale"/> to <c>[batch..., event...]</c>.</param>
    /// <param name="scale">σ, positive.</param>
    /// <param name="eventRank">How many trailing dimensions form one event.</param>
    public Normal(Tensor mean, Tensor scale, int eventRank = 1)
        : this(mean, scale, scale?.Log()!, BroadcastShape(mean, scale!), eventRank) { }

    /// <summary>The standard deviation σ; it broadcasts to <see cref="Distribution.Shape"/>.</summary>
    public Tensor Scale { get; }

    /// <summary>ln σ; it broadcasts to <see cref="Distribution.Shape"/>.</summary>
    public Tensor LogScale { get; }

    /// <inheritdoc/>
    public override Tensor Mean => _mean.BroadcastTo(Shape);

    /// <summary>Creates the distribution from ln σ, which any real number is.</summary>
    public static Normal FromLogScale(Tensor mean, Tensor logScale, int eventRank = 1)
    {
        Shape shape = BroadcastShape(mean, logScale);
        return new(mean, logScale.Exp(), logScale, shape, eventRank);
    }

    /// <summary>Creates the distribution from ln σ², which any real number is.</summary>
    public static Normal FromLogVariance(Tensor mean, Tensor logVariance, int eventRank = 1) => FromLogScale(mean, logVariance * 0.5, eventRank);

    /// <summary>Creates N(0, 1) for every element of a shape.</summary>
    public static Normal Standard(Shape shape, int eventRank = 1) => new(0.0, 1.0, 0.0, shape, eventRank);

    /// <inheritdoc/>
    public override Tensor LogDensityPerElement(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return ((value - _mean) / Scale).Square() * -0.5 - LogScale - HalfLogTwoPi;
    }

    /// <summary>½ ln 2πe + ln σ.</summary>
    public override Tensor EntropyPerElement() => LogScale + (0.5 + HalfLogTwoPi);

    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => Reparameterize(Noise(key, leading)).StopGradient();

    /// <summary>Draws from N(0, 1).</summary>
    /// <inheritdoc/>
    public Tensor Noise(ulong key, params ReadOnlySpan<int> leading) => Tensor.RandomNormal(WithLeading(leading), key);

    /// <summary>μ + σ·ε.</summary>
    /// <inheritdoc/>
    public Tensor Reparameterize(Tensor noise) => _mean + Scale * noise;

    /// <inheritdoc/>
    protected internal override Tensor? KlPerElementTo(Distribution other)
    {
        if (other is not Normal p) return null;
        // With δ = ln σq − ln σp the variance part is ½(e^2δ − 1 − 2δ); expm1 keeps it exact to rounding when the two are close.
        Tensor ratio = (LogScale - p.LogScale) * 2.0;
        return (ratio.Expm1() - ratio + ((_mean - p._mean) / p.Scale).Square()) * 0.5;
    }

    private static Shape BroadcastShape(Tensor mean, Tensor scale)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(scale);
        return Shape.Broadcast(mean.Shape, scale.Shape);
    }
}
