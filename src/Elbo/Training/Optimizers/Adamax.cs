using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>Adamax: <c>m ← β₁·m + (1 − β₁)·g, u ← max(β₂·u, |g| + ε), θ ← θ − η/(1 − β₁ᵗ)·m/u</c>. Kingma and Ba 2015, algorithm 2; the ε that keeps u from 0 is PyTorch's.</summary>
/// <param name="LearningRate">The learning rate before the schedule, above 0.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, above 0.</param>
/// <param name="WeightDecay">λ at least 0; g becomes <c>g + λ·θ</c>.</param>
public sealed record Adamax(double LearningRate = 2e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0) : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = LearningRate;

    /// <inheritdoc/>
    public override void Validate() => new Adam(LearningRate, Beta1, Beta2, Epsilon, WeightDecay: WeightDecay).Validate();

    /// <inheritdoc/>
    public override void Build(Parameter parameter, Tensor gradient, OptimizerContext context)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(context);
        gradient = Decay.Into(gradient, parameter, WeightDecay);
        Variable first = context.Moment(parameter, "adamax.m"), largest = context.Moment(parameter, "adamax.u");
        Tensor m = first.Value * Beta1 + gradient * (1 - Beta1);
        Tensor u = (largest.Value * Beta2).Maximum(gradient.Abs() + Epsilon);
        context.Assign(first, m);
        context.Assign(largest, u);
        Tensor rate = context.Scalar("firstMomentRate", (step, rate) => rate / (1 - Math.Pow(Beta1, step)));
        context.Assign(parameter.Variable, parameter.Value - rate * m / u);
    }
}
