using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Objectives;

/// <summary>An estimate of an expectation or a bound that carries the estimator's gradient.</summary>
/// <param name="Value">
/// <c>[batch...]</c>: its value is the plain Monte Carlo estimate, the same for every estimator on the same draws; its gradient, in the
/// parameters of the distribution and in everything the function is made of, is the estimator's.
/// </param>
public sealed record Estimate(Tensor Value)
{
    /// <summary>What the estimator's own parameters (baselines, control variates) maximise; train them beside the objective.</summary>
    public IReadOnlyList<Objective> Objectives { get; init; } = [];

    /// <summary>A tensor with the value of one and the gradient of another.</summary>
    internal static Tensor Join(Tensor value, Tensor gradient)
    {
        Tensor constant = gradient.StopGradient();
        // The difference is exactly zero whatever the surrogate's size, so the value keeps all of its digits.
        return value.StopGradient() + (gradient - constant);
    }
}
