using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Report.Tests;

/// <summary>
/// Tiny decoders with fixed random weights (the seeds are in the text), made of the library's own layers; between them they hold every
/// operation that the page knows.
/// </summary>
internal sealed class RandomDecoder : IDisposable
{
    private readonly VariableStore<float> store = new();
    private readonly Random random;
    private readonly Func<Tensor, Tensor> decode;

    public RandomDecoder(string kind)
    {
        random = new Random(kind switch { "dense" => 101, "transposed" => 102, _ => 103 });
        (decode, var latent, var channels, var height, var width) = kind switch
        {
            "dense" => (Dense(), 3, 1, 5, 7),
            "transposed" => (Transposed(), 4, 3, 8, 9),
            _ => (Convolution(), 2, 1, 4, 3),
        };
        Network = DecoderNetwork.Trace(decode, latent, channels, height, width, store, precise: kind == "convolution");
        if (kind == "convolution") Network = Network with { PixelScale = 0.3f, PixelShift = 0.5f };
    }

    public DecoderNetwork Network { get; }

    /// <summary>The bytes of the picture, shape <c>[channels, height, width]</c>, by the reference evaluator in double precision.</summary>
    public byte[] Decode(double[] z)
    {
        Tensor input = Tensor.Input("code", [1, z.Length]);
        Dictionary<Tensor, double[]> values = store.Variables.ToDictionary(variable => variable.Value, variable => Array.ConvertAll(store[variable].ToArray(), value => (double)value));
        values.Add(input, z);
        return [.. ReferenceEvaluator.Evaluate([decode(input)], values)[0]
            .Select(mean => mean * Network.PixelScale + Network.PixelShift)
            .Select(level => (byte)Math.Floor(255 * Math.Clamp(level, 0, 1) + 0.5))];
    }

    public void Dispose() => store.Dispose();

    private Func<Tensor, Tensor> Dense() => Apply(
        [3],
        new Dense("0", 3, 16), new Activation(ActivationKind.Tanh, [16]),
        new Dense("1", 16, 12), new Activation(ActivationKind.LeakyRelu, [12]), new LayerNormalization("2", [12]),
        new Residual(new Sequential([12], new Dense("3", 12, 12), new Activation(ActivationKind.Elu, [12]))),
        new Gated(new Dense("4", 12, 12), new Dense("5", 12, 12)), new Activation(ActivationKind.Gelu, [12]),
        new Dense("6", 12, 35), new Activation(ActivationKind.Sigmoid, [35]));

    /// <summary>Transposed convolutions to 8 × 9, of which one cuts a column off, batch normalisation, and the mean of a continuous Bernoulli.</summary>
    private Func<Tensor, Tensor> Transposed()
    {
        var body = Apply(
            [4],
            new Dense("0", 4, 12), new Activation(ActivationKind.Relu, [12]), new Reshape([6, 1, 2]),
            new TransposedConvolution("1", [6, 1, 2], 5, kernel: 4, stride: 2, padding: 0, width: 6), new BatchNormalization("2", [5, 4, 6]),
            new Activation(ActivationKind.Silu, [5, 4, 6]),
            new TransposedConvolution("3", [5, 4, 6], 3, kernel: 3, stride: 2, padding: 1, height: 8, width: 11));
        return z => new ContinuousBernoulli(body(z).Slice(3, 1, 9) * 2.0).Mean;
    }

    /// <summary>A convolution with stride, two numbers for each pixel of which the first is the mean, and the functions that layers do not use.</summary>
    private Func<Tensor, Tensor> Convolution()
    {
        var body = Apply(
            [2],
            new Dense("0", 2, 84), new Activation(ActivationKind.Softplus, [84]), new Reshape([2, 7, 6]),
            new Convolution("1", [2, 7, 6], 4, kernel: 3, stride: 2, padding: 1), new Convolution("2", [4, 4, 3], 2, kernel: 1));
        return z =>
        {
            Tensor image = body(z).Slice(1, 0, 1);
            Tensor turned = image.Transpose(0, 1, 3, 2).Pad([0, 0, 1, 0], [0, 0, 0, 0]).Slice([0, 0, 1, 0], [1, 1, 3, 4]).Transpose(0, 1, 3, 2);
            Tensor waves = Tensor.Concatenate(2, turned.Slice(2, 0, 1).Sin(), turned.Slice(2, 1, 3).Cos().Power(3.0));
            Tensor largest = image.Abs().Max(3, true).Max(2, true);
            return (image * 2.0).Minimum(2.0).Maximum(-2.0) + waves / (1.0 + largest.Square().Sqrt()) - (-image.Exp()).Expm1().Negate() * 0.1 + image.Sign() * 0.05
                + image.MatMul(image, transposeOther: true).Slice(3, 1, 3) * 0.05 + largest.BroadcastTo([1, 1, 4, 3]).Exp() * 0.01
                + (image.Abs() + 1.0).Log() * 0.2 + image.Abs().Log1p() * 0.2 + (image.Square() + 1.0).Reciprocal() + image.Floor() * 0.01 + (image * 3.0).Round() * 0.01;
        };
    }

    private Func<Tensor, Tensor> Apply(Shape input, params Layer[] layers)
    {
        Sequential network = new(input, layers);
        foreach (Parameter parameter in network.Parameters)
        {
            var values = store[parameter.Variable];
            // Scales and variances around one, everything else around zero by the fan-in.
            var positive = parameter.Name.EndsWith("scale", StringComparison.Ordinal) || parameter.Name.EndsWith("runningVariance", StringComparison.Ordinal);
            for (var i = 0; i < values.Length; i++)
                values[i] = positive ? (float)(0.5 + random.NextDouble()) : (float)(1.5 * FakeDecoder.Normal(random) / Math.Sqrt(Math.Max(1, parameter.Shape.Rank == 1 ? 4 : parameter.FanIn)));
        }

        LayerContext context = new(isTraining: false);
        return z => network.Apply(z, context);
    }
}
