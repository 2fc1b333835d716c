using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>The evidence lower bound E_q[ln p(x, z) − ln q(z)] by any estimator of expectations: black-box variational inference, Ranganath, Gerrish and Blei 2014 (arXiv 1401.0118), eq. 2.</summary>
/// <param name="estimator">The estimator.</param>
public sealed class ExpectationBoundEstimator(GradientEstimator estimator) : BoundEstimator(estimator?.Samples ?? 1)
{
    private readonly GradientEstimator _estimator = estimator ?? throw new ArgumentNullException(nameof(estimator));

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _estimator.Parameters;

    /// <inheritdoc/>
    public override Estimate Build(ImportanceWeights weights, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return _estimator.Build(new Expectation(weights.Posterior, weights.LogWeights) { Condition = weights.Condition }, context);
    }
}
