using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// A diagonal normal bent by affine couplings that keep even and odd coordinates in turn: Dinh et al. 2017 (arXiv 1605.08803). It starts as the normal
/// itself. All data share the layers; each has its own normal.
/// </summary>
/// <param name="Layers">The number of couplings, at least 1.</param>
/// <param name="Hidden">The tanh units of each, at least 1.</param>
/// <param name="Scale">The standard deviation at the start.</param>
/// <param name="Start">The mean at the start, D numbers; null for zeros.</param>
public sealed record CouplingFlowGuide(int Layers = 6, int Hidden = 16, double Scale = 1, IReadOnlyList<double>? Start = null) : Guide
{
    /// <inheritdoc/>
    public override GuideParameters Declare(Shape batch, int size)
    {
        if (Layers < 1 || Hidden < 1) throw new ElboException($"A coupling flow needs at least 1 layer and 1 hidden unit, not {Layers} and {Hidden}.");
        if (size < 2) throw new ElboException("A coupling moves some dimensions by others, so z needs at least 2; use the planar flow for 1.");
        Parameter mean = Location(batch, size, Start), logScale = LogScale(batch, size, Scale);
        Parameter[][] layers = [.. Enumerable.Range(0, Layers).Select(i => new Parameter[]
        {
            new($"guide.{i}.weight", [size, Hidden], Initializer.GlorotUniform),
            new($"guide.{i}.bias", [Hidden], Initializer.Constant(0)),
            new($"guide.{i}.output", [Hidden, 2 * size], Initializer.Constant(0)),
            new($"guide.{i}.outputBias", [2 * size], Initializer.Constant(0)),
        })];
        return new GuideParameters([mean, logScale, .. layers.SelectMany(layer => layer)], value => new FlowDistribution(
            Normal.FromLogScale(value(mean), value(logScale)),
            [.. layers.Select((layer, i) => new CouplingLayer(Mask(size, i), value(layer[0]), value(layer[1]), value(layer[2]), value(layer[3])))]));
    }

    private static Tensor Mask(int size, int layer) => Tensor.Constant([size], [.. Enumerable.Range(0, size).Select(i => (i + layer) % 2 == 0 ? 1.0 : 0)]);
}
