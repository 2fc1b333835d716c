using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Tests.Data.Generated;

public class DigitGeneratorTests
{
    private static readonly LoadedData Drawn = DataSource.Load("digits", new DataOptions { GeneratedTrainRows = 3000, GeneratedTestRows = 1000 });

    [Fact]
    public void An_image_depends_on_seed_and_index_alone()
    {
        LoadedData fewer = DataSource.Load("digits", new DataOptions { GeneratedTrainRows = 50, GeneratedTestRows = 20 });
        Assert.Equal(fewer.Train.Bytes.ToArray(), Drawn.Train.Bytes[..(50 * 784)].ToArray());
        Assert.Equal(fewer.Train.Labels.ToArray(), Drawn.Train.Labels[..50].ToArray());
        LoadedData other = DataSource.Load("digits", new DataOptions { GeneratedTrainRows = 50, GeneratedTestRows = 20, GeneratorSeed = 2 });
        Assert.NotEqual(fewer.Train.Fingerprint, other.Train.Fingerprint);
    }

    [Fact]
    public void The_bytes_are_the_same_on_every_machine() =>
        Assert.Equal("b4692da67b1e24fbdf9f0c4393e318fb6550a3bfea74b52a416b12f0fa2750dd", DataSource.Load("digits", new DataOptions { GeneratedTrainRows = 500, GeneratedTestRows = 20 }).Train.Fingerprint);

    [Fact]
    public void No_image_is_drawn_twice()
    {
        HashSet<string> seen = [];
        foreach (DataSet part in (DataSet[])[Drawn.Train, Drawn.Test!])
            for (int row = 0; row < part.Rows; row++) Assert.True(seen.Add(Convert.ToBase64String(part.Bytes.Slice(row * 784, 784))));
    }

    [Fact]
    public void The_ten_digits_come_about_equally_often()
    {
        for (int digit = 0; digit < 10; digit++) Assert.InRange(Drawn.Train.Labels.Count(digit), 220, 380);
    }

    [Fact]
    public void Ink_lies_where_MNIST_has_it()
    {
        // MNIST: mean 0.1307, deviation 0.3081, the centre of mass in the middle, a margin of four pixels.
        double sum = 0;
        double squares = 0;
        for (int row = 0; row < Drawn.Train.Rows; row++)
        {
            ReadOnlySpan<byte> image = Drawn.Train.Bytes.Slice(row * 784, 784);
            double mass = 0;
            double x = 0;
            double y = 0;
            for (int i = 0; i < 784; i++)
            {
                double ink = image[i] / 255d;
                mass += ink;
                squares += ink * ink;
                x += ink * (i % 28 + 0.5);
                y += ink * (i / 28 + 0.5);
            }

            sum += mass;
            Assert.InRange(mass, 15, 260);
            Assert.InRange(x / mass, 10.5, 17.5);
            Assert.InRange(y / mass, 10.5, 17.5);
            for (int i = 0; i < 28; i++) Assert.True(image[i] + image[27 * 28 + i] + image[28 * i] + image[28 * i + 27] == 0, $"Ink at the rim of row {row}.");
        }

        double mean = sum / Drawn.Train.Bytes.Length;
        Assert.InRange(mean, 0.10, 0.15);
        Assert.InRange(Math.Sqrt(squares / Drawn.Train.Bytes.Length - mean * mean), 0.25, 0.33);
    }

    [Fact]
    public void Neighbours_tell_the_digits_apart()
    {
        // The nearest of 3,000 drawn images has the same label for well above nine in ten of the others.
        int right = 0;
        const int Asked = 200;
        for (int i = 0; i < Asked; i++)
        {
            ReadOnlySpan<byte> asked = Drawn.Test!.Bytes.Slice(i * 784, 784);
            int best = 0;
            long bestDistance = long.MaxValue;
            for (int row = 0; row < Drawn.Train.Rows; row++)
            {
                ReadOnlySpan<byte> other = Drawn.Train.Bytes.Slice(row * 784, 784);
                long distance = 0;
                for (int pixel = 0; pixel < 784; pixel++)
                {
                    int difference = asked[pixel] - other[pixel];
                    distance += difference * difference;
                }

                if (distance < bestDistance) (best, bestDistance) = (row, distance);
            }

            if (Drawn.Train.Labels[best] == Drawn.Test.Labels[i]) right++;
        }

        Assert.InRange(right / (double)Asked, 0.9, 1);
    }

    [Fact]
    public void Counts_below_one_are_refused() =>
        Assert.Throws<ElboException>(() => DataSource.Load("digits", new DataOptions { GeneratedTrainRows = 0 }));
}
