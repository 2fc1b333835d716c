using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>
/// <c>y = scale·(x − mean)/√(variance + ε) + shift</c> for each feature of <c>[B, n]</c> or each channel of <c>[B, C, H, W]</c>: Ioffe and
/// Szegedy 2015, algorithm 1. Training takes mean and (biased) variance from the batch and moves the running ones by
/// <c>running ← (1 − momentum)·running + momentum·batch</c>, the variance unbiased as in PyTorch; evaluation uses the running ones.
/// </summary>
public sealed class BatchNormalization : Layer
{
    private readonly string _name;
    private readonly double _momentum;
    private readonly double _epsilon;

    /// <summary>Declares the layer: <c>name.scale</c>, <c>name.shift</c>, and the statistics <c>name.runningMean</c>, <c>name.runningVariance</c>, all <c>[n]</c> or <c>[C]</c>.</summary>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="shape">The shape of one row: <c>[n]</c> or <c>[C, H, W]</c>.</param>
    /// <param name="momentum">How far one batch moves the running statistics, in (0, 1].</param>
    /// <param name="epsilon">ε, above 0.</param>
    public BatchNormalization(string name, Shape shape, double momentum = 0.1, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rank is not (1 or 3)) throw new ArgumentException($"Batch normalisation needs rows [n] or [C, H, W], not {shape}.", nameof(shape));
        _name = name;
        OutputShape = shape;
        _momentum = momentum;
        _epsilon = epsilon;
        Scale = new Parameter($"{name}.scale", [shape[0]], Initializer.Ones);
        Shift = new Parameter($"{name}.shift", [shape[0]], Initializer.Zeros);
        RunningMean = new Parameter($"{name}.runningMean", [shape[0]], Initializer.Zeros, isTrainable: false);
        RunningVariance = new Parameter($"{name}.runningVariance", [shape[0]], Initializer.Ones, isTrainable: false);
        Parameters = [Scale, Shift, RunningMean, RunningVariance];
    }

    /// <summary>The learned scale, one at the start.</summary>
    public Parameter Scale { get; }

    /// <summary>The learned shift, zero at the start.</summary>
    public Parameter Shift { get; }

    /// <summary>The running mean, zero at the start.</summary>
    public Parameter RunningMean { get; }

    /// <summary>The running variance, one at the start.</summary>
    public Parameter RunningVariance { get; }

    /// <inheritdoc/>
    public override Shape OutputShape { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(context);
        int[] axes = OutputShape.Rank == 1 ? [0] : [0, 2, 3];
        Shape along = OutputShape.Rank == 1 ? OutputShape : [OutputShape[0], 1, 1];
        if (!context.IsTraining)
        {
            Tensor factor = Scale * (RunningVariance.Value + _epsilon).ReciprocalSqrt();
            return context.Watch(_name, x * factor.Reshape(along) + (Shift - RunningMean * factor).Reshape(along));
        }

        double count = x.Shape.ElementCount / OutputShape[0];
        if (count < 2) throw new ArgumentException($"Batch normalisation needs two or more values a feature to train on, but a batch {x.Shape} has one; use a batch of 2 or more.", nameof(x));
        Tensor mean = x.Mean(axes, true);
        Tensor variance = (x - mean).Square().Mean(axes, true);
        Move(context, RunningMean, mean);
        Move(context, RunningVariance, variance * (count / (count - 1)));
        return context.Watch(_name, x.Normalize(axes, _epsilon) * Scale.Value.Reshape(along) + Shift.Value.Reshape(along));
    }

    private void Move(LayerContext context, Parameter running, Tensor batch) =>
        context.Assign(running.Variable, context.Current(running.Variable) * (1 - _momentum) + batch.StopGradient().Reshape(running.Shape) * _momentum);
}
