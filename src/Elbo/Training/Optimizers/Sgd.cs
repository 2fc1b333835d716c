using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>
/// Stochastic gradient descent: <c>θ ← θ − η·g</c>; with momentum μ, <c>b ← μ·b + g, θ ← θ − η·b</c> (Polyak 1964); with Nesterov,
/// <c>θ ← θ − η·(g + μ·b)</c> (Sutskever et al. 2013, in PyTorch's form).
/// </summary>
/// <param name="LearningRate">The learning rate before the schedule, above 0.</param>
/// <param name="Momentum">μ in [0, 1).</param>
/// <param name="Nesterov">Whether to look ahead; needs momentum.</param>
/// <param name="WeightDecay">λ at least 0; g becomes <c>g + λ·θ</c>.</param>
public sealed record Sgd(double LearningRate = 0.01, double Momentum = 0, bool Nesterov = false, double WeightDecay = 0) : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = LearningRate;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(Momentum is >= 0 and < 1, "momentum", Momentum, "in [0, 1)");
        Require(WeightDecay >= 0, "weightDecay", WeightDecay, "at least 0");
        if (Nesterov && Momentum == 0) throw new ElboException("The optimizer's 'nesterov' needs a 'momentum' above 0, for example 0.9.");
    }

    /// <inheritdoc/>
    public override void Build(Parameter parameter, Tensor gradient, OptimizerContext context)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(context);
        gradient = Decay.Into(gradient, parameter, WeightDecay);
        if (Momentum > 0)
        {
            Variable buffer = context.Moment(parameter, "sgd.momentum");
            Tensor moved = buffer.Value * Momentum + gradient;
            context.Assign(buffer, moved);
            gradient = Nesterov ? gradient + moved * Momentum : moved;
        }

        context.Assign(parameter.Variable, parameter.Value - context.Rate * gradient);
    }
}

/// <summary>Weight decay as an L2 penalty: part of the gradient.</summary>
internal static class Decay
{
    public static Tensor Into(Tensor gradient, Parameter parameter, double weightDecay) =>
        weightDecay == 0 ? gradient : gradient + parameter.Value * weightDecay;
}
