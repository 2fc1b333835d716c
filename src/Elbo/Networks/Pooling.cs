using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>What pooling keeps of a window.</summary>
public enum PoolingType
{
    /// <summary>The largest element.</summary>
    Maximum,

    /// <summary>The mean.</summary>
    Average,
}

/// <summary>One number for each square window of each channel, without padding: <c>[B, C, H, W]</c> to <c>[B, C, (H − size)/stride + 1, …]</c>.</summary>
public sealed class Pooling : Layer
{
    private readonly PoolingType _type;
    private readonly int _size;
    private readonly int _stride;

    /// <summary>Creates the layer.</summary>
    /// <param name="type">What to keep of a window.</param>
    /// <param name="inputShape">The shape of one row: <c>[C, H, W]</c>.</param>
    /// <param name="size">The height and width of a window.</param>
    /// <param name="stride">The step between windows; by default their size.</param>
    public Pooling(PoolingType type, Shape inputShape, int size, int? stride = null)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        _type = type;
        _size = size;
        _stride = stride ?? size;
        OutputShape = ConvolutionSizes.Forward(inputShape, inputShape[0], size, _stride, 0);
    }

    /// <inheritdoc/>
    public override Shape OutputShape { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        return _type == PoolingType.Maximum ? x.MaxPool(_size, _stride) : x.AveragePool(_size, _stride);
    }
}
