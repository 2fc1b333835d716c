using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>
/// A function with parameters from rows of one shape to rows of another. To add one, derive from this class: declare the parameters in
/// the constructor, build the graph in <see cref="Apply"/>.
/// </summary>
public abstract class Layer
{
    /// <summary>The shape of one row of the output, without the batch: <c>[500]</c> or <c>[C, H, W]</c>.</summary>
    public abstract Shape OutputShape { get; }

    /// <summary>Everything the layer learns or keeps, running statistics (<see cref="Parameter.IsTrainable"/> false) included.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Builds the layer's graph on an input.</summary>
    /// <param name="x">A batch of rows <c>[B, ...inputShape]</c>.</param>
    /// <param name="context">The graph's context.</param>
    /// <returns>A batch of rows <c>[B, ...OutputShape]</c>.</returns>
    public abstract Tensor Apply(Tensor x, LayerContext context);

    /// <summary>The shape of a batch of rows: <c>[count, ...row]</c>.</summary>
    internal static Shape BatchShape(int count, Shape row) => Shape.Create([count, .. row]);
}
