using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>A given number. The one that minimises the variance is E[f·‖∇ln q‖²]/E[‖∇ln q‖²]: Ranganath, Gerrish and Blei 2014 (arXiv 1401.0118), eq. 8.</summary>
/// <param name="value">The number.</param>
public sealed class ConstantBaseline(Tensor value) : Baseline
{
    /// <inheritdoc/>
    public override BaselineTerms Build(Tensor values, Expectation expectation, LayerContext context) => new(value, null);
}
