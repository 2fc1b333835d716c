using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>A distribution under which the elements of an event are independent: ln p(x) = Σᵢ ln p(xᵢ).</summary>
public abstract class FactorizedDistribution : Distribution
{
    /// <inheritdoc cref="Distribution(Shape, int)"/>
    protected FactorizedDistribution(Shape shape, int eventRank) : base(shape, eventRank) { }

    /// <summary>ln p(xᵢ) in nats for each element, <c>[..., batch..., event...]</c>.</summary>
    public abstract Tensor LogDensityPerElement(Tensor value);

    /// <summary>The entropy of each element in nats; it broadcasts to <c>[batch..., event...]</c>.</summary>
    public abstract Tensor EntropyPerElement();

    /// <inheritdoc/>
    public sealed override Tensor LogDensity(Tensor value) => SumOverEvent(LogDensityPerElement(value));

    /// <inheritdoc/>
    public sealed override Tensor Entropy() => SumOverEvent(EntropyPerElement());
}
