namespace Elbo.Report.Tests;

/// <summary>The decoder contract in plain double-precision loops over output values: the oracle for the page's forward pass.</summary>
internal static class ReferenceDecoder
{
    private sealed record Activation(int Channels, int Height, int Width, double[] Values)
    {
        /// <summary>The value there, or zero outside the image.</summary>
        public double At(int channel, int y, int x) => y < 0 || y >= Height || x < 0 || x >= Width ? 0 : Values[(channel * Height + y) * Width + x];
    }

    /// <summary>The bytes of the picture, shape <c>[channels, height, width]</c>.</summary>
    public static byte[] Decode(DecoderNetwork network, double[] z)
    {
        var activation = new Activation(z.Length, 1, 1, z);
        foreach (var layer in network.Layers) activation = Apply(layer, activation);
        return [.. activation.Values.Select(value => Mean(network.Mean, value) * network.PixelScale + network.PixelShift).Select(level => (byte)Math.Floor(255 * Math.Clamp(level, 0, 1) + 0.5))];
    }

    private static Activation Apply(DecoderLayer layer, Activation input)
    {
        switch (layer)
        {
            case DenseLayer dense:
                var (inputs, outputs) = (dense.Weight.Shape[0], dense.Weight.Shape[1]);
                return new Activation(outputs, 1, 1, [.. Enumerable.Range(0, outputs).Select(j =>
                    Enumerable.Range(0, inputs).Sum(i => input.Values[i] * dense.Weight.Values.Span[i * outputs + j]) + Bias(dense.Bias, j))]);
            case ActivationLayer activation:
                return input with { Values = Array.ConvertAll(input.Values, value => Function(activation, value)) };
            case ReshapeLayer reshape:
                return new Activation(reshape.Channels, reshape.Height, reshape.Width, input.Values);
            case ConvolutionLayer convolution:
                return Convolve(convolution, input);
            case TransposedConvolutionLayer transposed:
                return Transpose(transposed, input);
            case ChannelAffineLayer affine:
                return input with { Values = [.. input.Values.Select((value, i) => value * Bias(affine.Scale, i / (input.Height * input.Width)) + Bias(affine.Shift, i / (input.Height * input.Width)))] };
            case LayerNormalizationLayer normalization:
                var mean = input.Values.Average();
                var deviation = Math.Sqrt(input.Values.Average(value => (value - mean) * (value - mean)) + normalization.Epsilon);
                return input with { Values = [.. input.Values.Select((value, i) => (value - mean) / deviation * Bias(normalization.Scale, i) + Bias(normalization.Shift, i))] };
            default:
                throw new ArgumentException($"Unknown layer {layer}.", nameof(layer));
        }
    }

    private static Activation Convolve(ConvolutionLayer layer, Activation input)
    {
        var (outputs, kernelHeight, kernelWidth) = (layer.Weight.Shape[0], layer.Weight.Shape[2], layer.Weight.Shape[3]);
        var height = (input.Height + 2 * layer.Padding - kernelHeight) / layer.Stride + 1;
        var width = (input.Width + 2 * layer.Padding - kernelWidth) / layer.Stride + 1;
        var values = new double[outputs * height * width];
        for (var o = 0; o < outputs; o++)
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                {
                    var sum = Bias(layer.Bias, o);
                    for (var i = 0; i < input.Channels; i++)
                        for (var ky = 0; ky < kernelHeight; ky++)
                            for (var kx = 0; kx < kernelWidth; kx++)
                                sum += layer.Weight.Values.Span[((o * input.Channels + i) * kernelHeight + ky) * kernelWidth + kx]
                                    * input.At(i, y * layer.Stride + ky - layer.Padding, x * layer.Stride + kx - layer.Padding);
                    values[(o * height + y) * width + x] = sum;
                }
        return new Activation(outputs, height, width, values);
    }

    private static Activation Transpose(TransposedConvolutionLayer layer, Activation input)
    {
        var (outputs, kernelHeight, kernelWidth) = (layer.Weight.Shape[1], layer.Weight.Shape[2], layer.Weight.Shape[3]);
        var height = (input.Height - 1) * layer.Stride - 2 * layer.Padding + kernelHeight + layer.OutputPadding;
        var width = (input.Width - 1) * layer.Stride - 2 * layer.Padding + kernelWidth + layer.OutputPadding;
        var values = new double[outputs * height * width];
        for (var o = 0; o < outputs; o++)
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                {
                    var sum = Bias(layer.Bias, o);
                    for (var i = 0; i < input.Channels; i++)
                        for (var ky = 0; ky < kernelHeight; ky++)
                            for (var kx = 0; kx < kernelWidth; kx++)
                            {
                                var (fromY, fromX) = (y + layer.Padding - ky, x + layer.Padding - kx);
                                if (fromY % layer.Stride != 0 || fromX % layer.Stride != 0) continue;
                                sum += layer.Weight.Values.Span[((i * outputs + o) * kernelHeight + ky) * kernelWidth + kx] * input.At(i, fromY / layer.Stride, fromX / layer.Stride);
                            }
                    values[(o * height + y) * width + x] = sum;
                }
        return new Activation(outputs, height, width, values);
    }

    private static double Bias(WeightTensor? tensor, int index) => tensor?.Values.Span[index] ?? 0;

    private static double Function(ActivationLayer layer, double x) => layer.Function switch
    {
        ActivationFunction.Identity => x,
        ActivationFunction.Relu => Math.Max(x, 0),
        ActivationFunction.LeakyRelu => x > 0 ? x : (layer.Slope ?? 0.01f) * x,
        ActivationFunction.Elu => x > 0 ? x : (layer.Slope ?? 1f) * (Math.Exp(x) - 1),
        ActivationFunction.Tanh => Math.Tanh(x),
        ActivationFunction.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationFunction.Softplus => Math.Log(1 + Math.Exp(x)),
        ActivationFunction.Gelu => x * NormalCumulative(x),
        ActivationFunction.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        ActivationFunction.Silu => x / (1 + Math.Exp(-x)),
        _ => throw new ArgumentException($"Unknown function {layer.Function}.", nameof(layer)),
    };

    private static double Mean(MeanFunction mean, double a) => mean switch
    {
        MeanFunction.Identity => a,
        MeanFunction.Sigmoid => 1 / (1 + Math.Exp(-a)),
        MeanFunction.ContinuousBernoulli => Math.Abs(a) < 1e-4 ? 0.5 + a / 12 : 1 / (1 - Math.Exp(-a)) - 1 / a,
        _ => throw new ArgumentException($"Unknown mean {mean}.", nameof(mean)),
    };

    /// <summary>Φ by the series of its density, exact to double precision for the moderate arguments of a decoder.</summary>
    private static double NormalCumulative(double x)
    {
        if (Math.Abs(x) > 7) return x > 0 ? 1 : 0;
        var (sum, term) = (x, x);
        for (var k = 1; k < 200; k++) sum += term *= x * x / (2 * k + 1);
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
