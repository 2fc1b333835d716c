using System.Text.Json.Serialization;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Networks;

/// <summary>What stands between a linear layer and its activation.</summary>
[JsonConverter(typeof(NamedEnumConverter<NormalizationKind>))]
public enum NormalizationKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Over the batch: <see cref="BatchNormalization"/>.</summary>
    Batch,

    /// <summary>Over each row: <see cref="LayerNormalization"/>.</summary>
    Layer,
}

/// <summary>One convolution of a stack.</summary>
/// <param name="Channels">
/// The number of feature maps: of an encoder's convolution its output, of a decoder's transposed convolution its input; so a decoder is
/// the encoder read backwards.
/// </param>
/// <param name="Kernel">The height and width of the filters.</param>
/// <param name="Stride">The step between windows.</param>
/// <param name="Padding">Zeros around the image; null for <c>(kernel − 1)/2</c>.</param>
public sealed record ConvolutionDefinition(int Channels, int Kernel = 4, int Stride = 2, int? Padding = null);

/// <summary>
/// A network as data. As an encoder: convolutions, then dense layers. As a decoder: dense layers, then transposed convolutions, then an
/// output layer. Lists read in the order of application. Each layer is linear → normalisation → activation → dropout.
/// </summary>
/// <param name="Hidden">The widths of the dense layers; null for none.</param>
/// <param name="Convolutions">The convolutions; null for none. They need rows that are images.</param>
/// <param name="Activation">The function after each layer but the output.</param>
/// <param name="Normalization">The normalisation after each linear map but the output's.</param>
/// <param name="Dropout">The rate of dropout after each activation, in [0, 1).</param>
/// <param name="Residual">Whether a layer that keeps its shape adds its input to its output.</param>
/// <param name="Gated">Whether each layer is multiplied by a sigmoid gate of its own.</param>
/// <param name="Initializer">How weights start; null for Glorot uniform.</param>
/// <param name="BiasInitializer">How biases start; null for zeros.</param>
public sealed record NetworkDefinition(
    IReadOnlyList<int>? Hidden = null,
    IReadOnlyList<ConvolutionDefinition>? Convolutions = null,
    ActivationKind Activation = ActivationKind.Relu,
    NormalizationKind Normalization = NormalizationKind.None,
    double Dropout = 0,
    bool Residual = false,
    bool Gated = false,
    Initializer? Initializer = null,
    Initializer? BiasInitializer = null)
{
    /// <summary>The same network backwards: a decoder for this encoder.</summary>
    public NetworkDefinition Mirrored() => this with { Hidden = Hidden?.Reverse().ToArray(), Convolutions = Convolutions?.Reverse().ToArray() };

    /// <summary>Builds the layers from rows to a vector of features, without an output layer: what a posterior's heads stand on.</summary>
    /// <param name="name">The prefix of all parameters' names: <c>encoder</c>.</param>
    /// <param name="inputShape">The shape of one row: <c>[n]</c>, <c>[H, W]</c> or <c>[C, H, W]</c>.</param>
    /// <returns>A network with the output shape <c>[features]</c>.</returns>
    /// <exception cref="ElboException">A number is out of its range, or convolutions meet rows that are no images or become too small.</exception>
    public Sequential BuildEncoder(string name, Shape inputShape) => NetworkBuilder.Encoder(this, name, inputShape);

    /// <summary>Builds the layers from vectors to rows, a linear output layer included.</summary>
    /// <param name="name">The prefix of all parameters' names: <c>decoder</c>.</param>
    /// <param name="inputs">The width of the input.</param>
    /// <param name="outputShape">The shape of one row to come out: <c>[n]</c>, <c>[H, W]</c> or <c>[C, H, W]</c>.</param>
    /// <param name="parametersPerElement">How many numbers each element of the row gets; they multiply the first extent: <c>[p·C, H, W]</c>, all of one before all of the next.</param>
    /// <param name="outputBias">Where the output starts, one number an element of the output; a convolution, with one bias a channel, takes their mean. Null for the bias initializer.</param>
    /// <returns>A network with the output shape <c>[p·C, H, W]</c> or <c>[p·n]</c>.</returns>
    /// <exception cref="ElboException">As for <see cref="BuildEncoder"/>.</exception>
    public Sequential BuildDecoder(string name, int inputs, Shape outputShape, int parametersPerElement = 1, IReadOnlyList<double>? outputBias = null) =>
        NetworkBuilder.Decoder(this, name, inputs, outputShape, parametersPerElement, outputBias);

    /// <summary>Builds the layers from rows to a vector, a linear output layer included.</summary>
    /// <param name="name">The prefix of all parameters' names.</param>
    /// <param name="inputShape">The shape of one row.</param>
    /// <param name="outputs">The width of the output.</param>
    /// <returns>A network with the output shape <c>[outputs]</c>.</returns>
    /// <exception cref="ElboException">As for <see cref="BuildEncoder"/>.</exception>
    public Sequential Build(string name, Shape inputShape, int outputs) => NetworkBuilder.Whole(this, name, inputShape, outputs);
}

/// <summary>The source-generated description of network definitions, for reading them with <see cref="StrictJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NetworkDefinition))]
public sealed partial class NetworkJson : JsonSerializerContext;
