using System.Text.Json;

namespace Elbo.Report.Tests;

/// <summary>The decoder that runs in the page gives the pictures that the engine's reference evaluator gives.</summary>
public sealed class DecoderPageTests(Browser browser) : IClassFixture<Browser>
{
    private const string Decoded = "[data-kind=latent-plane] canvas.decoded";
    private const string PlaneCanvas = "[data-kind=latent-plane] canvas.plane";

    public static TheoryData<string> Networks() => ["dense", "transposed", "convolution"];

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task Dragging_decodes_the_place_under_the_pointer(string kind)
    {
        using var decoder = new RandomDecoder(kind);
        var network = decoder.Network;
        await using var opened = await browser.Open(path => ReportWriter.Write(Report(network), path));
        var seen = new List<byte[]>();
        await opened.MoveTo(PlaneCanvas, 0.5, 0.5);
        await opened.Page.Mouse.DownAsync();
        foreach (var (x, y) in new[] { (0.13, 0.2), (0.5, 0.9), (0.87, 0.34) })
        {
            await opened.MoveTo(PlaneCanvas, x, y);
            var z = JsonSerializer.Deserialize<double[]>((await opened.Page.GetAttributeAsync(Decoded, "data-z"))!)!;
            Assert.Equal(network.LatentDimensions, z.Length);
            // Φ⁻¹ of the place, from the left and from the bottom; a mouse lands on whole pixels.
            Assert.Equal(x, NormalCumulative(z[0]), 0.01);
            Assert.Equal(1 - y, NormalCumulative(z[1]), 0.01);
            var pixels = await opened.Pixels(Decoded);
            var expected = decoder.Decode(z);
            Assert.True(expected.Count(level => level is > 5 and < 250) > expected.Length / 3, "The picture is nearly all black or white and shows little.");
            AssertSamePicture(network, expected, pixels);
            seen.Add(pixels);
        }
        await opened.Page.Mouse.UpAsync();
        Assert.NotEqual(seen[0], seen[1]);
        Assert.NotEqual(seen[1], seen[2]);
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task The_grid_runs_through_the_inverse_cumulative_with_the_second_dimension_upwards()
    {
        using var decoder = new RandomDecoder("dense");
        var network = decoder.Network;
        await using var opened = await browser.Open(path => ReportWriter.Write(Report(network), path));
        var grid = await opened.Pixels(PlaneCanvas);
        const int Side = 4;
        foreach (var (row, column) in new[] { (0, 0), (3, 1), (2, 3) })
        {
            var z = new double[network.LatentDimensions];
            z[0] = Quantile((column + 0.5) / Side);
            z[1] = Quantile(1 - (row + 0.5) / Side);
            AssertSamePicture(network, decoder.Decode(z), grid, Side * network.Width, column * network.Width, row * network.Height);
        }
    }

    [Fact]
    public async Task A_slider_moves_a_dimension_that_the_plane_does_not_show()
    {
        using var decoder = new RandomDecoder("dense");
        var network = decoder.Network;
        await using var opened = await browser.Open(path => ReportWriter.Write(Report(network), path));
        var before = await opened.Pixels(PlaneCanvas);
        await opened.Page.Locator("#z-2").FillAsync("1.5");
        await opened.Painted();
        var z = JsonSerializer.Deserialize<double[]>((await opened.Page.GetAttributeAsync(Decoded, "data-z"))!)!;
        Assert.Equal([0.0, 0.0, 1.5], z);
        AssertSamePicture(network, decoder.Decode(z), await opened.Pixels(Decoded));
        await opened.Page.WaitForTimeoutAsync(300);
        Assert.NotEqual(before, await opened.Pixels(PlaneCanvas));
    }

    [Fact]
    public async Task Without_a_decoder_the_plane_shows_the_pictures_it_was_given()
    {
        var pixels = Enumerable.Range(0, 4 * 4 * 6).Select(i => (byte)(i * 2)).ToArray();
        var data = FakeReports.Minimal() with
        {
            Sections =
            [
                new LatentPlaneSection
                {
                    Title = "Plane", Origin = [0f, 0f], GridSize = 4,
                    Dimensions = [new LatentDimension { Index = 0, Name = "z0" }, new LatentDimension { Index = 1, Name = "z1" }],
                    Grid = new ImageSet { Count = 16, Channels = 1, Height = 2, Width = 3, Pixels = pixels },
                },
            ],
        };
        await using var opened = await browser.Open(path => ReportWriter.Write(data, path));
        await opened.MoveTo(PlaneCanvas, 0.6, 0.3);
        var shown = await opened.Pixels(Decoded);
        var cell = 1 * 4 + 2;
        Assert.Equal(pixels[(6 * cell)..(6 * cell + 6)], shown.Where((_, i) => i % 4 == 0).ToArray());
    }

    private static ReportData Report(DecoderNetwork network) => FakeReports.Minimal() with
    {
        Decoder = network,
        Sections = [FakeSections.Plane(network.LatentDimensions) with { GridSize = 4 }],
    };

    private static void AssertSamePicture(DecoderNetwork network, byte[] expected, byte[] rgba, int? stride = null, int left = 0, int top = 0)
    {
        var (height, width) = (network.Height, network.Width);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < 3; c++)
                {
                    var actual = rgba[4 * ((top + y) * (stride ?? width) + left + x) + c];
                    var wanted = expected[((network.Channels == 3 ? c : 0) * height + y) * width + x];
                    Assert.True(Math.Abs(actual - wanted) <= 2, $"Pixel ({x}, {y}) channel {c} is {actual} in the page, {wanted} in C#.");
                }
    }

    private static double NormalCumulative(double x)
    {
        var (sum, term) = (x, x);
        for (var k = 1; k < 200; k++) sum += term *= x * x / (2 * k + 1);
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }

    private static double Quantile(double u)
    {
        var (low, high) = (-7.0, 7.0);
        while (high - low > 1e-12)
        {
            var middle = (low + high) / 2;
            if (NormalCumulative(middle) < u) low = middle;
            else high = middle;
        }
        return low;
    }
}
