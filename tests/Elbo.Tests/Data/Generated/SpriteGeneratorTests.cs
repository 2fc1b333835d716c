using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Tests.Data.Generated;

public class SpriteGeneratorTests
{
    [Fact]
    public void Every_index_stands_for_one_combination_of_factors()
    {
        int[] factors = new int[5];
        for (int index = 0; index < SpriteGenerator.Count; index += 997)
        {
            SpriteGenerator.FactorsOf(index, factors);
            Assert.Equal(index, SpriteGenerator.IndexOf(factors));
        }

        SpriteGenerator.FactorsOf(SpriteGenerator.Count - 1, factors);
        Assert.Equal([2, 5, 39, 31, 31], factors);
        Assert.Throws<ArgumentOutOfRangeException>(() => SpriteGenerator.FactorsOf(SpriteGenerator.Count, factors));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpriteGenerator.IndexOf([0, 6, 0, 0, 0]));
    }

    [Fact]
    public void Each_factor_does_what_it_says()
    {
        (double area, double x, double y) = Measure([1, 5, 0, 16, 16]);
        Assert.Equal(Math.PI * 7 * 14, area, area * 0.03);
        Assert.Equal(0.25, Measure([1, 0, 0, 16, 16]).Area / area, 0.02);
        Assert.Equal(x + 32.0 * 10 / 31, Measure([1, 5, 0, 26, 16]).X, 0.2);
        Assert.Equal(y - 32.0 * 10 / 31, Measure([1, 5, 0, 16, 6]).Y, 0.2);
        Assert.InRange(Measure([0, 5, 0, 16, 16]).Area, 18.0 * 18, 20.0 * 20);
        Assert.Equal(area, Measure([1, 5, 7, 16, 16]).Area, area * 0.03);
    }

    [Fact]
    public void Nothing_is_cut_off_at_the_rim()
    {
        byte[] pixels = new byte[64 * 64];
        foreach (int x in (int[])[0, 31])
            foreach (int y in (int[])[0, 31])
                for (int shape = 0; shape < 3; shape++)
                    for (int rotation = 0; rotation < 40; rotation++)
                    {
                        SpriteGenerator.Draw([shape, 5, rotation, x, y], pixels);
                        for (int i = 0; i < 64; i++) Assert.Equal(0, pixels[i] + pixels[63 * 64 + i] + pixels[64 * i] + pixels[64 * i + 63]);
                    }
    }

    [Fact]
    public void A_half_turn_turns_the_heart_upside_down()
    {
        byte[] up = new byte[64 * 64];
        byte[] down = new byte[64 * 64];
        SpriteGenerator.Draw([2, 5, 0, 0, 0], up);
        SpriteGenerator.Draw([2, 5, 20, 31, 31], down);
        Array.Reverse(down);
        Assert.Equal(up, down);
        // The point of the upright heart is at the bottom.
        int[] lines = [.. Enumerable.Range(0, 64).Select(row => up.AsSpan(row * 64, 64).Count((byte)255)).Where(static width => width > 0)];
        Assert.True(lines[^3] < lines[2] / 2, string.Join(' ', lines));
    }

    [Fact]
    public void The_set_keeps_factors_and_has_no_row_twice()
    {
        LoadedData data = DataSource.Load("shapes", new DataOptions { GeneratedTrainRows = 2000, GeneratedTestRows = 500 });
        HashSet<int> seen = [];
        byte[] pixels = new byte[64 * 64];
        foreach (DataSet part in (DataSet[])[data.Train, data.Test!])
        {
            for (int row = 0; row < part.Rows; row++)
            {
                Assert.True(seen.Add(SpriteGenerator.IndexOf(part.Factors!.Row(row))));
                Assert.Equal(part.Factors.Row(row)[0], part.Labels[row]);
                SpriteGenerator.Draw(part.Factors.Row(row), pixels);
                Assert.True(part.Bytes.Slice(row * 4096, 4096).SequenceEqual(pixels));
            }
        }

        Assert.Throws<ElboException>(() => DataSource.Load("shapes", new DataOptions { GeneratedTrainRows = 737_280 }));
    }

    [Fact]
    public void The_bytes_are_the_same_on_every_machine() =>
        Assert.Equal("2d675e5d60a34f49251a3620b68b5275736add2ba9e0ff10369f233c8d9438d5", DataSource.Load("shapes", new DataOptions { GeneratedTrainRows = 500, GeneratedTestRows = 20 }).Train.Fingerprint);

    private static (double Area, double X, double Y) Measure(int[] factors)
    {
        byte[] pixels = new byte[64 * 64];
        SpriteGenerator.Draw(factors, pixels);
        double area = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] == 0) continue;
            area++;
            x += i % 64;
            y += i / 64;
        }

        return (area, x / area, y / area);
    }
}
