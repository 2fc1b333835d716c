using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>Adam with weight decay apart from the gradient: <c>θ ← θ − η·λ·θ − η·m̂/(√v̂ + ε)</c>. Loshchilov and Hutter 2019, algorithm 2, with η also on the decay as in PyTorch.</summary>
/// <param name="LearningRate">The learning rate before the schedule, above 0.</param>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, above 0.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
public sealed record AdamW(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0.01) : Optimizer
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
        Tensor change = Adam.Direction(parameter, gradient, context, Beta1, Beta2, Epsilon, false, 0);
        Tensor keep = context.Scalar("keep", (_, rate) => 1 - rate * WeightDecay);
        context.Assign(parameter.Variable, parameter.Value * keep - change);
    }
}
