namespace Elbo.Models;

/// <summary>What Poisson mixture to fit, and from where. Parameters to start from: <c>weights</c> <c>[K]</c>, <c>rates</c> <c>[K, D]</c>.</summary>
public sealed record PoissonMixtureOptions : MixtureOptions
{
    private protected override string Kind => PoissonMixture.KindName;
}
