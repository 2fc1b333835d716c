using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Objectives;

/// <summary>
/// Neural variational inference and learning: the score function with the signal (f(z) − C(x) − c)/max(1, √v), where C is a network of the
/// condition, c a running mean and v a running variance. Mnih and Gregor 2014 (arXiv 1402.0030), algorithm 1.
/// </summary>
public sealed class NvilEstimator : GradientEstimator
{
    private readonly Layer? _network;
    private readonly double _decay;
    private readonly bool _normalizes;
    private readonly Parameter _mean;
    private readonly Parameter _variance;

    /// <summary>Creates the estimator.</summary>
    /// <param name="network">C, from the expectation's condition <c>[batch, features]</c> to <c>[batch, 1]</c>; null for none.</param>
    /// <param name="decay">How much of c and v stays from step to step, in [0, 1); 0.8 in the paper.</param>
    /// <param name="normalizes">Whether the signal is divided by max(1, √v), as in the paper; the gradient is then scaled, and unbiased only up to that factor.</param>
    /// <param name="samples">S, the draws for each member of the batch.</param>
    /// <param name="name">The prefix of its variables' names.</param>
    public NvilEstimator(Layer? network = null, double decay = 0.8, bool normalizes = true, int samples = 1, string name = "nvil") : base(samples)
    {
        if (!(decay >= 0 && decay < 1)) throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay must be in [0, 1).");
        _network = network;
        _decay = decay;
        _normalizes = normalizes;
        _mean = new Parameter($"{name}.mean", Shape.Scalar, Initializer.Constant(0), isTrainable: false);
        _variance = new Parameter($"{name}.variance", Shape.Scalar, Initializer.Constant(0), isTrainable: false);
    }

    /// <inheritdoc/>
    public override bool IsUnbiased => !_normalizes;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_mean, _variance, .. _network?.Parameters ?? []];

    /// <inheritdoc/>
    public override Estimate Build(Expectation expectation, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        ArgumentNullException.ThrowIfNull(context);
        Tensor draws = expectation.Distribution.Sample(context.NextKey(), Samples);
        Tensor values = Evaluate(expectation, draws);
        Tensor centred = values.StopGradient();
        Objective[] objectives = [];
        if (_network is not null)
        {
            BaselineTerms terms = new NeuralBaseline(_network).Build(centred - _mean.Value, expectation, context);
            centred -= terms.Value.StopGradient();
            objectives = [terms.Objective!];
        }

        // The signal uses the averages of the steps before: those of this step depend on its draws.
        Tensor signal = centred - _mean.Value;
        if (_normalizes) signal /= _variance.Value.Sqrt().Maximum(1.0);
        Tensor mean = centred.Mean(), variance = centred.Square().Mean() - mean.Square();
        context.Assign(_mean.Variable, context.Current(_mean.Variable) * _decay + mean * (1 - _decay));
        context.Assign(_variance.Variable, context.Current(_variance.Variable) * _decay + variance * (1 - _decay));
        Tensor surrogate = signal * expectation.Distribution.LogDensity(draws) + values;
        return new Estimate(Estimate.Join(values.Mean(0), surrogate.Mean(0))) { Objectives = objectives };
    }
}
