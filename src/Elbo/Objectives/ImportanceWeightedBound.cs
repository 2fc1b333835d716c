using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// L_K = E[ln (1/K) Σₖ p(x, zₖ)/q(zₖ|x)] with zₖ ~ q(z|x): Burda, Grosse and Salakhutdinov 2016 (arXiv 1509.00519), eq. 8, with the
/// reparameterised gradient of eq. 14. It rises with K towards ln p(x), and L_1 is the evidence lower bound.
/// </summary>
/// <remarks>What is reported as the bound is still the evidence lower bound, from the same draws.</remarks>
/// <param name="Samples">K, at least 1.</param>
/// <param name="Gradient">How the gradient reaches the encoder.</param>
public sealed record ImportanceWeightedBound(int Samples = 5, BoundGradient Gradient = BoundGradient.Reparameterized) : Bound
{
    /// <inheritdoc/>
    public override BoundTerms Build(BoundContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Samples < 1) throw new ElboException($"The importance-weighted bound needs at least 1 sample, but samples is {Samples}.");
        if (Gradient == BoundGradient.DoublyReparameterized && context.Posterior is IReparameterizable) return BuildDoubly(context);
        (Tensor latent, Tensor? logPosterior, Tensor drawn) = context.Draw(Samples);
        if (logPosterior is null)
            throw new ElboException("The importance-weighted bound needs a posterior with a density; a deterministic encoder has none. Use the objective 'elbo', or a Gaussian posterior.");
        Tensor logWeights = drawn + context.Prior.LogDensity(latent) - logPosterior;
        Tensor objective = Samples == 1 ? logWeights : logWeights.LogSumExp(0) - Math.Log(Samples);
        (Tensor kl, Tensor? perDimension) = context.Divergence(latent, logPosterior);
        return new BoundTerms(objective, BoundContext.MeanOverSamples(drawn), kl, perDimension);
    }

    private BoundTerms BuildDoubly(BoundContext context)
    {
        Tensor? points = null, drawn = null;
        Estimate estimate = new DoublyReparameterizedEstimator(Samples).Build(
            new ImportanceWeights(context.Posterior, latent =>
            {
                points = latent;
                drawn = context.Condition(latent).LogDensity(context.Target);
                return drawn + context.Prior.LogDensity(latent);
            }),
            context.Layers);
        (Tensor kl, Tensor? perDimension) = context.Divergence(points!, context.Posterior.LogDensity(points!));
        return new BoundTerms(estimate.Value, BoundContext.MeanOverSamples(drawn!), kl, perDimension);
    }
}
