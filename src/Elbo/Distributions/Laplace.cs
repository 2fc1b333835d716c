using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>The Laplace distribution with independent elements: ln p(x) = −|x − μ|/b − ln 2b.</summary>
public sealed class Laplace : FactorizedDistribution, IReparameterizable
{
    private static readonly double LogTwo = Math.Log(2);

    private readonly Tensor _mean;

    private Laplace(Tensor mean, Tensor scale, Tensor logScale, int eventRank) : base(Shape.Broadcast(mean.Shape, scale.Shape), eventRank)
    {
        _mean = mean;
        Scale = scale;
        LogScale = logScale;
    }

    /// <summary>Creates the distribution.</summary>
    /// <param name="mean">μ; it broadcasts with <paramref name="scale"/> to <c>[batch..., event...]</c>.</param>
    /// <param name="scale">b, positive; the variance is 2b².</param>
    /// <param name="eventRank">How many trailing dimensions form one event.</param>
    public Laplace(Tensor mean, Tensor scale, int eventRank = 1) : this(mean, scale, scale?.Log()!, eventRank) { }

    /// <summary>b; it broadcasts to <see cref="Distribution.Shape"/>.</summary>
    public Tensor Scale { get; }

    /// <summary>ln b; it broadcasts to <see cref="Distribution.Shape"/>.</summary>
    public Tensor LogScale { get; }

    /// <inheritdoc/>
    public override Tensor Mean => _mean.BroadcastTo(Shape);

    /// <summary>Creates the distribution from ln b, which any real number is.</summary>
    public static Laplace FromLogScale(Tensor mean, Tensor logScale, int eventRank = 1)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(logScale);
        return new(mean, logScale.Exp(), logScale, eventRank);
    }

    /// <inheritdoc/>
    public override Tensor LogDensityPerElement(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return -(value - _mean).Abs() / Scale - LogScale - LogTwo;
    }

    /// <summary>1 + ln 2b.</summary>
    public override Tensor EntropyPerElement() => LogScale + (1 + LogTwo);

    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => Reparameterize(Noise(key, leading)).StopGradient();

    /// <summary>Draws from the Laplace distribution with mean 0 and scale 1, by the inverse of its distribution function.</summary>
    /// <inheritdoc/>
    public Tensor Noise(ulong key, params ReadOnlySpan<int> leading)
    {
        Tensor uniform = Tensor.RandomUniform(WithLeading(leading), key);
        Tensor tail = (uniform.Minimum(1.0 - uniform) * 2.0).Log();
        return Tensor.Where(uniform.Greater(0.5), -tail, tail);
    }

    /// <summary>μ + b·ε.</summary>
    /// <inheritdoc/>
    public Tensor Reparameterize(Tensor noise) => _mean + Scale * noise;

    /// <inheritdoc/>
    protected internal override Tensor? KlPerElementTo(Distribution other)
    {
        if (other is not Laplace p) return null;
        // With r = b/b′ and d = |μ − μ′|/b: (r − 1 − ln r) + r(e^−d − 1 + d), both brackets non-negative and exact near zero by expm1.
        Tensor logRatio = LogScale - p.LogScale;
        Tensor distance = (_mean - p._mean).Abs() / Scale;
        return logRatio.Expm1() - logRatio + logRatio.Exp() * ((-distance).Expm1() + distance);
    }
}
