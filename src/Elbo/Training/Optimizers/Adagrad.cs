using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>Adagrad: <c>s ← s + g², θ ← θ − η·g/(√s + ε)</c>. Duchi, Hazan and Singer 2011; the optimizer of Kingma and Welling 2013.</summary>
/// <param name="LearningRate">The learning rate before the schedule, above 0.</param>
/// <param name="RateDecay">δ at least 0; step t uses <c>η/(1 + (t − 1)·δ)</c>.</param>
/// <param name="InitialAccumulator">s before the first step, at least 0.</param>
/// <param name="Epsilon">ε, at least 0, outside the root as in PyTorch.</param>
/// <param name="WeightDecay">λ at least 0; g becomes <c>g + λ·θ</c>.</param>
public sealed record Adagrad(double LearningRate = 0.01, double RateDecay = 0, double InitialAccumulator = 0, double Epsilon = 1e-10, double WeightDecay = 0) : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = LearningRate;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(RateDecay >= 0, "rateDecay", RateDecay, "at least 0");
        Require(InitialAccumulator >= 0, "initialAccumulator", InitialAccumulator, "at least 0");
        Require(Epsilon >= 0, "epsilon", Epsilon, "at least 0");
        Require(WeightDecay >= 0, "weightDecay", WeightDecay, "at least 0");
    }

    /// <inheritdoc/>
    public override void Build(Parameter parameter, Tensor gradient, OptimizerContext context)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(context);
        gradient = Decay.Into(gradient, parameter, WeightDecay);
        Tensor rate = RateDecay == 0 ? context.Rate : context.Scalar("decayedRate", (step, rate) => rate / (1 + (step - 1) * RateDecay));
        Variable sum = context.Moment(parameter, "adagrad.sum", InitialAccumulator);
        Tensor grown = sum.Value + gradient.Square();
        context.Assign(sum, grown);
        context.Assign(parameter.Variable, parameter.Value - rate * gradient / (grown.Sqrt() + Epsilon));
    }
}
