using Elbo.Data;
using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;

namespace Elbo.Models.Autoencoders;

// What a fitted model is asked, without dropout and with running statistics.
public sealed partial class Autoencoder
{
    /// <inheritdoc/>
    public override void CheckData(DataSet data)
    {
        base.CheckData(data);
        (double minimum, double maximum) = Likelihood.Support;
        data.RequireRange(minimum, maximum, $"the {Likelihood.Title} likelihood");
    }

    /// <inheritdoc/>
    public override RowEvaluation Evaluate(Tensor rows, int samples = 1, bool sharedNoise = false)
    {
        ArgumentNullException.ThrowIfNull(rows);
        LayerContext context = new(isTraining: false);
        BoundContext bound = Bind(Infer(rows, context), rows, 0.0, context) with { SharedNoise = sharedNoise };
        (Tensor latent, Tensor? logPosterior, Tensor drawn) = bound.Draw(samples);
        Tensor reconstruction = BoundContext.MeanOverSamples(drawn);
        if (logPosterior is null) return new RowEvaluation(reconstruction, null, null);
        (Tensor kl, Tensor? perDimension) = bound.Divergence(latent, logPosterior);
        return new RowEvaluation(reconstruction, kl, perDimension);
    }

    /// <inheritdoc/>
    public override Tensor Encode(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Infer(rows, new LayerContext(isTraining: false)).Mean;
    }

    /// <inheritdoc/>
    public override Tensor Reconstruct(Tensor rows) => Decode(Encode(rows));

    /// <inheritdoc/>
    public override Tensor Decode(Tensor latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        return Condition(latent, new LayerContext(isTraining: false)).Mean;
    }

    /// <inheritdoc/>
    public override Tensor SamplePrior(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!HasBound)
            throw new ElboException("A deterministic autoencoder has no prior to sample from; fit a variational autoencoder, or decode codes of your own.");
        LayerContext context = new(isTraining: false);
        return Prior(context).Sample(context.NextKey(), count);
    }

    /// <inheritdoc/>
    public override Tensor LogWeights(Tensor rows, int samples)
    {
        ArgumentNullException.ThrowIfNull(rows);
        LayerContext context = new(isTraining: false);
        BoundContext bound = Bind(Infer(rows, context), rows, 0.0, context);
        (Tensor latent, Tensor? logPosterior, Tensor reconstruction) = bound.Draw(samples);
        if (logPosterior is null)
            throw new ElboException("A deterministic autoencoder has no log p(x) to estimate; fit a variational autoencoder.");
        Tensor logWeights = reconstruction + bound.Prior.LogDensity(latent) - logPosterior;
        return samples == 1 ? logWeights.Reshape([rows.Shape[0], 1]) : logWeights.TransposeLast();
    }
}
