using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>What a bound is built from: the model's distributions on one batch of B rows.</summary>
/// <param name="Posterior">q(z|x), <c>[B, D]</c>.</param>
/// <param name="Prior">p(z), an event of shape <c>[D]</c>.</param>
/// <param name="Condition">p(x|z) for codes <c>[..., B, D]</c>: a distribution over <c>[..., B, ...row]</c>.</param>
/// <param name="Target">The rows to explain, <c>[B, ...row]</c>.</param>
/// <param name="Epoch">Finished epochs with their fraction, a scalar.</param>
/// <param name="Layers">The source of fresh random keys.</param>
public sealed record BoundContext(Distribution Posterior, Distribution Prior, Func<Tensor, Distribution> Condition, Tensor Target, Tensor Epoch, LayerContext Layers)
{
    /// <summary>q(z|x) of other rows <c>[B, ...row]</c>, for objectives that infer codes from rows of their own making; null where that is not offered.</summary>
    public Func<Tensor, Distribution>? Infer { get; init; }

    /// <summary>
    /// Whether all rows are drawn with the same noise, where the posterior is reparameterisable, so that what comes out for a row does not
    /// depend on its place in the batch.
    /// </summary>
    public bool SharedNoise { get; init; }

    /// <summary>
    /// Draws z ~ q(z|x) and scores them: the draws, ln q(z|x) and ln p(x|z). With one sample nothing has a leading dimension; with S samples
    /// each has a leading dimension S. For a point mass there is one draw, the point, and no ln q.
    /// </summary>
    /// <param name="samples">The number of draws for each row, at least 1.</param>
    public (Tensor Latent, Tensor? LogPosterior, Tensor Reconstruction) Draw(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        if (Posterior is PointMass) return (Posterior.Mean, null, Condition(Posterior.Mean).LogDensity(Target));
        int[] leading = samples == 1 ? [] : [samples];
        (Tensor latent, Tensor logPosterior) = SharedNoise && Posterior is IReparameterizable family
            ? DrawShared(family, leading)
            : Posterior.SampleWithLogDensity(Layers.NextKey(), leading);
        return (latent, logPosterior, Condition(latent).LogDensity(Target));
    }

    /// <summary>
    /// KL(q ‖ p) of each row: in closed form where one is known, else (or when asked) the mean of ln q(z) − ln p(z) over draws.
    /// </summary>
    /// <param name="latent">Draws, <c>[B, D]</c> or <c>[S, B, D]</c>.</param>
    /// <param name="logPosterior">ln q of the draws, <c>[B]</c> or <c>[S, B]</c>.</param>
    /// <param name="monteCarlo">Whether to estimate it from the draws even where a closed form is known.</param>
    /// <returns>The divergence <c>[B]</c>, and its terms <c>[B, D]</c> where the closed form or both densities are sums over dimensions.</returns>
    public (Tensor Kl, Tensor? PerDimension) Divergence(Tensor latent, Tensor logPosterior, bool monteCarlo = false)
    {
        ArgumentNullException.ThrowIfNull(latent);
        ArgumentNullException.ThrowIfNull(logPosterior);
        if (!monteCarlo)
        {
            if (KlDivergence.PerElement(Posterior, Prior) is { } terms) return (terms.Sum(-1), terms);
            if (KlDivergence.TryBetween(Posterior, Prior) is { } whole) return (whole, null);
        }

        if (Posterior is FactorizedDistribution q && Prior is FactorizedDistribution p)
        {
            Tensor terms = MeanOverSamples(q.LogDensityPerElement(latent) - p.LogDensityPerElement(latent), 2);
            return (terms.Sum(-1), terms);
        }

        return (MeanOverSamples(logPosterior - Prior.LogDensity(latent), 1), null);
    }

    /// <summary>The mean over a leading dimension of samples where there is one: <c>[B]</c> and <c>[S, B]</c> become <c>[B]</c>.</summary>
    public static Tensor MeanOverSamples(Tensor value) => MeanOverSamples(value, 1);

    private (Tensor Latent, Tensor LogPosterior) DrawShared(IReparameterizable family, int[] leading)
    {
        Tensor noise = family.Noise(Layers.NextKey(), leading);
        Tensor latent = family.Reparameterize(noise.Slice(leading.Length, 0, 1).BroadcastTo(noise.Shape));
        return (latent, Posterior.LogDensity(latent));
    }

    private static Tensor MeanOverSamples(Tensor value, int rank)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Shape.Rank > rank ? value.Mean(0) : value;
    }
}
