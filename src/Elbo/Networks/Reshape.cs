using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>The same elements of each row under another shape.</summary>
public sealed class Reshape : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="outputShape">The new shape of one row, of as many elements as the input's.</param>
    public Reshape(Shape outputShape) => OutputShape = outputShape;

    /// <inheritdoc/>
    public override Shape OutputShape { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Reshape(BatchShape(x.Shape[0], OutputShape));
    }
}

/// <summary>Rows of any shape as vectors: <c>[B, C, H, W]</c> becomes <c>[B, C·H·W]</c>.</summary>
public sealed class Flatten : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inputShape">The shape of one row of the input.</param>
    public Flatten(Shape inputShape)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        OutputShape = [inputShape.ElementCount];
    }

    /// <inheritdoc/>
    public override Shape OutputShape { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Reshape(BatchShape(x.Shape[0], OutputShape));
    }
}
