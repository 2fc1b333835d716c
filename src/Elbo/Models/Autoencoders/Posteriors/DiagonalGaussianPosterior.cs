using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>q(z|x) = N(μ(x), diag σ²(x)): Kingma and Welling 2013, eq. 9.</summary>
/// <param name="Scale">How the second head becomes σ.</param>
public sealed record DiagonalGaussianPosterior(ScaleHead Scale = ScaleHead.LogVariance) : Posterior
{
    /// <inheritdoc/>
    public override PosteriorHead Declare(PosteriorSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        Dense mean = site.Linear("mean", site.Latent);
        Dense scale = site.Linear(Scale switch
        {
            ScaleHead.LogVariance => "logVariance",
            ScaleHead.LogScale => "logScale",
            _ => "scale",
        }, site.Latent);
        return new PosteriorHead([.. mean.Parameters, .. scale.Parameters], (features, context) =>
        {
            Tensor location = mean.Apply(features, context), output = scale.Apply(features, context);
            return Scale switch
            {
                ScaleHead.LogVariance => Normal.FromLogVariance(location, output),
                ScaleHead.LogScale => Normal.FromLogScale(location, output),
                _ => new Normal(location, output.Softplus()),
            };
        });
    }
}
