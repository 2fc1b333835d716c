using System.Text.Json.Serialization;

namespace Elbo.Report;

/// <summary>One step of a decoder: an operation of the engine on the results of earlier steps, named by their place in the list.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op")]
[JsonDerivedType(typeof(InputStep), "input")]
[JsonDerivedType(typeof(ConstantStep), "constant")]
[JsonDerivedType(typeof(ElementwiseStep), "elementwise")]
[JsonDerivedType(typeof(MatrixProductStep), "matmul")]
[JsonDerivedType(typeof(ConvolutionStep), "convolution")]
[JsonDerivedType(typeof(ReduceStep), "reduce")]
[JsonDerivedType(typeof(ReshapeStep), "reshape")]
[JsonDerivedType(typeof(BroadcastStep), "broadcast")]
[JsonDerivedType(typeof(TransposeStep), "transpose")]
[JsonDerivedType(typeof(SliceStep), "slice")]
[JsonDerivedType(typeof(PadStep), "pad")]
[JsonDerivedType(typeof(ConcatenateStep), "concatenate")]
internal abstract record DecoderStep
{
    public required IReadOnlyList<int> Shape { get; init; }

    public IReadOnlyList<int> Inputs { get; init; } = [];
}

/// <summary>The latent vector <c>[1, D]</c>.</summary>
internal sealed record InputStep : DecoderStep;

/// <summary>Weights, or anything else that does not depend on the latent vector; a single value fills the shape.</summary>
internal sealed record ConstantStep : DecoderStep
{
    [JsonConverter(typeof(Serialization.WeightsConverter))]
    public required Weights Values { get; init; }
}

/// <summary>An element-wise function of one, two or three inputs, broadcast as in NumPy; named as the engine names it.</summary>
internal sealed record ElementwiseStep : DecoderStep
{
    public required string Name { get; init; }
}

internal sealed record MatrixProductStep : DecoderStep
{
    public bool TransposeLeft { get; init; }

    public bool TransposeRight { get; init; }
}

/// <summary>A convolution of an image <c>[1, C, H, W]</c> by filters <c>[F, C, h, w]</c>, or transposed: from its responses back to the image.</summary>
internal sealed record ConvolutionStep : DecoderStep
{
    public required bool Transposed { get; init; }

    public required int Stride { get; init; }

    public required int Padding { get; init; }
}

/// <summary>A sum, or the largest, over the axes whose extent in the result is 1.</summary>
internal sealed record ReduceStep : DecoderStep
{
    public required bool Maximum { get; init; }
}

internal sealed record ReshapeStep : DecoderStep;

internal sealed record BroadcastStep : DecoderStep;

internal sealed record TransposeStep : DecoderStep
{
    public required IReadOnlyList<int> Permutation { get; init; }
}

internal sealed record SliceStep : DecoderStep
{
    public required IReadOnlyList<int> Starts { get; init; }
}

internal sealed record PadStep : DecoderStep
{
    public required IReadOnlyList<int> Before { get; init; }
}

internal sealed record ConcatenateStep : DecoderStep
{
    public required int Axis { get; init; }
}

/// <summary>Values that the page carries as 16-bit floats, unless they must be precise or do not fit.</summary>
internal sealed record Weights(float[] Values, bool Precise);
