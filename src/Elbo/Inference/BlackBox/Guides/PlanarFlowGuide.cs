using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>A diagonal normal bent by planar layers: Rezende and Mohamed 2015 (arXiv 1505.05770), section 4.1. All data share the layers; each has its own normal.</summary>
/// <param name="Layers">The number of layers, at least 1.</param>
/// <param name="Scale">The standard deviation at the start.</param>
/// <param name="Start">The mean at the start, D numbers; null for zeros.</param>
public sealed record PlanarFlowGuide(int Layers = 8, double Scale = 1, IReadOnlyList<double>? Start = null) : Guide
{
    /// <summary>False: a planar layer has no inverse in closed form.</summary>
    public override bool HasDensity => false;

    /// <inheritdoc/>
    public override GuideParameters Declare(Shape batch, int size)
    {
        if (Layers < 1) throw new ElboException($"A flow needs at least 1 layer, not {Layers}.");
        Parameter mean = Location(batch, size, Start), logScale = LogScale(batch, size, Scale);
        (Parameter Direction, Parameter Normal, Parameter Offset)[] layers = [.. Enumerable.Range(0, Layers).Select(i => (
            new Parameter($"guide.{i}.direction", [size], Initializer.Normal(0.1)),
            new Parameter($"guide.{i}.normal", [size], Initializer.Normal(0.5)),
            new Parameter($"guide.{i}.offset", Shape.Scalar, Initializer.Constant(0))))];
        return new GuideParameters(
            [mean, logScale, .. layers.SelectMany(layer => new[] { layer.Direction, layer.Normal, layer.Offset })],
            value => new FlowDistribution(
                Normal.FromLogScale(value(mean), value(logScale)),
                [.. layers.Select(layer => new PlanarLayer(value(layer.Direction), value(layer.Normal), value(layer.Offset)))]));
    }
}
