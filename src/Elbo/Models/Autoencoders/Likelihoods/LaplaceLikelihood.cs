using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>p(x|z) = Πᵢ Laplace(xᵢ; μᵢ(z), bᵢ): absolute instead of squared error, in nats.</summary>
/// <param name="Variance">Where b comes from.</param>
/// <param name="Scale">The fixed b, or where a learned one starts; positive.</param>
/// <param name="Mean">How the decoder's output becomes μ.</param>
/// <param name="MinimumLogScale">The least ln b where it is learned; null for no limit. The default is about half a grey level of 256.</param>
public sealed record LaplaceLikelihood(
    VarianceKind Variance = VarianceKind.Fixed,
    double Scale = 1,
    MeanKind Mean = MeanKind.Identity,
    double? MinimumLogScale = -6) : LocationScaleLikelihood(Variance, Scale, Mean, MinimumLogScale)
{
    /// <inheritdoc/>
    public override string Title => "Laplace";

    /// <inheritdoc/>
    protected override Distribution Create(Tensor location, Tensor logScale, int eventRank) => Laplace.FromLogScale(location, logScale, eventRank);
}
