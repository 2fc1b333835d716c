using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>
/// RMSprop: <c>v ← α·v + (1 − α)·g², θ ← θ − η·g/(√v + ε)</c>; centred, v is replaced by <c>v − a²</c> with <c>a ← α·a + (1 − α)·g</c>; with
/// momentum, <c>b ← μ·b + g/(√v + ε), θ ← θ − η·b</c>. Tieleman and Hinton 2012; the centred form is Graves 2013, eq. 38 to 45.
/// </summary>
/// <remarks>
/// ε stands outside the root as in PyTorch and the first Keras; TensorFlow and later Keras put it inside, <c>√(v + ε)</c>. PyTorch's α is 0.99,
/// Keras' 0.9.
/// </remarks>
/// <param name="LearningRate">The learning rate before the schedule, above 0.</param>
/// <param name="Smoothing">α in [0, 1).</param>
/// <param name="Epsilon">ε, above 0.</param>
/// <param name="EpsilonInside">Whether ε stands inside the root.</param>
/// <param name="Momentum">μ in [0, 1).</param>
/// <param name="Centered">Whether to divide by the standard deviation instead of the root mean square.</param>
/// <param name="WeightDecay">λ at least 0; g becomes <c>g + λ·θ</c>.</param>
public sealed record RmsProp(
    double LearningRate = 0.01,
    double Smoothing = 0.99,
    double Epsilon = 1e-8,
    bool EpsilonInside = false,
    double Momentum = 0,
    bool Centered = false,
    double WeightDecay = 0) : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = LearningRate;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(Smoothing is >= 0 and < 1, "smoothing", Smoothing, "in [0, 1)");
        Require(Epsilon > 0, "epsilon", Epsilon, "above 0");
        Require(Momentum is >= 0 and < 1, "momentum", Momentum, "in [0, 1)");
        Require(WeightDecay >= 0, "weightDecay", WeightDecay, "at least 0");
    }

    /// <inheritdoc/>
    public override void Build(Parameter parameter, Tensor gradient, OptimizerContext context)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(context);
        gradient = Decay.Into(gradient, parameter, WeightDecay);
        Variable squares = context.Moment(parameter, "rmsprop.square");
        Tensor variance = squares.Value * Smoothing + gradient.Square() * (1 - Smoothing);
        context.Assign(squares, variance);
        if (Centered)
        {
            Variable mean = context.Moment(parameter, "rmsprop.mean");
            Tensor moved = mean.Value * Smoothing + gradient * (1 - Smoothing);
            context.Assign(mean, moved);
            variance -= moved.Square();
        }

        Tensor change = gradient / (EpsilonInside ? (variance + Epsilon).Sqrt() : variance.Sqrt() + Epsilon);
        if (Momentum > 0)
        {
            Variable buffer = context.Moment(parameter, "rmsprop.momentum");
            change = buffer.Value * Momentum + change;
            context.Assign(buffer, change);
        }

        context.Assign(parameter.Variable, parameter.Value - context.Rate * change);
    }
}
