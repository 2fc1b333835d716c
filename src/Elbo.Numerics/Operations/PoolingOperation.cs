namespace Elbo.Numerics;

internal enum PoolingKind
{
    /// <summary>x → the mean of each window.</summary>
    Average,

    /// <summary>g → the transpose of the mean: each window's value spread over its elements.</summary>
    AverageSpread,

    /// <summary>x → the largest of each window.</summary>
    Maximum,

    /// <summary>(x, g) → g placed at each window's first largest element.</summary>
    MaximumScatter,

    /// <summary>(x, v) → v read at each window's first largest element of x: the transpose of the scatter.</summary>
    MaximumGather,
}

/// <summary>Pooling of images <c>[N, C, H, W]</c> over square windows without padding; windows that would leave the image are dropped.</summary>
internal sealed record PoolingOperation(PoolingKind Kind, int Size, int Stride, Shape Result) : Operation
{
    public override string Name => $"pool {Kind}";

    public static Shape PooledShape(Shape images, int size, int stride)
    {
        if (images.Rank != 4 || size < 1 || stride < 1 || images[2] < size || images[3] < size)
            throw new ArgumentException($"Pooling needs images [N, C, H, W] at least as large as the window, and size and stride of at least 1; given {images}, size {size}, stride {stride}.");
        return [images[0], images[1], (images[2] - size) / stride + 1, (images[3] - size) / stride + 1];
    }

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Result;

    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        Tensor x = output.Inputs[0];
        return Kind switch
        {
            PoolingKind.Average => [Make(PoolingKind.AverageSpread, x.Shape, gradient)],
            PoolingKind.AverageSpread => [Make(PoolingKind.Average, x.Shape, gradient)],
            PoolingKind.Maximum => [Make(PoolingKind.MaximumScatter, x.Shape, x, gradient)],
            PoolingKind.MaximumScatter => [null, Make(PoolingKind.MaximumGather, output.Inputs[1].Shape, x, gradient)],
            _ => [null, Make(PoolingKind.MaximumScatter, output.Inputs[1].Shape, x, gradient)],
        };
    }

    private Tensor Make(PoolingKind kind, Shape result, params Tensor[] inputs) => Tensor.Create(new PoolingOperation(kind, Size, Stride, result), inputs);

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        Array.Clear(output);
        Shape images = Kind is PoolingKind.AverageSpread ? Result : node.Inputs[0].Shape;
        Shape pooled = PooledShape(images, Size, Stride);
        for (int p = 0; p < pooled.ElementCount; p++)
        {
            int plane = p / (pooled[2] * pooled[3]), top = p / pooled[3] % pooled[2] * Stride, left = p % pooled[3] * Stride;
            int best = -1;
            for (int i = 0; i < Size * Size; i++)
            {
                int x = (plane * images[2] + top + i / Size) * images[3] + left + i % Size;
                if (Kind == PoolingKind.Average) output[p] += inputs[0][x] / (Size * Size);
                else if (Kind == PoolingKind.AverageSpread) output[x] += inputs[0][p] / (Size * Size);
                else if (best < 0 || inputs[0][x] > inputs[0][best]) best = x;
            }

            if (Kind == PoolingKind.Maximum) output[p] = inputs[0][best];
            else if (Kind == PoolingKind.MaximumScatter) output[best] += inputs[1][p];
            else if (Kind == PoolingKind.MaximumGather) output[p] = inputs[1][best];
        }
    }
}
