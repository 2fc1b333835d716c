using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>
/// A code z = f(x) instead of a distribution: the classical autoencoder (Hinton and Salakhutdinov 2006), and with
/// <paramref name="Active"/> the k-sparse one (Makhzani and Frey 2013, arXiv 1312.5663), which keeps the k largest entries of each code.
/// </summary>
/// <param name="Activation">The function on the code.</param>
/// <param name="Active">k: how many entries of a code are kept, the others become 0; null for all.</param>
public sealed record DeterministicPosterior(ActivationKind Activation = ActivationKind.Identity, int? Active = null) : Posterior
{
    /// <inheritdoc/>
    public override PosteriorHead Declare(PosteriorSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        if (Active is { } k && (k < 1 || k > site.Latent))
            throw new ElboException($"A k-sparse code keeps between 1 and all {site.Latent} of its entries, but active is {k}.");
        Dense code = site.Linear("code", site.Latent);
        return new PosteriorHead(code.Parameters, (features, context) =>
        {
            Tensor value = Networks.Activation.Apply(Activation, code.Apply(features, context));
            return new PointMass(Active is { } active && active < site.Latent ? KeepLargest(value, active) : value);
        })
        {
            SquaredJacobian = Active is null ? (features, context) => SquaredJacobian(code, features, context) : null,
        };
    }

    /// <summary>Zeroes all but the k largest entries of each row; entries equal to the k-th largest all stay.</summary>
    internal static Tensor KeepLargest(Tensor value, int k)
    {
        Tensor constant = value.StopGradient();
        // The k-th largest distinct value by taking the maximum k times: k short passes, and exact where a bisection is not.
        Tensor threshold = constant.Max(-1, true);
        for (int i = 1; i < k; i++)
            threshold = Tensor.Where(threshold.Greater(constant), constant, double.NegativeInfinity).Max(-1, true);
        return Tensor.Where(constant.GreaterOrEqual(threshold), value, 0.0);
    }

    // ∂zⱼ/∂hᵢ = f′(aⱼ)·Wᵢⱼ, so the squared Frobenius norm is Σⱼ f′(aⱼ)²·Σᵢ Wᵢⱼ²: Rifai et al. 2011, eq. 5.
    private Tensor SquaredJacobian(Dense code, Tensor features, LayerContext context)
    {
        Tensor before = code.Apply(features, context);
        Tensor slope = Networks.Activation.Apply(Activation, before).Sum().Gradients(before)[0];
        return (slope.Square() * code.Weight.Value.Square().Sum(0)).Sum(-1);
    }
}
