using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>p(x|z) = Πᵢ N(xᵢ; μᵢ(z), σᵢ²): Kingma and Welling 2013, eq. 12, with the variance from one of four places.</summary>
/// <param name="Variance">Where σ comes from.</param>
/// <param name="Scale">The fixed σ, or where a learned one starts; positive.</param>
/// <param name="Mean">How the decoder's output becomes μ.</param>
/// <param name="MinimumLogScale">The least ln σ where it is learned; null for no limit. The default is about half a grey level of 256.</param>
public sealed record GaussianLikelihood(
    VarianceKind Variance = VarianceKind.Fixed,
    double Scale = 1,
    MeanKind Mean = MeanKind.Identity,
    double? MinimumLogScale = -6) : LocationScaleLikelihood(Variance, Scale, Mean, MinimumLogScale)
{
    /// <inheritdoc/>
    public override string Title => "Gaussian";

    /// <inheritdoc/>
    protected override Distribution Create(Tensor location, Tensor logScale, int eventRank) => Normal.FromLogScale(location, logScale, eventRank);
}
