using Elbo.Distributions;

namespace Elbo.Models.Autoencoders;

/// <summary>p(z) = N(0, I).</summary>
public sealed record StandardNormalPrior : Prior
{
    /// <inheritdoc/>
    public override PriorHead Declare(PriorSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        Normal prior = Normal.Standard([site.Latent]);
        return new PriorHead([], (_, _) => prior);
    }
}
