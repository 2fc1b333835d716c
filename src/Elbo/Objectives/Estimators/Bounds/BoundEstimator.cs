using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// A way to estimate the gradient of L_K = E[ln (1/K) Σₖ wₖ], wₖ = p(x, zₖ)/q(zₖ), zₖ ~ q: the evidence lower bound for K = 1, rising with K
/// towards ln p(x) (Burda et al. 2016, arXiv 1509.00519, eq. 8). All estimators report the same value on the same draws.
/// </summary>
/// <remarks>
/// The gradient in the model's parameters is that of Burda et al., eq. 13, in each of them; they differ in the gradient in q's.
/// </remarks>
public abstract class BoundEstimator
{
    /// <summary>Creates an estimator.</summary>
    /// <param name="samples">K, at least 1.</param>
    protected BoundEstimator(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        Samples = samples;
    }

    /// <summary>K, the draws for each member of the batch.</summary>
    public int Samples { get; }

    /// <summary>The estimator's own parameters.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Builds the estimate: its value is L_K of each member of the batch, <c>[batch...]</c>.</summary>
    /// <param name="weights">The model and the approximate posterior.</param>
    /// <param name="context">The source of random keys, and where running averages are assigned.</param>
    /// <exception cref="ElboException">The estimator does not fit the posterior; the message says which do.</exception>
    public abstract Estimate Build(ImportanceWeights weights, LayerContext context);

    /// <summary>ln (1/K) Σₖ wₖ over the leading dimension.</summary>
    private protected static Tensor LogMeanWeight(Tensor logWeights) => logWeights.LogSumExp(0) - Math.Log(logWeights.Shape[0]);

    /// <summary>Draws through which gradients flow, with ln q of them.</summary>
    private protected (Tensor Draws, Tensor LogDensity) Reparameterized(Distribution q, LayerContext context) => q is IReparameterizable
        ? q.SampleWithLogDensity(context.NextKey(), Samples)
        : throw new ElboException($"This estimator follows gradients through the draws, which those of {q.GetType().Name} do not allow; use VIMCO, or an expectation estimator such as the score function.");

    /// <summary>
    /// The bound with the path derivative Σₖ coefficientₖ·(∂ln wₖ/∂zₖ)·(∂zₖ/∂φ) in q's parameters φ, in which ln q depends on φ through z alone,
    /// and with the exact gradient in the model's.
    /// </summary>
    /// <param name="weights">The model and q.</param>
    /// <param name="draws">Reparameterised draws.</param>
    /// <param name="value">The bound from ln w.</param>
    /// <param name="coefficient">The coefficients from ln w, <c>[K, batch...]</c>.</param>
    private protected static Estimate PathDerivative(ImportanceWeights weights, Tensor draws, Func<Tensor, Tensor> value, Func<Tensor, Tensor> coefficient)
    {
        Tensor points = draws.StopGradient();
        Tensor logJoint = weights.Joint(points), logPosterior = weights.Posterior.LogDensity(points);
        Tensor slope = (coefficient(logJoint - logPosterior).StopGradient() * (logJoint - logPosterior)).Sum().Gradients(points)[0];
        Tensor path = weights.Posterior.SumOverEvent(slope.StopGradient() * draws).Sum(0);
        Tensor bound = value(logJoint - logPosterior.StopGradient());
        return new Estimate(Estimate.Join(bound, bound + path));
    }
}
