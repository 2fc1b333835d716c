using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>The sizes of images before and after convolutions, in both directions.</summary>
internal static class ConvolutionSizes
{
    /// <summary>The padding that halves an even size with kernel 4 and stride 2, and keeps every size with an odd kernel and stride 1.</summary>
    public static int DefaultPadding(int kernel) => (kernel - 1) / 2;

    /// <summary>The shape <c>[F, oh, ow]</c> of the responses to one image <c>[C, H, W]</c>.</summary>
    public static Shape Forward(Shape image, int filters, int kernel, int stride, int? padding)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Rank != 3) throw new ArgumentException($"A convolution needs rows that are images [C, H, W], not {image}.", nameof(image));
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        int around = padding ?? DefaultPadding(kernel);
        ArgumentOutOfRangeException.ThrowIfNegative(around, nameof(padding));
        if (image[1] + 2 * around < kernel || image[2] + 2 * around < kernel)
            throw new ArgumentException($"A filter of {kernel}×{kernel} with padding {around} is larger than the image {image}; use a smaller kernel, fewer layers or smaller strides.", nameof(kernel));
        return [filters, (image[1] + 2 * around - kernel) / stride + 1, (image[2] + 2 * around - kernel) / stride + 1];
    }

    /// <summary>The smallest size whose convolution has <paramref name="size"/> responses: <c>(size − 1)·stride − 2·padding + kernel</c>.</summary>
    public static int Transposed(int size, int kernel, int stride, int padding) => (size - 1) * stride - 2 * padding + kernel;
}
