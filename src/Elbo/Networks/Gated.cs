using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary><c>y = h(x)·sigmoid(g(x))</c>, element by element: Dauphin et al. 2017, eq. 1; the gated layers of the VampPrior are this with h and g dense.</summary>
public sealed class Gated : Layer
{
    private readonly Layer _value;
    private readonly Layer _gate;

    /// <summary>Creates the layer.</summary>
    /// <param name="value">h.</param>
    /// <param name="gate">g, with an output of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public Gated(Layer value, Layer gate)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(gate);
        if (!value.OutputShape.Equals(gate.OutputShape))
            throw new ArgumentException($"A gate of shape {gate.OutputShape} does not fit values of shape {value.OutputShape}.", nameof(gate));
        _value = value;
        _gate = gate;
        Parameters = [.. value.Parameters, .. gate.Parameters];
    }

    /// <inheritdoc/>
    public override Shape OutputShape => _value.OutputShape;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context) => _value.Apply(x, context) * _gate.Apply(x, context).Sigmoid();
}
