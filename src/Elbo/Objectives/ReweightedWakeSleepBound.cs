using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// Reweighted wake-sleep: with K draws z ~ q(z|x) and normalised weights w̃ ∝ p(x, z)/q(z|x), the decoder climbs Σₖ w̃ₖ ln p(x, zₖ), and the encoder
/// (1 − s)·Σₖ w̃ₖ ln q(zₖ|x) (its wake phase) + s·ln q(z|x) on dreams (its sleep phase). Bornschein and Bengio 2015 (arXiv 1406.2751), eq. 4 to 6.
/// </summary>
/// <remarks>What is trained reports the importance-weighted bound L_K; what is reported as the bound is the evidence lower bound from the same draws.</remarks>
/// <param name="Samples">K, at least 2.</param>
/// <param name="SleepWeight">s in [0, 1]: 0 trains the encoder awake only, 1 asleep only.</param>
public sealed record ReweightedWakeSleepBound(int Samples = 5, double SleepWeight = 0.5) : Bound
{
    /// <inheritdoc/>
    public override BoundTerms Build(BoundContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Samples < 2) throw new ElboException($"Reweighted wake-sleep weighs draws against each other, so samples must be at least 2, but it is {Samples}.");
        if (!(SleepWeight >= 0 && SleepWeight <= 1)) throw new ElboException($"The part of the sleep phase must lie in [0, 1], but sleepWeight is {SleepWeight}.");
        WakePhase wake = WakePhase.Of(context, Samples, "reweighted-wake-sleep");
        Tensor logWeights = wake.Reconstruction + wake.LogPrior - wake.LogPosterior.StopGradient();
        Tensor bound = logWeights.LogSumExp(0) - Math.Log(Samples);
        Tensor gradient = bound;
        if (SleepWeight < 1) gradient += (logWeights.StopGradient().Softmax(0) * wake.LogPosterior).Sum(0) * (1 - SleepWeight);
        if (SleepWeight > 0) gradient += WakePhase.Sleep(context) * SleepWeight;
        (Tensor kl, Tensor? perDimension) = context.Divergence(wake.Latent, wake.LogPosterior);
        return new BoundTerms(Estimate.Join(bound, gradient), BoundContext.MeanOverSamples(wake.Reconstruction), kl, perDimension);
    }
}
