using System.Text.Json.Serialization;

namespace Elbo.Report;

/// <summary>One layer of a <see cref="DecoderNetwork"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DenseLayer), "dense")]
[JsonDerivedType(typeof(ActivationLayer), "activation")]
[JsonDerivedType(typeof(ReshapeLayer), "reshape")]
[JsonDerivedType(typeof(ConvolutionLayer), "convolution")]
[JsonDerivedType(typeof(TransposedConvolutionLayer), "transposed-convolution")]
[JsonDerivedType(typeof(ChannelAffineLayer), "channel-affine")]
[JsonDerivedType(typeof(LayerNormalizationLayer), "layer-normalization")]
public abstract record DecoderLayer;

/// <summary><c>y = x W + b</c>.</summary>
public sealed record DenseLayer : DecoderLayer
{
    /// <summary>The weight <c>W</c>, shape <c>[inputs, outputs]</c>.</summary>
    public required WeightTensor Weight { get; init; }

    /// <summary>The bias <c>b</c>, shape <c>[outputs]</c>, or <see langword="null"/> for none.</summary>
    public WeightTensor? Bias { get; init; }
}

/// <summary>An element-wise function.</summary>
public sealed record ActivationLayer : DecoderLayer
{
    /// <summary>The function.</summary>
    public required ActivationFunction Function { get; init; }

    /// <summary>The slope of <see cref="ActivationFunction.LeakyRelu"/> for negative values, or the <c>α</c> of <see cref="ActivationFunction.Elu"/>.</summary>
    public float? Slope { get; init; }
}

/// <summary>The element-wise functions the page knows.</summary>
public enum ActivationFunction
{
    /// <summary><c>x</c>.</summary>
    Identity,

    /// <summary><c>max(x, 0)</c>.</summary>
    Relu,

    /// <summary><c>x</c> for positive, <c>slope · x</c> for negative values; the slope is 0.01 unless given.</summary>
    LeakyRelu,

    /// <summary><c>x</c> for positive, <c>α (e^x − 1)</c> for negative values; <c>α</c> is 1 unless given.</summary>
    Elu,

    /// <summary><c>tanh x</c>.</summary>
    Tanh,

    /// <summary><c>1/(1 + e^−x)</c>.</summary>
    Sigmoid,

    /// <summary><c>log(1 + e^x)</c>.</summary>
    Softplus,

    /// <summary><c>x Φ(x)</c>, with the error function.</summary>
    Gelu,

    /// <summary><c>½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))</c>.</summary>
    GeluTanh,

    /// <summary><c>x/(1 + e^−x)</c>.</summary>
    Silu,
}

/// <summary>Reads the same values as an image.</summary>
public sealed record ReshapeLayer : DecoderLayer
{
    /// <summary>The channels.</summary>
    public required int Channels { get; init; }

    /// <summary>The height.</summary>
    public required int Height { get; init; }

    /// <summary>The width.</summary>
    public required int Width { get; init; }
}

/// <summary>
/// Cross-correlation with zero padding: the side of the output is <c>⌊(side + 2·padding − kernel)/stride⌋ + 1</c>.
/// </summary>
public sealed record ConvolutionLayer : DecoderLayer
{
    /// <summary>The kernel, shape <c>[outputs, inputs, kernelHeight, kernelWidth]</c>.</summary>
    public required WeightTensor Weight { get; init; }

    /// <summary>The bias, shape <c>[outputs]</c>, or <see langword="null"/> for none.</summary>
    public WeightTensor? Bias { get; init; }

    /// <summary>The stride, both ways.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>The zero padding on every side.</summary>
    public int Padding { get; init; }
}

/// <summary>
/// The transpose of <see cref="ConvolutionLayer"/>: the side of the output is
/// <c>(side − 1)·stride − 2·padding + kernel + outputPadding</c>.
/// </summary>
public sealed record TransposedConvolutionLayer : DecoderLayer
{
    /// <summary>The kernel, shape <c>[inputs, outputs, kernelHeight, kernelWidth]</c>.</summary>
    public required WeightTensor Weight { get; init; }

    /// <summary>The bias, shape <c>[outputs]</c>, or <see langword="null"/> for none.</summary>
    public WeightTensor? Bias { get; init; }

    /// <summary>The stride, both ways.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>The padding taken off every side.</summary>
    public int Padding { get; init; }

    /// <summary>Rows and columns added at the bottom and the right, less than <see cref="Stride"/>.</summary>
    public int OutputPadding { get; init; }
}

/// <summary><c>y = x · Scale + Shift</c> per channel (or per value of a vector): batch normalisation with its running moments folded in.</summary>
public sealed record ChannelAffineLayer : DecoderLayer
{
    /// <summary>The factors, shape <c>[channels]</c>.</summary>
    public required WeightTensor Scale { get; init; }

    /// <summary>The shifts, shape <c>[channels]</c>.</summary>
    public required WeightTensor Shift { get; init; }
}

/// <summary><c>y = (x − mean)/√(variance + ε) · Scale + Shift</c> over all values.</summary>
public sealed record LayerNormalizationLayer : DecoderLayer
{
    /// <summary>The factors, one per value.</summary>
    public required WeightTensor Scale { get; init; }

    /// <summary>The shifts, one per value.</summary>
    public required WeightTensor Shift { get; init; }

    /// <summary>The <c>ε</c> under the root.</summary>
    public float Epsilon { get; init; } = 1e-5f;
}
