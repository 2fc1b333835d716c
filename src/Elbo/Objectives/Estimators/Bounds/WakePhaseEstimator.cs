using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The wake phase of reweighted wake-sleep: Σₖ w̃ₖ·∇_φ ln q(zₖ) in q's parameters, which descends the forward KL(p(z|x) ‖ q) by self-normalised
/// importance sampling, and Σₖ w̃ₖ·∇_θ ln p(x, zₖ) in the model's. Bornschein and Bengio 2015 (arXiv 1406.2751), eq. 5 and 6.
/// </summary>
/// <remarks>
/// It needs no derivative through the draws, and covers the posterior's modes where the bound would choose one. Its mean in q's parameters is not the
/// slope of the bound it reports, and biased in the forward KL too, by O(1/K).
/// </remarks>
/// <param name="samples">K, at least 2.</param>
public sealed class WakePhaseEstimator(int samples = 5) : BoundEstimator(samples)
{
    /// <inheritdoc/>
    public override Estimate Build(ImportanceWeights weights, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(context);
        if (Samples < 2) throw new ElboException("The wake phase weighs each draw against the others, so it needs at least 2 samples, not 1.");
        Tensor draws = weights.Posterior.Sample(context.NextKey(), Samples);
        Tensor logPosterior = weights.Posterior.LogDensity(draws);
        Tensor logWeights = weights.Joint(draws) - logPosterior.StopGradient();
        Tensor bound = LogMeanWeight(logWeights);
        return new Estimate(Estimate.Join(bound, bound + (logWeights.StopGradient().Softmax(0) * logPosterior).Sum(0)));
    }
}
