using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// Wake-sleep: the decoder climbs E_q[ln p(x, z)] on the data with z ~ q(z|x) (wake), and the encoder climbs E_p[ln q(z|x)] on dreams
/// z ~ p(z), x ~ p(x|z) (sleep). Hinton, Dayan, Frey and Neal 1995 ("The wake-sleep algorithm for unsupervised neural networks"); the comparison of
/// Kingma and Welling 2013 (arXiv 1312.6114), figure 2.
/// </summary>
/// <remarks>
/// The two climb different functions, so there is no bound that both raise; what is reported is the evidence lower bound. As one tensor: its value is that
/// bound, its gradient in the decoder is the wake phase's and in the encoder the sleep phase's.
/// </remarks>
/// <param name="Samples">The draws of z for each row in the wake phase, at least 1.</param>
public sealed record WakeSleepBound(int Samples = 1) : Bound
{
    /// <inheritdoc/>
    public override BoundTerms Build(BoundContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Samples < 1) throw new ElboException($"The wake phase needs at least 1 sample for each row, but samples is {Samples}.");
        WakePhase wake = WakePhase.Of(context, Samples, "wake-sleep");
        (Tensor kl, Tensor? perDimension) = context.Divergence(wake.Latent, wake.LogPosterior);
        Tensor joint = BoundContext.MeanOverSamples(wake.Reconstruction + wake.LogPrior);
        Tensor reconstruction = BoundContext.MeanOverSamples(wake.Reconstruction);
        Tensor objective = Estimate.Join(reconstruction - kl, joint + WakePhase.Sleep(context));
        return new BoundTerms(objective, reconstruction, kl, perDimension);
    }
}
