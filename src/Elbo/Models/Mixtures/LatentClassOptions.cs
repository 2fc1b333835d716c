namespace Elbo.Models;

/// <summary>What latent class model to fit, and from where. Parameters to start from: <c>weights</c> <c>[K]</c>, <c>probabilities</c> <c>[K, Σ L]</c>.</summary>
public sealed record LatentClassOptions : MixtureOptions
{
    /// <summary>The levels of each column and their names; null for the values that occur.</summary>
    public CategoryLevels? Levels { get; init; }

    /// <summary>Whether EM runs over the different rows with their counts rather than over all: the same answer to rounding, in less time.</summary>
    public bool Collapse { get; init; } = true;

    private protected override string Kind => LatentClassModel.KindName;
}
