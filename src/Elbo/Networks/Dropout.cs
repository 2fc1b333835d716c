using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>
/// In training sets each element to zero with probability <c>rate</c> and divides the others by <c>1 − rate</c>, so that the mean stays;
/// in evaluation changes nothing. Srivastava et al. 2014, with the scaling moved to training.
/// </summary>
public sealed class Dropout : Layer
{
    private readonly double _rate;

    /// <summary>Creates the layer.</summary>
    /// <param name="rate">The probability to drop an element, in [0, 1).</param>
    /// <param name="shape">The shape of one row.</param>
    public Dropout(double rate, Shape shape)
    {
        if (!(rate >= 0 && rate < 1)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "The rate must be in [0, 1).");
        _rate = rate;
        OutputShape = shape;
    }

    /// <inheritdoc/>
    public override Shape OutputShape { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(context);
        if (!context.IsTraining || _rate == 0) return x;
        return Tensor.Where(Tensor.RandomUniform(x.Shape, context.NextKey()).GreaterOrEqual(_rate), x * (1 / (1 - _rate)), 0.0);
    }
}
