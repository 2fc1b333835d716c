using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// f at discrete draws, with the gradient as if a draw were its mean: ∇f(b)·∇p. Bengio, Léonard and Courville 2013 (arXiv 1308.3432), section 4.
/// Biased wherever f is not linear.
/// </summary>
/// <param name="samples">S, the draws for each member of the batch.</param>
public sealed class StraightThroughEstimator(int samples = 1) : GradientEstimator(samples)
{
    /// <inheritdoc/>
    public override bool IsUnbiased => false;

    /// <inheritdoc/>
    public override Estimate Build(Expectation expectation, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        ArgumentNullException.ThrowIfNull(context);
        Distribution q = expectation.Distribution;
        if (q is not (Bernoulli or Categorical))
            throw new ElboException($"The straight-through estimator is for Bernoulli and Categorical draws, not for those of {q.GetType().Name}; use the reparameterised estimator.");
        Tensor draws = q.Sample(context.NextKey(), Samples);
        return new Estimate(Evaluate(expectation, Estimate.Join(draws, q.Mean.BroadcastTo(draws.Shape))).Mean(0));
    }
}
