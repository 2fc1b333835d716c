using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Elbo.Numerics;

namespace Elbo.Report.Tests;

/// <summary>What the writer refuses, and how arrays travel.</summary>
public sealed class ContractTests
{
    [Fact]
    public void A_graph_that_is_no_decoder_is_refused_by_name()
    {
        using VariableStore<float> store = new();
        Assert.Contains("random Normal", Assert.Throws<ElboException>(() => Trace(z => z + Tensor.RandomNormal([1, 4], 1))).Message, StringComparison.Ordinal);
        Assert.Contains("loggamma", Assert.Throws<ElboException>(() => Trace(z => z.LogGamma())).Message, StringComparison.Ordinal);
        Assert.Contains("input labels", Assert.Throws<ElboException>(() => Trace(z => z + Tensor.Input("labels", [1, 4]))).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 3]", Assert.Throws<ArgumentException>(() => Trace(z => z.Slice(1, 0, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("'decoder.0.weight' has no value", Assert.Throws<ArgumentException>(() => Trace(z => z * new Variable("decoder.0.weight", [4]))).Message, StringComparison.Ordinal);

        DecoderNetwork Trace(Func<Tensor, Tensor> decode) => DecoderNetwork.Trace(decode, 4, 1, 2, 2, store);
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
    public void Weights_travel_as_16_bits_unless_they_do_not_fit_or_must_be_precise()
    {
        Assert.Equal("f16", TypeOf([0.1f, -65504f], precise: false));
        Assert.Equal("f32", TypeOf([0.1f, 65520f], precise: false));
        Assert.Equal("f32", TypeOf([0.1f, 0.2f], precise: true));

        static string TypeOf(float[] values, bool precise)
        {
            using VariableStore<float> store = new();
            Variable bias = new("bias", [2]);
            values.CopyTo(store[bias]);
            var decoder = DecoderNetwork.Trace(z => z + bias, 2, 1, 1, 2, store, precise);
            using var payload = Payload(FakeReports.Minimal() with { Decoder = decoder });
            var steps = payload.RootElement.GetProperty("runs")[0].GetProperty("decoder").GetProperty("steps");
            return steps.EnumerateArray().Single(step => step.GetProperty("op").GetString() == "constant").GetProperty("values").GetString()!.Split(',')[0];
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
