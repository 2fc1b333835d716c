using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary><c>y = scale·(x − mean)/√(variance + ε) + shift</c> with mean and (biased) variance over each row: Ba, Kiros and Hinton 2016, eq. 4. Training and evaluation are the same.</summary>
public sealed class LayerNormalization : Layer
{
    private readonly string _name;
    private readonly double _epsilon;

    /// <summary>Declares the layer: <c>name.scale</c> and <c>name.shift</c>, of the row's shape.</summary>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="shape">The shape of one row.</param>
    /// <param name="epsilon">ε, above 0.</param>
    public LayerNormalization(string name, Shape shape, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(shape);
        _name = name;
        OutputShape = shape;
        _epsilon = epsilon;
        Scale = new Parameter($"{name}.scale", shape, Initializer.Ones);
        Shift = new Parameter($"{name}.shift", shape, Initializer.Zeros);
        Parameters = [Scale, Shift];
    }

    /// <summary>The learned scale, one at the start.</summary>
    public Parameter Scale { get; }

    /// <summary>The learned shift, zero at the start.</summary>
    public Parameter Shift { get; }

    /// <inheritdoc/>
    public override Shape OutputShape { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(context);
        return context.Watch(_name, x.Normalize([.. Enumerable.Range(1, OutputShape.Rank)], _epsilon) * Scale + Shift);
    }
}
