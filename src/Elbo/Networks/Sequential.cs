using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>Layers one after another: <c>fₙ(… f₂(f₁(x)))</c>.</summary>
public sealed class Sequential : Layer
{
    /// <summary>Chains layers.</summary>
    /// <param name="inputShape">The shape of one input row, which is also the output's when there are no layers.</param>
    /// <param name="layers">The layers in order of application.</param>
    public Sequential(Shape inputShape, params IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        ArgumentNullException.ThrowIfNull(layers);
        Layers = [.. layers];
        Parameters = [.. layers.SelectMany(layer => layer.Parameters)];
        InputShape = inputShape;
        OutputShape = layers.Count == 0 ? inputShape : layers[^1].OutputShape;
    }

    /// <summary>The layers in order of application.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The shape of one row of the input.</summary>
    public Shape InputShape { get; }

    /// <inheritdoc/>
    public override Shape OutputShape { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context)
    {
        foreach (Layer layer in Layers) x = layer.Apply(x, context);
        return x;
    }
}
