using Elbo.Models.Autoencoders;
using Elbo.Training;

namespace Elbo.Cli.Recipes;

/// <summary>An experiment as data: rows, model, training, and what the literature says it should come to.</summary>
internal sealed record Recipe
{
    /// <summary>One line for people.</summary>
    public string? Title { get; init; }

    /// <summary>Where the experiment comes from.</summary>
    public string? Source { get; init; }

    /// <summary>What to fit.</summary>
    public DataRecipe Data { get; init; } = new();

    /// <summary>What to fit to it.</summary>
    public AutoencoderDefinition Model { get; init; } = new();

    /// <summary>How to train.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How to measure the result.</summary>
    public EvaluationRecipe Evaluation { get; init; } = new();

    /// <summary>What 'elbo reproduce --short' changes: values by path, as with --set.</summary>
    public IReadOnlyDictionary<string, System.Text.Json.JsonElement>? Short { get; init; }

    /// <summary>Figures to compare with.</summary>
    public IReadOnlyList<PublishedFigure>? Published { get; init; }

    /// <summary>Where, when and by what a run was made; only in run folders.</summary>
    public MadeRecord? Made { get; init; }
}

/// <summary>How to measure a result.</summary>
/// <param name="Samples">The draws of z for each row in the bound.</param>
/// <param name="ImportanceSamples">The draws of z for each row in log p(x); 0 to leave it out.</param>
internal sealed record EvaluationRecipe(int Samples = 1, int ImportanceSamples = 0);

/// <summary>A figure of the literature.</summary>
/// <param name="Figure">The figure, in nats per row, higher is better: log-likelihoods and bounds as they are, losses negated.</param>
/// <param name="Quantity">What it measures: <c>elbo</c>, <c>logLikelihood</c> or <c>reconstruction</c>.</param>
/// <param name="Protocol">How it was measured: binarisation, estimator, sample count.</param>
/// <param name="Source">Where it stands.</param>
/// <param name="Tolerance">How far below it a result may be and still count as reproduced, in nats.</param>
/// <param name="When">The values, by path, that a recipe must have for the figure to apply; null for any.</param>
internal sealed record PublishedFigure(
    double Figure, string Quantity, string Protocol, string Source, double Tolerance = 0, IReadOnlyDictionary<string, double>? When = null);
