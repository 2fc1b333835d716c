using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Objectives;

/// <summary>
/// A network of what q is conditioned on, trained to predict the values: it minimises (f(z) − b(x))². Mnih and Gregor 2014 (arXiv 1402.0030),
/// section 2.3 and eq. 8.
/// </summary>
/// <param name="network">From the expectation's condition <c>[batch, features]</c> to <c>[batch, 1]</c>, or <c>[batch, D]</c> for a split function.</param>
public sealed class NeuralBaseline(Layer network) : Baseline
{
    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => network.Parameters;

    /// <inheritdoc/>
    /// <exception cref="ElboException">The expectation has no condition, or the network's output does not fit.</exception>
    public override BaselineTerms Build(Tensor values, Expectation expectation, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(expectation);
        if (expectation.Condition is not { } condition)
            throw new ElboException("A neural baseline predicts from what the distribution is conditioned on; give the expectation its condition, or use another baseline.");
        Tensor output = network.Apply(condition.StopGradient(), context);
        Shape single = Shape.Create(values.Shape.AsSpan()[1..]);
        if (output.Shape.ElementCount != single.ElementCount)
            throw new ElboException($"The neural baseline gives {output.Shape}, but the values of one draw are {single}; let the network end in {(expectation.Split is null ? "1 output" : $"{single[-1]} outputs")}.");
        Tensor prediction = output.Reshape(single);
        return new BaselineTerms(prediction, new Objective(-(values - prediction).Square().Mean(), network.Parameters));
    }
}
