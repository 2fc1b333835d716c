using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>
/// The transpose of a convolution, with a bias for each output channel, from <c>[B, F, h, w]</c> to <c>[B, C, H, W]</c>,
/// <c>H = (h − 1)·stride − 2·padding + kernel</c> plus up to <c>stride − 1</c> more, since a strided convolution maps that many sizes to
/// one: height and width choose which.
/// </summary>
public sealed class TransposedConvolution : Layer
{
    private readonly string _name;
    private readonly int _stride;
    private readonly int _padding;
    private readonly int _outputPadding;

    /// <summary>Declares the layer and its parameters <c>name.weight [F, channels, kernel, kernel]</c> and <c>name.bias [channels]</c>.</summary>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="inputShape">The shape of one row: <c>[F, h, w]</c>.</param>
    /// <param name="channels">The number of channels of the output.</param>
    /// <param name="kernel">The height and width of a filter.</param>
    /// <param name="stride">The step between windows in the output.</param>
    /// <param name="padding">The padding of the convolution this transposes; by default <c>(kernel − 1)/2</c>.</param>
    /// <param name="height">The output's height; by default the smallest.</param>
    /// <param name="width">The output's width; by default the smallest.</param>
    /// <param name="weight">How the weights start; Glorot uniform by default.</param>
    /// <param name="bias">How the biases start; zeros by default.</param>
    /// <param name="useBias">Whether there are biases; a normalisation that follows makes them idle.</param>
    /// <exception cref="ArgumentException">The row is no image, or no convolution maps the asked-for size to the input's.</exception>
    public TransposedConvolution(string name, Shape inputShape, int channels, int kernel, int stride = 1, int? padding = null, int? height = null, int? width = null, Initializer? weight = null, Initializer? bias = null, bool useBias = true)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        if (inputShape.Rank != 3) throw new ArgumentException($"A transposed convolution needs rows that are images [F, h, w], not {inputShape}.", nameof(inputShape));
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        _name = name;
        _stride = stride;
        _padding = padding ?? ConvolutionSizes.DefaultPadding(kernel);
        int leastHeight = ConvolutionSizes.Transposed(inputShape[1], kernel, stride, _padding);
        int leastWidth = ConvolutionSizes.Transposed(inputShape[2], kernel, stride, _padding);
        OutputShape = [channels, height ?? leastHeight, width ?? leastWidth];
        int moreHeight = OutputShape[1] - leastHeight, moreWidth = OutputShape[2] - leastWidth;
        if (moreHeight < 0 || moreHeight >= stride || moreWidth < 0 || moreWidth >= stride)
            throw new ArgumentException($"No convolution of kernel {kernel}, stride {stride} and padding {_padding} maps {OutputShape[1]}×{OutputShape[2]} to {inputShape[1]}×{inputShape[2]}; heights {leastHeight} to {leastHeight + stride - 1} and widths {leastWidth} to {leastWidth + stride - 1} would do.", nameof(height));
        _outputPadding = Math.Max(moreHeight, moreWidth);

        // Each output element sums over the windows that cover it: kernel²/stride² of them on each feature map.
        Weight = new Parameter($"{name}.weight", [inputShape[0], channels, kernel, kernel], weight ?? Initializer.GlorotUniform)
        {
            FanIn = Math.Max(1, inputShape[0] * kernel * kernel / (stride * stride)),
            FanOut = channels * kernel * kernel,
        };
        Bias = useBias ? new Parameter($"{name}.bias", [channels], bias ?? Initializer.Zeros) { FanIn = Weight.FanIn, FanOut = Weight.FanOut } : null;
        Parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>The filters <c>[F, C, kernel, kernel]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>The biases <c>[C]</c>, or null without them.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override Shape OutputShape { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(context);
        // One padding serves both sides; where they differ, the rows or columns too many are exactly the ones to cut off.
        Tensor image = x.ConvolveTransposed(Weight, _stride, _padding, _outputPadding).Slice([0, 0, 0, 0], BatchShape(x.Shape[0], OutputShape));
        return context.Watch(_name, Bias is null ? image : image + Bias.Value.Reshape([OutputShape[0], 1, 1]));
    }
}
