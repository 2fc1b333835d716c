using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// VIMCO: ∇L_K = E[Σⱼ (L̂ − L̂₋ⱼ)·∇ln q(zⱼ) + Σⱼ w̃ⱼ·∇ln wⱼ], where L̂₋ⱼ puts the geometric mean of the other weights in place of wⱼ: Mnih and Rezende 2016
/// (arXiv 1602.06725), eq. 7 to 9. It needs no derivative through the draws, so it fits discrete latent variables.
/// </summary>
/// <param name="samples">K, at least 2.</param>
public sealed class VimcoEstimator(int samples = 5) : BoundEstimator(samples)
{
    /// <inheritdoc/>
    public override Estimate Build(ImportanceWeights weights, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(context);
        if (Samples < 2) throw new ElboException("VIMCO compares each draw with the others, so it needs at least 2 samples, not 1.");
        Tensor draws = weights.Posterior.Sample(context.NextKey(), Samples);
        Tensor scores = weights.Posterior.LogDensity(draws);
        Tensor logWeights = weights.Joint(draws) - scores;
        Tensor bound = LogMeanWeight(logWeights), constant = logWeights.StopGradient();

        // [j, i, batch...]: row j holds the weights with the j-th replaced by the mean of the other log weights.
        Tensor others = (constant.Sum(0, true) - constant) * (1.0 / (Samples - 1));
        int[] square = [Samples, Samples, .. Enumerable.Repeat(1, constant.Shape.Rank - 1)];
        Tensor replaced = Tensor.Where(
            Tensor.Identity(Samples).Reshape(Shape.Create(square)),
            others.Reshape([Samples, 1, .. constant.Shape.Skip(1)]),
            constant.Reshape([1, .. constant.Shape]));
        Tensor signal = bound.StopGradient() - (replaced.LogSumExp(1) - Math.Log(Samples));
        return new Estimate(Estimate.Join(bound, bound + (signal.StopGradient() * scores).Sum(0)));
    }
}
