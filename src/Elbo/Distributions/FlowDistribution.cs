using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>An invertible map of vectors, one layer of a flow.</summary>
public interface IFlowLayer
{
    /// <summary>The image and ln|det J| of the map: <c>[..., n]</c> to <c>[..., n]</c> and <c>[...]</c>.</summary>
    (Tensor Value, Tensor LogDeterminant) Forward(Tensor value);

    /// <summary>The preimage and ln|det J| of the map there; null where the inverse has no closed form.</summary>
    (Tensor Value, Tensor LogDeterminant)? Inverse(Tensor value);
}

/// <summary>
/// A base distribution sent through invertible layers: ln q(z) = ln q₀(z₀) − Σ ln|det ∂fₖ/∂zₖ₋₁|. Rezende and Mohamed 2015
/// (arXiv 1505.05770), eq. 5 to 7.
/// </summary>
public sealed class FlowDistribution : Distribution, IReparameterizable
{
    private readonly Normal _base;
    private readonly IReadOnlyList<IFlowLayer> _layers;

    /// <summary>Creates the distribution.</summary>
    /// <param name="start">q₀, over vectors <c>[batch..., n]</c>.</param>
    /// <param name="layers">The layers in the order of application.</param>
    public FlowDistribution(Normal start, IReadOnlyList<IFlowLayer> layers) : base(start?.Shape!, 1)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _base = start!;
        _layers = layers;
    }

    /// <summary>Not available in closed form: average draws.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean => throw new NotSupportedException("The mean of a flow has no closed form; average its draws.");

    /// <summary>ln q at any point, by inverting the layers.</summary>
    /// <exception cref="NotSupportedException">A layer has no inverse in closed form; only draws come with their density (<see cref="SampleWithLogDensity"/>).</exception>
    public override Tensor LogDensity(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Tensor point = value;
        Tensor? volume = null;
        for (int i = _layers.Count - 1; i >= 0; i--)
        {
            (Tensor before, Tensor logDeterminant) = _layers[i].Inverse(point)
                ?? throw new NotSupportedException($"{_layers[i].GetType().Name} has no inverse in closed form, so the density is known at draws only; use an estimator that needs no more, such as the reparameterised one, or coupling layers.");
            point = before;
            volume = volume is null ? logDeterminant : volume + logDeterminant;
        }

        Tensor density = _base.LogDensity(point);
        return volume is null ? density : density - volume;
    }

    /// <summary>Not available in closed form: average −ln q over draws.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Entropy() => throw new NotSupportedException("The entropy of a flow has no closed form; average −ln q over its draws.");

    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) => Reparameterize(Noise(key, leading)).StopGradient();

    /// <inheritdoc/>
    public Tensor Noise(ulong key, params ReadOnlySpan<int> leading) => _base.Noise(key, leading);

    /// <inheritdoc/>
    public Tensor Reparameterize(Tensor noise) => Push(noise).Value;

    /// <inheritdoc/>
    public override (Tensor Value, Tensor LogDensity) SampleWithLogDensity(ulong key, params ReadOnlySpan<int> leading) => Push(Noise(key, leading));

    private (Tensor Value, Tensor LogDensity) Push(Tensor noise)
    {
        Tensor value = _base.Reparameterize(noise), density = _base.LogDensity(value);
        foreach (IFlowLayer layer in _layers)
        {
            (value, Tensor logDeterminant) = layer.Forward(value);
            density -= logDeterminant;
        }

        return (value, density);
    }
}
