namespace Elbo.Numerics;

/// <summary>
/// The three products of a convolution, which are each other's derivatives. With images <c>x [N, C, H, W]</c>, filters
/// <c>w [F, C, kh, kw]</c> and responses <c>y [N, F, oh, ow]</c>, where <c>oh = (H + 2·padding − kh) / stride + 1</c>.
/// </summary>
internal enum ConvolutionKind
{
    /// <summary>(x, w) → y, the correlation that networks call convolution.</summary>
    Forward,

    /// <summary>(y, w) → x: the gradient by the images, and the transposed convolution.</summary>
    Images,

    /// <summary>(x, y) → w: the gradient by the filters.</summary>
    Filters,
}

/// <summary>One of the three products of a 2-D convolution. <paramref name="Result"/> is needed where the shape does not follow from the inputs.</summary>
internal sealed record ConvolutionOperation(ConvolutionKind Kind, int Stride, int Padding, Shape Result) : Operation
{
    public override string Name => $"convolution {Kind}";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape images = Kind == ConvolutionKind.Images ? Result : inputs[0];
        Shape filters = Kind == ConvolutionKind.Filters ? Result : inputs[1];
        Shape responses = Kind switch { ConvolutionKind.Forward => Result, ConvolutionKind.Images => inputs[0], _ => inputs[1] };
        if (images.Rank != 4 || filters.Rank != 4 || !ResponseShape(images, filters, Stride, Padding).Equals(responses))
            throw new ArgumentException($"A convolution with stride {Stride} and padding {Padding} does not map images {images} by filters {filters} to {responses}.");
        return Result;
    }

    /// <summary>The shape of the responses of filters <c>[F, C, kh, kw]</c> to images <c>[N, C, H, W]</c>.</summary>
    public static Shape ResponseShape(Shape images, Shape filters, int stride, int padding)
    {
        if (images.Rank != 4 || filters.Rank != 4 || images[1] != filters[1])
            throw new ArgumentException($"A convolution needs images [N, C, H, W] and filters [F, C, height, width] with equal C, not {images} and {filters}.");
        if (stride < 1 || padding < 0) throw new ArgumentException($"A convolution needs a stride of at least 1 and a padding of at least 0, not {stride} and {padding}.");
        int height = images[2] + 2 * padding - filters[2], width = images[3] + 2 * padding - filters[3];
        if (height < 0 || width < 0)
            throw new ArgumentException($"Filters {filters} are larger than the images {images} with padding {padding}.");
        return [images[0], filters[0], height / stride + 1, width / stride + 1];
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        Tensor a = output.Inputs[0], b = output.Inputs[1];
        return Kind switch
        {
            ConvolutionKind.Forward => [Product(ConvolutionKind.Images, gradient, b, a.Shape), Product(ConvolutionKind.Filters, a, gradient, b.Shape)],
            ConvolutionKind.Images => [Product(ConvolutionKind.Forward, gradient, b, a.Shape), Product(ConvolutionKind.Filters, gradient, a, b.Shape)],
            _ => [Product(ConvolutionKind.Images, b, gradient, a.Shape), Product(ConvolutionKind.Forward, a, gradient, b.Shape)],
        };
    }

    private Tensor Product(ConvolutionKind kind, Tensor left, Tensor right, Shape result) =>
        Tensor.Create(new ConvolutionOperation(kind, Stride, Padding, result), left, right);

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        Array.Clear(output);
        Shape images = Kind == ConvolutionKind.Images ? Result : node.Inputs[0].Shape;
        Shape filters = Kind == ConvolutionKind.Filters ? Result : node.Inputs[1].Shape;
        Shape responses = ResponseShape(images, filters, Stride, Padding);
        for (int n = 0; n < images[0]; n++)
            for (int f = 0; f < filters[0]; f++)
                for (int oy = 0; oy < responses[2]; oy++)
                    for (int ox = 0; ox < responses[3]; ox++)
                        for (int c = 0; c < filters[1]; c++)
                            for (int ky = 0; ky < filters[2]; ky++)
                                for (int kx = 0; kx < filters[3]; kx++)
                                {
                                    int iy = oy * Stride + ky - Padding, ix = ox * Stride + kx - Padding;
                                    if (iy < 0 || ix < 0 || iy >= images[2] || ix >= images[3]) continue;
                                    int x = ((n * images[1] + c) * images[2] + iy) * images[3] + ix;
                                    int w = ((f * filters[1] + c) * filters[2] + ky) * filters[3] + kx;
                                    int y = ((n * responses[1] + f) * responses[2] + oy) * responses[3] + ox;
                                    if (Kind == ConvolutionKind.Forward) output[y] += inputs[0][x] * inputs[1][w];
                                    else if (Kind == ConvolutionKind.Images) output[x] += inputs[0][y] * inputs[1][w];
                                    else output[w] += inputs[0][x] * inputs[1][y];
                                }
    }
}
