using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Objectives;

/// <summary>What is subtracted from the values of f to lower the variance of the score function: a number that does not depend on the draw it weighs.</summary>
public abstract class Baseline
{
    /// <summary>What it learns or keeps from step to step.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Builds the baseline.</summary>
    /// <param name="values">The values that will weigh the scores, <c>[S, batch...]</c>, or <c>[S, batch..., D]</c> for a split function; no gradient flows to them.</param>
    /// <param name="expectation">Where they come from.</param>
    /// <param name="context">Where running averages are assigned.</param>
    /// <returns>The baseline, which broadcasts to the values, and what its parameters maximise.</returns>
    public abstract BaselineTerms Build(Tensor values, Expectation expectation, LayerContext context);
}

/// <summary>A baseline on one batch.</summary>
/// <param name="Value">b, which broadcasts to the values.</param>
/// <param name="Objective">What its parameters maximise; null where it learns nothing.</param>
public sealed record BaselineTerms(Tensor Value, Objective? Objective);
