using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The evidence lower bound E_q[ln p(x|z)] − β·KL(q(z|x) ‖ p(z)) by L draws: the SGVB estimators of Kingma and Welling 2013 (arXiv 1312.6114),
/// eq. 6 and 7, with the weight β of Higgins et al. 2017, a linear warm-up (Bowman et al. 2016; Sønderby et al. 2016) and free bits
/// (Kingma et al. 2016, arXiv 1606.04934, appendix C.8).
/// </summary>
/// <param name="Samples">L, the draws for each row in each step, at least 1.</param>
/// <param name="Estimator">How the KL is computed.</param>
/// <param name="Beta">The weight β of the KL in what is trained, at least 0; the reported bound always has β = 1.</param>
/// <param name="WarmUpEpochs">Epochs over which the weight rises linearly from 0 to β; 0 for none.</param>
/// <param name="FreeNats">λ: what each latent dimension's mean KL counts for at least, in nats, so that it costs nothing below; 0 for none.</param>
public sealed record EvidenceLowerBound(
    int Samples = 1,
    KlEstimator Estimator = KlEstimator.Automatic,
    double Beta = 1,
    double WarmUpEpochs = 0,
    double FreeNats = 0) : Bound
{
    /// <inheritdoc/>
    public override BoundTerms Build(BoundContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Check();
        (Tensor latent, Tensor? logPosterior, Tensor drawn) = context.Draw(Samples);
        Tensor reconstruction = BoundContext.MeanOverSamples(drawn);
        if (logPosterior is null) return new BoundTerms(reconstruction, reconstruction, null, null);
        if (Estimator == KlEstimator.Analytic && KlDivergence.TryBetween(context.Posterior, context.Prior) is null)
            throw new ElboException($"The KL of the posterior {context.Posterior.GetType().Name} from the prior {context.Prior.GetType().Name} has no closed form; use the estimator 'monte-carlo' or 'automatic'.");

        (Tensor kl, Tensor? perDimension) = context.Divergence(latent, logPosterior, Estimator == KlEstimator.MonteCarlo);
        Tensor counted = kl;
        if (FreeNats > 0)
        {
            if (perDimension is null)
                throw new ElboException($"Free nats are granted to each latent dimension, but the KL of the posterior {context.Posterior.GetType().Name} from the prior {context.Prior.GetType().Name} does not split into dimensions; set freeNats to 0.");
            counted = perDimension.Mean(0).Maximum(FreeNats).Sum();
        }

        return new BoundTerms(Weigh(reconstruction, counted, context.Epoch), reconstruction, kl, perDimension);
    }

    private Tensor Weigh(Tensor reconstruction, Tensor kl, Tensor epoch)
    {
        if (Beta == 0) return reconstruction;
        Tensor weighted = Beta == 1 ? kl : kl * Beta;
        if (WarmUpEpochs > 0) weighted *= (epoch * (1 / WarmUpEpochs)).Minimum(1.0);
        return reconstruction - weighted;
    }

    private void Check()
    {
        if (Samples < 1) throw new ElboException($"The bound needs at least 1 sample for each row, but samples is {Samples}.");
        if (!(Beta >= 0 && double.IsFinite(Beta))) throw new ElboException($"The weight beta must be a number of at least 0, but it is {Beta}.");
        if (!(WarmUpEpochs >= 0 && double.IsFinite(WarmUpEpochs))) throw new ElboException($"The warm-up must last 0 epochs or more, but warmUpEpochs is {WarmUpEpochs}.");
        if (!(FreeNats >= 0 && double.IsFinite(FreeNats))) throw new ElboException($"The free nats must be a number of at least 0, but freeNats is {FreeNats}.");
    }
}
