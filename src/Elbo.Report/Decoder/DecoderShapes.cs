namespace Elbo.Report;

/// <summary>Follows the shape through a decoder's layers, so that a page never meets layers that do not chain.</summary>
internal static class DecoderShapes
{
    /// <summary>An activation's shape: channels × height × width, a vector having height and width 1.</summary>
    private readonly record struct Extent(int Channels, int Height, int Width)
    {
        public long Size => (long)Channels * Height * Width;
        public override string ToString() => $"[{Channels}, {Height}, {Width}]";
    }

    public static void Check(DecoderNetwork decoder)
    {
        if (decoder.LatentDimensions < 1) throw Refuse($"the latent vector has {decoder.LatentDimensions} dimensions; give at least one");
        if (decoder.Channels is not (1 or 3)) throw Refuse($"the image has {decoder.Channels} channels; give 1 (grey) or 3 (colour)");
        if (!float.IsFinite(decoder.PixelScale) || !float.IsFinite(decoder.PixelShift)) throw Refuse("the pixel scale and shift must be finite");
        var extent = new Extent(decoder.LatentDimensions, 1, 1);
        for (var i = 0; i < decoder.Layers.Count; i++) extent = Next(decoder.Layers[i], extent, i);
        var image = new Extent(decoder.Channels, decoder.Height, decoder.Width);
        if (extent.Size != image.Size) throw Refuse($"the last layer gives {extent}, but the image is {image}");
    }

    private static Extent Next(DecoderLayer layer, Extent input, int index)
    {
        switch (layer)
        {
            case DenseLayer dense:
                Require(index, "dense weight", dense.Weight, 2);
                if (dense.Weight.Shape[0] != input.Size) throw Refuse($"layer {index} is dense from {dense.Weight.Shape[0]} values, but gets {input.Size}");
                Bias(index, dense.Bias, dense.Weight.Shape[1]);
                return new Extent(dense.Weight.Shape[1], 1, 1);
            case ActivationLayer:
                return input;
            case ReshapeLayer reshape:
                var output = new Extent(reshape.Channels, reshape.Height, reshape.Width);
                return output.Size == input.Size ? output : throw Refuse($"layer {index} reads {input} as {output}, which has another number of values");
            case ConvolutionLayer convolution:
                Require(index, "convolution kernel", convolution.Weight, 4);
                Geometry(index, convolution.Stride, convolution.Padding);
                Channels(index, convolution.Weight.Shape[1], input);
                Bias(index, convolution.Bias, convolution.Weight.Shape[0]);
                return Positive(index, new Extent(convolution.Weight.Shape[0],
                    (int)Math.Floor((input.Height + 2.0 * convolution.Padding - convolution.Weight.Shape[2]) / convolution.Stride) + 1,
                    (int)Math.Floor((input.Width + 2.0 * convolution.Padding - convolution.Weight.Shape[3]) / convolution.Stride) + 1));
            case TransposedConvolutionLayer transposed:
                Require(index, "transposed convolution kernel", transposed.Weight, 4);
                Geometry(index, transposed.Stride, transposed.Padding);
                Channels(index, transposed.Weight.Shape[0], input);
                Bias(index, transposed.Bias, transposed.Weight.Shape[1]);
                if (transposed.OutputPadding < 0 || transposed.OutputPadding >= transposed.Stride)
                    throw Refuse($"layer {index} has an output padding of {transposed.OutputPadding} at stride {transposed.Stride}; give at least 0 and less than the stride");
                return Positive(index, new Extent(transposed.Weight.Shape[1],
                    (input.Height - 1) * transposed.Stride - 2 * transposed.Padding + transposed.Weight.Shape[2] + transposed.OutputPadding,
                    (input.Width - 1) * transposed.Stride - 2 * transposed.Padding + transposed.Weight.Shape[3] + transposed.OutputPadding));
            case ChannelAffineLayer affine:
                Bias(index, affine.Scale, input.Channels);
                Bias(index, affine.Shift, input.Channels);
                return input;
            case LayerNormalizationLayer normalization:
                Bias(index, normalization.Scale, (int)input.Size);
                Bias(index, normalization.Shift, (int)input.Size);
                return input;
            default:
                throw Refuse($"layer {index} is of a kind the page does not know ({layer.GetType().Name})");
        }
    }

    private static void Require(int index, string what, WeightTensor weight, int rank)
    {
        if (weight.Shape.Count != rank) throw Refuse($"the {what} of layer {index} has {weight.Shape.Count} sides, but {rank} are expected");
    }

    private static void Geometry(int index, int stride, int padding)
    {
        if (stride < 1 || padding < 0) throw Refuse($"layer {index} has stride {stride} and padding {padding}; give a positive stride and no negative padding");
    }

    private static void Channels(int index, int expected, Extent input)
    {
        if (expected != input.Channels) throw Refuse($"layer {index} takes {expected} channels, but gets {input.Channels}");
    }

    private static void Bias(int index, WeightTensor? bias, int expected)
    {
        if (bias is not null && bias.Values.Length != expected) throw Refuse($"a vector of layer {index} has {bias.Values.Length} values, but {expected} are expected");
    }

    private static Extent Positive(int index, Extent extent) =>
        extent is { Height: > 0, Width: > 0 } ? extent : throw Refuse($"layer {index} gives an image of shape {extent}");

    private static ArgumentException Refuse(string problem) => new($"The decoder cannot run in a page: {problem}.");
}
