using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>An expectation whose gradient is known, to measure estimators on.</summary>
/// <param name="Name">The function and the distribution: <c>(x + 3)², N(1, 1)</c>.</param>
/// <param name="Parameters">The numbers the gradient is taken in, P of them.</param>
/// <param name="Build">The expectation for R independent replicates: q has the batch shape <c>[R]</c>; given the parameters, <c>[R, P]</c>.</param>
/// <param name="Gradient">The true gradient, P numbers.</param>
public sealed record EstimatorProblem(string Name, IReadOnlyList<double> Parameters, Func<Tensor, Expectation> Build, IReadOnlyList<double> Gradient)
{
    /// <summary>The true value of the expectation, where it is known.</summary>
    public double? Value { get; init; }
}
