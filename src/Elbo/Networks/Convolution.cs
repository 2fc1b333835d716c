using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>
/// A convolution (a correlation, as in every network library) with a bias for each filter, from <c>[B, C, H, W]</c> to
/// <c>[B, F, oh, ow]</c>, <c>oh = ⌊(H + 2·padding − kernel)/stride⌋ + 1</c>.
/// </summary>
public sealed class Convolution : Layer
{
    private readonly string _name;
    private readonly int _stride;
    private readonly int _padding;

    /// <summary>Declares the layer and its parameters <c>name.weight [filters, C, kernel, kernel]</c> and <c>name.bias [filters]</c>.</summary>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="inputShape">The shape of one row: <c>[C, H, W]</c>.</param>
    /// <param name="filters">The number of feature maps of the output.</param>
    /// <param name="kernel">The height and width of a filter.</param>
    /// <param name="stride">The step between windows.</param>
    /// <param name="padding">Zeros around the image; by default <c>(kernel − 1)/2</c>, which with stride 1 and an odd kernel keeps the size.</param>
    /// <param name="weight">How the weights start; Glorot uniform by default.</param>
    /// <param name="bias">How the biases start; zeros by default.</param>
    /// <param name="useBias">Whether there are biases; a normalisation that follows makes them idle.</param>
    /// <exception cref="ArgumentException">The row is no image, or the filter is larger than the padded image.</exception>
    public Convolution(string name, Shape inputShape, int filters, int kernel, int stride = 1, int? padding = null, Initializer? weight = null, Initializer? bias = null, bool useBias = true)
    {
        OutputShape = ConvolutionSizes.Forward(inputShape, filters, kernel, stride, padding);
        _name = name;
        _stride = stride;
        _padding = padding ?? ConvolutionSizes.DefaultPadding(kernel);
        Weight = new Parameter($"{name}.weight", [filters, inputShape[0], kernel, kernel], weight ?? Initializer.GlorotUniform);
        Bias = useBias ? new Parameter($"{name}.bias", [filters], bias ?? Initializer.Zeros) { FanIn = Weight.FanIn, FanOut = Weight.FanOut } : null;
        Parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>The filters <c>[F, C, kernel, kernel]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>The biases <c>[F]</c>, or null without them.</summary>
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
        Tensor response = x.Convolve(Weight, _stride, _padding);
        return context.Watch(_name, Bias is null ? response : response + Bias.Value.Reshape([OutputShape[0], 1, 1]));
    }
}
