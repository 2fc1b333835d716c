using System.Diagnostics;
using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>The sentences for networks that cannot be built.</summary>
[StackTraceHidden]
internal static class NetworkValidation
{
    public static void Check(NetworkDefinition definition, string name)
    {
        foreach (int width in definition.Hidden ?? [])
            if (width < 1) throw new ElboException($"The network '{name}' has a hidden layer of width {width}; every width must be at least 1.");
        if (!(definition.Dropout >= 0 && definition.Dropout < 1))
            throw new ElboException($"The network '{name}' has a dropout rate of {definition.Dropout}; it must be in [0, 1).");
        foreach (ConvolutionDefinition convolution in definition.Convolutions ?? [])
            if (convolution.Channels < 1 || convolution.Kernel < 1 || convolution.Stride < 1 || convolution.Padding < 0)
                throw new ElboException($"The network '{name}' has a convolution of {convolution.Channels} channels, kernel {convolution.Kernel}, stride {convolution.Stride}, padding {convolution.Padding ?? ConvolutionSizes.DefaultPadding(convolution.Kernel)}; the first three must be at least 1 and the padding at least 0.");
    }

    /// <summary>The row as an image <c>[C, H, W]</c>.</summary>
    public static Shape Image(Shape row, string name) => row.Rank switch
    {
        3 => row,
        2 => [1, row[0], row[1]],
        _ => throw new ElboException($"The network '{name}' has convolutions, which need images [C, H, W], but the data's rows have shape {row}; remove the convolutions or give the data an image shape."),
    };

    public static Shape Forward(Shape image, ConvolutionDefinition convolution, string name)
    {
        try
        {
            return ConvolutionSizes.Forward(image, convolution.Channels, convolution.Kernel, convolution.Stride, convolution.Padding);
        }
        catch (ArgumentException exception)
        {
            throw new ElboException($"The network '{name}' does not fit the images: the {convolution.Kernel}×{convolution.Kernel} filters of the convolution with {convolution.Channels} channels are larger than the padded maps {image}; use a smaller kernel, fewer layers or smaller strides.", exception);
        }
    }
}
