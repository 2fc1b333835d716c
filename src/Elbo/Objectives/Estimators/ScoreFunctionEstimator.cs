using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The score function estimator ∇E_q[f] = E_q[(f(z) − b)·∇ln q(z) + ∇f(z)]: Williams 1992 (REINFORCE), eq. 4; Mohamed et al. 2020
/// (arXiv 1906.10652), eq. 13 and 15. It needs nothing but ln q and values of f.
/// </summary>
/// <remarks>
/// Where the expectation says how f splits, each factor's score is weighed only by the terms that depend on it: Rao-Blackwellisation,
/// Ranganath, Gerrish and Blei 2014 (arXiv 1401.0118), eq. 5. Any b that does not depend on the draw it weighs leaves the mean alone.
/// </remarks>
/// <param name="baseline">b; null for none.</param>
/// <param name="samples">S, the draws for each member of the batch.</param>
public sealed class ScoreFunctionEstimator(Baseline? baseline = null, int samples = 1) : GradientEstimator(samples)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => baseline?.Parameters ?? [];

    /// <inheritdoc/>
    public override Estimate Build(Expectation expectation, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        ArgumentNullException.ThrowIfNull(context);
        Distribution q = expectation.Distribution;
        Tensor draws = q.Sample(context.NextKey(), Samples);
        Tensor values, weights, scores;
        if (expectation.Split is { } split)
        {
            if (q is not FactorizedDistribution factors || q.EventRank != 1)
                throw new ElboException($"A split function needs a distribution of independent elements with event rank 1, but {q.GetType().Name} has shape {q.Shape} and event rank {q.EventRank}; leave the split out.");
            Tensor terms = split.Terms(draws);
            values = terms.Sum(-1);
            weights = split.PerElement(terms);
            scores = factors.LogDensityPerElement(draws);
        }
        else
        {
            values = weights = Evaluate(expectation, draws);
            scores = q.LogDensity(draws);
        }

        weights = weights.StopGradient();
        BaselineTerms terms0 = baseline?.Build(weights, expectation, context) ?? new BaselineTerms(0.0, null);
        Tensor surrogate = (weights - terms0.Value.StopGradient()) * scores;
        if (expectation.Split is not null) surrogate = surrogate.Sum(-1);
        return new Estimate(Estimate.Join(values.Mean(0), (surrogate + values).Mean(0))) { Objectives = terms0.Objective is { } objective ? [objective] : [] };
    }
}
