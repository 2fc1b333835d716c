using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;

namespace Elbo.Report.Tests;

/// <summary>What the writer refuses, and how arrays travel.</summary>
public sealed class ContractTests
{
    private static readonly WeightTensor Square = new([2, 2], new float[4]);

    [Fact]
    public void Layers_that_do_not_chain_are_named()
    {
        Refused("layer 1 is dense from 3 values, but gets 2", Chain(new DenseLayer { Weight = Square }, new DenseLayer { Weight = new WeightTensor([3, 4], new float[12]) }));
        Refused("the last layer gives [2, 1, 1], but the image is [1, 2, 2]", Chain(new DenseLayer { Weight = Square }));
        Refused("a vector of layer 0 has 3 values, but 2 are expected", Chain(new DenseLayer { Weight = Square, Bias = new WeightTensor([3], new float[3]) }));
        Refused("layer 0 reads [2, 1, 1] as [3, 1, 1]", Chain(new ReshapeLayer { Channels = 3, Height = 1, Width = 1 }));
        Refused("layer 0 takes 5 channels, but gets 2", Chain(new ConvolutionLayer { Weight = new WeightTensor([1, 5, 1, 1], new float[5]) }));
        Refused("layer 0 gives an image of shape", Chain(new ConvolutionLayer { Weight = new WeightTensor([1, 2, 3, 3], new float[18]) }));
        Refused("output padding of 1 at stride 1", Chain(new TransposedConvolutionLayer { Weight = new WeightTensor([2, 1, 1, 1], new float[2]), OutputPadding = 1 }));
        Refused("layer 0 has stride 0", Chain(new TransposedConvolutionLayer { Weight = new WeightTensor([2, 1, 1, 1], new float[2]), Stride = 0 }));

        static DecoderNetwork Chain(params DecoderLayer[] layers) => new() { LatentDimensions = 2, Channels = 1, Height = 2, Width = 2, Layers = layers };

        static void Refused(string sentence, DecoderNetwork decoder) => Assert.Contains(sentence, Refusal(FakeReports.Minimal() with { Decoder = decoder }), StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_that_contradict_themselves_are_named()
    {
        var image = new ImageSet { Count = 1, Channels = 1, Height = 2, Width = 2, Pixels = new byte[4] };
        Refused("come with 3 bytes", new ImageGridSection { Title = "Samples", Images = image with { Pixels = new byte[3] } });
        Refused("images have 2 channels", new ImageGridSection { Title = "Samples", Images = image with { Channels = 2, Pixels = new byte[8] } });
        Refused("the row 'reconstruction' has images of shape [1, 1, 1, 4]", new ReconstructionsSection
        {
            Title = "Reconstructions",
            Rows = [new ImageRow { Name = "original", Images = image }, new ImageRow { Name = "reconstruction", Images = image with { Height = 1, Width = 4 } }],
        });
        Refused("2 abscissae and 1 ordinates", new CurvesSection
        {
            Title = "Training",
            Panels = [new CurvePanel { Title = "ELBO", Curves = [new Curve { Name = "train", X = new double[2], Y = new double[1] }] }],
        });
        Refused("a label is 1, but there are 1 label names", new LatentScatterSection { Title = "Latent", XName = "z0", YName = "z1", X = new float[1], Y = new float[1], Labels = new[] { 1 }, LabelNames = ["zero"] });
        Refused("neither a decoder nor a decoded grid", FakeSections.Plane(2));

        static void Refused(string sentence, ReportSection section)
        {
            var message = Refusal(FakeReports.Minimal() with { Sections = [section] });
            Assert.Contains(sentence, message, StringComparison.Ordinal);
            Assert.Contains($"'{section.Title}'", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_tensor_of_another_size_than_its_shape_is_refused() =>
        Assert.Contains("has 6 values, but 5 were given", Assert.Throws<ArgumentException>(() => new WeightTensor([2, 3], new float[5])).Message, StringComparison.Ordinal);

    [Fact]
    public void Weights_travel_as_16_bits_unless_they_do_not_fit_or_must_be_precise()
    {
        Assert.Equal("f16", TypeOf(new WeightTensor([2], new[] { 0.1f, -65504f })));
        Assert.Equal("f32", TypeOf(new WeightTensor([2], new[] { 0.1f, 65520f })));
        Assert.Equal("f32", TypeOf(new WeightTensor([2], new[] { 0.1f, 0.2f }, precise: true)));

        static string TypeOf(WeightTensor bias)
        {
            var decoder = new DecoderNetwork { LatentDimensions = 2, Channels = 1, Height = 1, Width = 2, Layers = [new DenseLayer { Weight = Square, Bias = bias }] };
            using var payload = Payload(FakeReports.Minimal() with { Decoder = decoder });
            return payload.RootElement.GetProperty("runs")[0].GetProperty("decoder").GetProperty("layers")[0].GetProperty("bias").GetProperty("values").GetString()!.Split(',')[0];
        }
    }

    [Fact]
    public void Arrays_come_back_from_the_payload()
    {
        var x = Enumerable.Range(0, 1000).Select(i => (double)i).ToArray();
        var y = Array.ConvertAll(x, value => value == 7 ? double.NaN : -value / 4);
        var section = new CurvesSection { Title = "Training", Panels = [new CurvePanel { Title = "ELBO", Curves = [new Curve { Name = "train", X = x, Y = y }] }] };
        using var payload = Payload(FakeReports.Minimal() with { Sections = [section] });
        var curve = payload.RootElement.GetProperty("runs")[0].GetProperty("sections")[0].GetProperty("panels")[0].GetProperty("curves")[0];
        Assert.Equal(x, Floats(curve.GetProperty("x").GetString()!));
        Assert.Equal(y, Floats(curve.GetProperty("y").GetString()!));
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(-0.5f, 0)]
    [InlineData(0.5f, 128)]
    [InlineData(1.5f, 255)]
    public void Means_become_bytes(float value, byte expected) =>
        Assert.Equal(expected, ImageSet.FromUnitInterval(1, 1, 1, 1, [value]).Pixels.Span[0]);

    private static string Refusal(ReportData data) => Assert.Throws<ArgumentException>(() => ReportWriter.Write(data, Stream.Null)).Message;

    private static JsonDocument Payload(ReportData data) => JsonDocument.Parse(PageTests.PayloadOf(PageTests.Render(data)));

    private static double[] Floats(string blob)
    {
        var comma = blob.IndexOf(',');
        Assert.Equal("f32;gzip", blob[..comma]);
        using var stream = new GZipStream(new MemoryStream(Convert.FromBase64String(blob[(comma + 1)..])), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return [.. bytes.ToArray().Chunk(4).Select(four => (double)BinaryPrimitives.ReadSingleLittleEndian(four))];
    }
}
