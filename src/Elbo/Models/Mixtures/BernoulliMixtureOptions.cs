namespace Elbo.Models;

/// <summary>What Bernoulli mixture to fit, and from where. Parameters to start from: <c>weights</c> <c>[K]</c>, <c>probabilities</c> <c>[K, D]</c>.</summary>
public sealed record BernoulliMixtureOptions : MixtureOptions
{
    private protected override string Kind => BernoulliMixture.KindName;
}
