using Elbo.Distributions;
using Elbo.Networks;

namespace Elbo.Models.Autoencoders;

/// <summary>p(z) = N(μ, diag σ²) with learned μ and ln σ, which start at 0.</summary>
public sealed record LearnedNormalPrior : Prior
{
    /// <inheritdoc/>
    public override PriorHead Declare(PriorSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        Parameter mean = new($"{site.Name}.mean", [site.Latent], Initializer.Zeros), logScale = new($"{site.Name}.logScale", [site.Latent], Initializer.Zeros);
        return new PriorHead([mean, logScale], (_, _) => Normal.FromLogScale(mean, logScale));
    }
}
