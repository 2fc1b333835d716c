using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Training;

namespace Elbo.Models.Autoencoders;

/// <summary>
/// The autoencoder family as five choices: encoder → posterior q(z|x), prior p(z), decoder → likelihood p(x|z), and the objective over all.
/// Auto-encoding variational Bayes, Kingma and Welling 2013 (arXiv 1312.6114); with a deterministic posterior, the classical autoencoders.
/// </summary>
public sealed partial class Autoencoder : LatentVariableModel
{
    private readonly Layer _encoder;
    private readonly Layer _decoder;
    private readonly Posterior _posterior;
    private readonly PosteriorHead _posteriorHead;
    private readonly PriorHead _priorHead;
    private readonly LikelihoodHead _likelihoodHead;
    private readonly Bound _objective;
    private readonly IReadOnlyList<Regularizer> _regularizers;
    private readonly long? _trainingRows;
    private bool? _hasBound;

    /// <summary>Puts an autoencoder together; every choice may come from outside.</summary>
    /// <param name="rowShape">The shape of one row.</param>
    /// <param name="latent">D, the number of latent dimensions, at least 1.</param>
    /// <param name="encoder">Rows to features <c>[F]</c>.</param>
    /// <param name="decoder">Codes <c>[D]</c> to as many numbers for each element of a row as the likelihood asks for.</param>
    /// <param name="posterior">The family of q(z|x); null for the diagonal Gaussian.</param>
    /// <param name="prior">The family of p(z); null for N(0, I).</param>
    /// <param name="likelihood">The family of p(x|z); null for Bernoulli.</param>
    /// <param name="objective">What is maximised; null for the evidence lower bound.</param>
    /// <param name="regularizers">Penalties beside the objective; null for none.</param>
    /// <param name="trainingRows">The number of training rows, for a prior on the parameters.</param>
    /// <param name="headWeight">How the posterior's head weights start; null for the layers' default.</param>
    /// <param name="headBias">How the posterior's head biases start; null for zeros.</param>
    /// <exception cref="ElboException">The choices do not fit together; the message says why.</exception>
    public Autoencoder(
        Shape rowShape,
        int latent,
        Layer encoder,
        Layer decoder,
        Posterior? posterior = null,
        Prior? prior = null,
        Likelihood? likelihood = null,
        Bound? objective = null,
        IReadOnlyList<Regularizer>? regularizers = null,
        long? trainingRows = null,
        Initializer? headWeight = null,
        Initializer? headBias = null)
    {
        ArgumentNullException.ThrowIfNull(rowShape);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        if (latent < 1) throw new ElboException($"The latent size must be at least 1, but it is {latent}.");
        if (encoder.OutputShape.Rank != 1)
            throw new ElboException($"The encoder must end in a vector of features, but its output is {encoder.OutputShape}; flatten it.");
        RowShape = rowShape;
        LatentSize = latent;
        Likelihood = likelihood ?? new BernoulliLikelihood();
        _encoder = encoder;
        _decoder = decoder;
        _posterior = posterior ?? new DiagonalGaussianPosterior();
        _objective = objective ?? new EvidenceLowerBound();
        _regularizers = regularizers ?? [];
        _trainingRows = trainingRows;
        _posteriorHead = _posterior.Declare(new PosteriorSite("posterior", encoder.OutputShape[0], latent, headWeight, headBias));
        _priorHead = (prior ?? new StandardNormalPrior()).Declare(new PriorSite("prior", latent, rowShape));
        _likelihoodHead = Likelihood.Declare("likelihood", rowShape);
        Shape output = DecoderShape(rowShape, _likelihoodHead);
        if (!decoder.OutputShape.Equals(output))
            throw new ElboException($"The {Likelihood.Title} likelihood of rows {rowShape} needs a decoder with output {output}, but the decoder's is {decoder.OutputShape}.");
        Parameters = [.. encoder.Parameters, .. _posteriorHead.Parameters, .. _priorHead.Parameters, .. decoder.Parameters, .. _likelihoodHead.Parameters];
    }

    /// <inheritdoc/>
    public override Shape RowShape { get; }

    /// <inheritdoc/>
    public override int LatentSize { get; }

    /// <summary>The family of p(x|z), which says which values rows may hold.</summary>
    public Likelihood Likelihood { get; }

    /// <inheritdoc/>
    public override bool HasBound => _hasBound ??= Infer(Tensor.Input("rows", Shape.Create([1, .. RowShape])), new LayerContext(isTraining: false)) is not PointMass;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Builds an autoencoder from its definition.</summary>
    /// <param name="definition">The definition; what it leaves open comes from its preset.</param>
    /// <param name="rowShape">The shape of one row of the data.</param>
    /// <param name="statistics">What is known of the training data; needed by some choices.</param>
    /// <exception cref="ElboException">The choices make no sense together or for such rows; the message says why and what to change.</exception>
    public static Autoencoder Create(AutoencoderDefinition definition, Shape rowShape, DataStatistics? statistics = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(rowShape);
        AutoencoderDefinition complete = definition.Resolve();
        int latent = complete.Latent!.Value;
        if (latent < 1) throw new ElboException($"The latent size must be at least 1, but it is {latent}.");
        LikelihoodHead likelihood = complete.Likelihood!.Declare("likelihood", rowShape);
        double[]? bias = complete.OutputAtDataMean == true ? OutputBias(complete.Likelihood, likelihood, rowShape, statistics) : null;
        Autoencoder model = new(
            rowShape,
            latent,
            complete.Encoder!.BuildEncoder("encoder", rowShape),
            complete.Decoder!.BuildDecoder("decoder", latent, rowShape, likelihood.OutputsPerElement, bias),
            complete.Posterior,
            complete.Prior,
            complete.Likelihood,
            complete.Objective,
            complete.Regularizers,
            statistics?.Rows,
            complete.Encoder.Initializer,
            complete.Encoder.BiasInitializer);
        model.CheckTrainable();
        return model;
    }

    /// <inheritdoc/>
    public override TrainingGraph Build(Batch batch, bool isTraining)
    {
        ArgumentNullException.ThrowIfNull(batch);
        LayerContext context = new(isTraining);
        Tensor features = _encoder.Apply(batch.Input, context);
        Distribution posterior = _posteriorHead.Infer(features, context);
        BoundTerms terms = _objective.Build(Bind(posterior, batch.Target, batch.Epoch, context));

        List<Metric> metrics = [];
        if (terms.Elbo is { } bound) metrics.Add(new Metric("elbo", bound.Mean()));
        metrics.Add(new Metric("reconstruction", terms.Reconstruction.Mean()));
        if (terms.Kl is { } kl) metrics.Add(new Metric("kl", kl.Mean()));
        if (terms.KlPerDimension is { } perDimension) metrics.Add(new Metric("klPerDimension", perDimension.Mean(0)));

        Tensor value = terms.Objective.Mean();
        RegularizerContext regularization = new(batch.Input, posterior.Mean, _posterior, ClosedFormJacobian(features, context), Parameters, _trainingRows, context);
        foreach (Regularizer regularizer in _regularizers)
        {
            Tensor penalty = regularizer.Penalty(regularization);
            metrics.Add(new Metric(regularizer.Name, penalty));
            value -= penalty;
        }

        return new TrainingGraph([new Objective(value, Parameters)], metrics, context.Updates) { Watched = context.Watched };
    }

    /// <summary>A decoder's output for rows of a shape: the first extent times the numbers an element needs.</summary>
    private static Shape DecoderShape(Shape rowShape, LikelihoodHead likelihood) =>
        Shape.Create([rowShape[0] * likelihood.OutputsPerElement, .. rowShape.Skip(1)]);

    private static double[] OutputBias(Likelihood family, LikelihoodHead likelihood, Shape rowShape, DataStatistics? statistics)
    {
        if (statistics?.Mean is not { } mean)
            throw new ElboException("The output can only start at the data's mean when the data's statistics hold it; give them, or set outputAtDataMean to false.");
        if (mean.Count != rowShape.ElementCount)
            throw new ElboException($"The data's mean has {mean.Count} elements, but a row of shape {rowShape} has {rowShape.ElementCount}.");
        double[] initial = family.InitialOutput(mean)
            ?? throw new ElboException($"The {family.Title} likelihood does not say where its output should start; set outputAtDataMean to false.");
        // Further outputs of an element, such as a predicted scale, start at 0.
        return [.. initial, .. new double[rowShape.ElementCount * (likelihood.OutputsPerElement - 1)]];
    }

    /// <summary>Builds a training graph once for the sake of its refusals, so that a combination without sense fails before anything runs.</summary>
    private void CheckTrainable()
    {
        Tensor rows = Tensor.Input("rows", Shape.Create([2, .. RowShape]));
        Build(new Batch(rows, rows, null, 0.0, 0.0), true);
    }

    private BoundContext Bind(Distribution posterior, Tensor target, Tensor epoch, LayerContext context) =>
        new(posterior, Prior(context), latent => Condition(latent, context), target, epoch, context) { Infer = rows => Infer(rows, context) };

    private Distribution Prior(LayerContext context) => _priorHead.Build(context, rows => Infer(rows, context));

    private Distribution Infer(Tensor rows, LayerContext context) => _posteriorHead.Infer(_encoder.Apply(rows, context), context);

    /// <summary>p(x|z) for codes <c>[..., B, D]</c>: all leading dimensions go through the decoder as one batch.</summary>
    private Distribution Condition(Tensor latent, LayerContext context)
    {
        int count = latent.Shape.ElementCount / LatentSize;
        Tensor output = _decoder.Apply(latent.Reshape([count, LatentSize]), context);
        return _likelihoodHead.Condition(output.Reshape(Shape.Create([.. latent.Shape.SkipLast(1), .. _decoder.OutputShape])));
    }

    private Func<Tensor>? ClosedFormJacobian(Tensor features, LayerContext context) =>
        _encoder.Parameters.Count == 0 && _encoder.OutputShape.ElementCount == RowShape.ElementCount && _posteriorHead.SquaredJacobian is { } jacobian
            ? () => jacobian(features, context)
            : null;
}
