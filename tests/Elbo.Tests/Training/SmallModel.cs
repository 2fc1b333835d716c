using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Tests.Training;

/// <summary>A variational autoencoder in miniature: dense layers, noise, batch statistics, a bound in two parts.</summary>
internal sealed class SmallModel : ITrainable
{
    private readonly Sequential _encoder;
    private readonly Dense _mean;
    private readonly Dense _scale;
    private readonly Dense _decoder;

    public SmallModel(int width, int latent = 2, NormalizationKind normalization = NormalizationKind.Batch)
    {
        _encoder = new NetworkDefinition([6], Activation: ActivationKind.Tanh, Normalization: normalization).BuildEncoder("encoder", [width]);
        _mean = new Dense("mean", 6, latent);
        _scale = new Dense("scale", 6, latent);
        _decoder = new Dense("decoder", latent, width);
        Parameters = [.. _encoder.Parameters, .. _mean.Parameters, .. _scale.Parameters, .. _decoder.Parameters];
    }

    /// <summary>Changes the reconstruction of each row, to make trouble.</summary>
    public Func<Tensor, Tensor, Tensor> Twist { get; init; } = static (reconstruction, _) => reconstruction;

    public IReadOnlyList<Parameter> Parameters { get; }

    public TrainingGraph Build(Batch batch, bool isTraining)
    {
        LayerContext context = new(isTraining);
        Tensor features = _encoder.Apply(batch.Input, context);
        Tensor mean = _mean.Apply(features, context), scale = _scale.Apply(features, context).Softplus();
        Tensor z = mean + scale * Tensor.RandomNormal(mean.Shape, context.NextKey());
        Tensor reconstruction = (_decoder.Apply(z, context) - batch.Target).Square().Sum(-1) * -0.5;
        reconstruction = Twist(reconstruction, batch.Target);
        Tensor perDimension = (mean.Square() + scale.Square() - 1.0) * 0.5 - scale.Log();
        Tensor elbo = (reconstruction - perDimension.Sum(-1)).Mean();
        return new TrainingGraph(
            [new Objective(elbo, Parameters)],
            [new Metric("elbo", elbo), new Metric("reconstruction", reconstruction.Mean()), new Metric("kl", perDimension.Sum(-1).Mean()), new Metric("klPerDimension", perDimension.Mean(0))],
            context.Updates)
        {
            Watched = context.Watched,
        };
    }
}
