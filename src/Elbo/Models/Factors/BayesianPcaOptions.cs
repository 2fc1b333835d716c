using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// What Bayesian PCA to fit: x = Wz + μ + ε, ε ~ N(0, I/τ), the columns of W ~ N(0, I/α_q), μ ~ N(m₀, I/λ), α_q ~ Gamma, τ ~ Gamma.
/// </summary>
public sealed record BayesianPcaOptions
{
    /// <summary>Q, the most factors, from 1 to D − 1; null for D − 1, of which those that are not needed are switched off.</summary>
    public int? Factors { get; init; }

    /// <summary>p(τ), of the precision of the noise.</summary>
    public GammaFactor NoisePrior { get; init; } = new(1e-3, 1e-3);

    /// <summary>p(α_q), of the relevance of each factor.</summary>
    public GammaFactor RelevancePrior { get; init; } = new(1e-3, 1e-3);

    /// <summary>λ, the precision of the prior of the mean, positive.</summary>
    public double MeanPrecision { get; init; } = 1e-3;

    /// <summary>m₀, <c>[D]</c>; null for the means of the rows.</summary>
    public IReadOnlyList<double>? MeanPrior { get; init; }

    /// <summary>A posterior to go on from: a warm start. It has the same factors and columns.</summary>
    public BayesianPca? StartModel { get; init; }

    internal void Check(int columns, string name)
    {
        if (Factors is { } factors && (factors < 1 || factors >= columns)) throw new ElboException($"{factors} factors were asked for, and '{name}' has {columns} columns; give a number from 1 to {columns - 1}.");
        if (columns < 2) throw new ElboException($"'{name}' has one column; principal components need at least two.");
        if (MeanPrior is { } mean && mean.Count != columns) throw new ElboException($"The prior mean has {mean.Count} values, and '{name}' has {columns} columns; give one per column.");
        foreach ((GammaFactor prior, string what) in (IEnumerable<(GammaFactor, string)>)[(NoisePrior, "the noise"), (RelevancePrior, "the relevances")])
        {
            if (!(prior.Shape > 0 && prior.Rate > 0 && double.IsFinite(prior.Shape) && double.IsFinite(prior.Rate)))
                throw new ElboException(FormattableString.Invariant($"The prior of {what} has shape {prior.Shape} and rate {prior.Rate}; give positive numbers."));
        }

        if (!(MeanPrecision > 0 && double.IsFinite(MeanPrecision))) throw new ElboException(FormattableString.Invariant($"The prior precision of the mean is {MeanPrecision}; give a positive number."));
        if (StartModel is null) return;
        if (StartModel.Columns != columns) throw new ElboException($"The model to start from has {StartModel.Columns} columns, and '{name}' has {columns}; give the columns that it was fitted on.");
        if (StartModel.Factors != (Factors ?? columns - 1)) throw new ElboException($"The model to start from has {StartModel.Factors} factors, and {Factors ?? columns - 1} were asked for; ask for the same.");
    }
}
