using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The sizes and priors of a topic model, and how its posterior is found.</summary>
public sealed record LatentDirichletAllocationOptions
{
    /// <summary>K, the number of topics.</summary>
    public required int Topics { get; init; }

    /// <summary>α, the concentration of each topic in a document's proportions: any positive number; null for 1/K.</summary>
    public double? DocumentPrior { get; init; }

    /// <summary>η, the concentration of each word in a topic: any positive number; null for 1/K.</summary>
    public double? WordPrior { get; init; }

    /// <summary>The most updates of one document's proportions in one iteration.</summary>
    public int DocumentIterations { get; init; } = 100;

    /// <summary>A document's proportions are settled when the mean change of their K concentrations falls below this many counts.</summary>
    public double DocumentTolerance { get; init; } = 1e-3;

    /// <summary>
    /// Whether an iteration looks at each document anew, and keeps the better of that and of going on from its proportions so far; a document that finds nothing
    /// better pauses. Without it documents keep the topics that they chose while all were alike, and the fit ends far below.
    /// </summary>
    public bool RestartDocuments { get; init; } = true;

    /// <summary>λ to start from, <c>[K, V]</c>, all positive; null for draws from Gamma(100, 100).</summary>
    public Matrix? Start { get; init; }

    /// <summary>Stochastic updates from batches of documents; null for coordinate ascent on all documents at once.</summary>
    public StochasticOptions? Online { get; init; }

    internal void Check()
    {
        if (Topics < 1) throw new ElboException($"{Topics} topics were asked for; at least 1 is needed.");
        CheckPrior(DocumentPrior, "of a document's topics");
        CheckPrior(WordPrior, "of a topic's words");
        if (DocumentIterations < 1) throw new ElboException($"{DocumentIterations} iterations per document were asked for; at least 1 is needed.");
        if (!(DocumentTolerance >= 0)) throw new ElboException($"The tolerance per document is {DocumentTolerance}; give a number that is not negative.");
        Online?.Check();
    }

    private static void CheckPrior(double? value, string what)
    {
        if (value is { } given && !(given > 0 && double.IsFinite(given))) throw new ElboException($"The prior concentration {what} is {given}; give a positive number.");
    }
}
