using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The exponentially decaying average of the values of earlier steps, <c>b = m/w</c> with <c>m ← γm + (1 − γ)·mean(f)</c> and
/// <c>w ← γw + (1 − γ)</c>, so that the first steps are not drawn to 0: Mnih and Gregor 2014 (arXiv 1402.0030), section 2.3.
/// </summary>
public sealed class MovingAverageBaseline : Baseline
{
    private readonly double _decay;
    private readonly Parameter _sum;
    private readonly Parameter _weight;

    /// <summary>Creates the baseline.</summary>
    /// <param name="decay">γ in [0, 1).</param>
    /// <param name="name">The prefix of its variables' names.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is not in [0, 1).</exception>
    public MovingAverageBaseline(double decay = 0.9, string name = "baseline")
    {
        if (!(decay >= 0 && decay < 1)) throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay must be in [0, 1).");
        _decay = decay;
        _sum = new Parameter($"{name}.average", Shape.Scalar, Initializer.Constant(0), isTrainable: false);
        _weight = new Parameter($"{name}.weight", Shape.Scalar, Initializer.Constant(0), isTrainable: false);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_sum, _weight];

    /// <inheritdoc/>
    public override BaselineTerms Build(Tensor values, Expectation expectation, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(context);
        context.Assign(_sum.Variable, context.Current(_sum.Variable) * _decay + values.Mean() * (1 - _decay));
        context.Assign(_weight.Variable, context.Current(_weight.Variable) * _decay + (1 - _decay));
        // Before the first step the sum is 0 as well, and so is the baseline.
        return new BaselineTerms(_sum.Value / _weight.Value.Maximum(1e-30), null);
    }
}
