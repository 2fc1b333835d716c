using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>
/// Adam: <c>m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², θ ← θ − η·m̂/(√v̂ + ε)</c> with <c>m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)</c>.
/// Kingma and Ba 2015, algorithm 1.
/// </summary>
/// <param name="LearningRate">The learning rate before the schedule, above 0.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, above 0.</param>
/// <param name="EpsilonBeforeCorrection">
/// Whether ε is added to √v before the correction: <c>θ ← θ − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε)</c>, the form of the end of section 2,
/// used by TensorFlow and Keras.
/// </param>
/// <param name="InitialSecondMoment">v before the first step, at least 0; the importance-weighted autoencoders of Burda et al. start it at 1.</param>
/// <param name="WeightDecay">λ at least 0; g becomes <c>g + λ·θ</c>.</param>
public sealed record Adam(
    double LearningRate = 1e-3,
    double Beta1 = 0.9,
    double Beta2 = 0.999,
    double Epsilon = 1e-8,
    bool EpsilonBeforeCorrection = false,
    double InitialSecondMoment = 0,
    double WeightDecay = 0) : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = LearningRate;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(Beta1 is >= 0 and < 1, "beta1", Beta1, "in [0, 1)");
        Require(Beta2 is >= 0 and < 1, "beta2", Beta2, "in [0, 1)");
        Require(Epsilon > 0, "epsilon", Epsilon, "above 0");
        Require(InitialSecondMoment >= 0, "initialSecondMoment", InitialSecondMoment, "at least 0");
        Require(WeightDecay >= 0, "weightDecay", WeightDecay, "at least 0");
    }

    /// <inheritdoc/>
    public override void Build(Parameter parameter, Tensor gradient, OptimizerContext context)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(context);
        gradient = Decay.Into(gradient, parameter, WeightDecay);
        Tensor change = Direction(parameter, gradient, context, Beta1, Beta2, Epsilon, EpsilonBeforeCorrection, InitialSecondMoment);
        context.Assign(parameter.Variable, parameter.Value - change);
    }

    /// <summary>Moves the moments and returns <c>η·m̂/(√v̂ + ε)</c>. The corrections are scalars of the step, so the graph sees only products.</summary>
    internal static Tensor Direction(Parameter parameter, Tensor gradient, OptimizerContext context, double beta1, double beta2, double epsilon, bool epsilonBeforeCorrection, double initialSecondMoment)
    {
        Variable first = context.Moment(parameter, "adam.m"), second = context.Moment(parameter, "adam.v", initialSecondMoment);
        Tensor m = first.Value * beta1 + gradient * (1 - beta1);
        Tensor v = second.Value * beta2 + gradient.Square() * (1 - beta2);
        context.Assign(first, m);
        context.Assign(second, v);
        if (epsilonBeforeCorrection)
        {
            Tensor rate = context.Scalar("correctedRate", (step, rate) => rate * Math.Sqrt(1 - Math.Pow(beta2, step)) / (1 - Math.Pow(beta1, step)));
            return rate * m / (v.Sqrt() + epsilon);
        }

        Tensor firstRate = context.Scalar("firstMomentRate", (step, rate) => rate / (1 - Math.Pow(beta1, step)));
        Tensor rootCorrection = context.Scalar("rootCorrection", (step, _) => 1 / Math.Sqrt(1 - Math.Pow(beta2, step)));
        return firstRate * m / (v.Sqrt() * rootCorrection + epsilon);
    }
}
