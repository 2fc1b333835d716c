using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary><c>y = x + f(x)</c>: He et al. 2016, eq. 1.</summary>
public sealed class Residual : Layer
{
    private readonly Layer _inner;

    /// <summary>Creates the layer.</summary>
    /// <param name="inner">f, whose output has its input's shape.</param>
    public Residual(Layer inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
    }

    /// <inheritdoc/>
    public override Shape OutputShape => _inner.OutputShape;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _inner.Parameters;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">f changes the shape.</exception>
    public override Tensor Apply(Tensor x, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor change = _inner.Apply(x, context);
        if (!change.Shape.Equals(x.Shape)) throw new ArgumentException($"A residual layer adds f(x) to x, but x is {x.Shape} and f(x) is {change.Shape}.", nameof(x));
        return x + change;
    }
}
