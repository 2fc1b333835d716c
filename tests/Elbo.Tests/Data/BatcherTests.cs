using Elbo.Data;
using Elbo.Numerics;
using Elbo.TestSupport;

namespace Elbo.Tests.Data;

public class BatcherTests
{
    private const int RowLength = 37;

    [Fact]
    public void An_epoch_takes_full_batches_of_distinct_rows_and_every_epoch_others()
    {
        Batcher batcher = new(Ramp(103), new BatchOptions { BatchSize = 10, Seed = 5 });
        Assert.Equal(10, batcher.BatchesPerEpoch);
        List<int> seen = [];
        HashSet<int> dropped = [];
        for (int epoch = 0; epoch < 20; epoch++)
        {
            HashSet<int> rows = [];
            for (int batch = 0; batch < 10; batch++)
                foreach (int row in batcher.Rows(epoch * 10 + batch)) Assert.True(rows.Add(row));
            Assert.Equal(100, rows.Count);
            dropped.UnionWith(Enumerable.Range(0, 103).Except(rows));
            seen.AddRange(batcher.Rows(epoch * 10));
        }

        Assert.True(dropped.Count > 30, "Twenty epochs drop three rows each, and not always the same.");
        Assert.NotEqual(seen[..10], seen[10..20]);
    }

    [Theory]
    [InlineData(Binarization.None)]
    [InlineData(Binarization.Fixed)]
    [InlineData(Binarization.Dynamic)]
    public void A_batch_is_a_function_of_its_step_alone(Binarization binarization)
    {
        BatchOptions options = new() { BatchSize = 8, Seed = 3, Binarization = binarization, Corruption = new SaltAndPepperCorruption(0.3) };
        DataSet data = Ramp(50);
        Batcher forward = new(data, options);
        float[][] clean = new float[20][];
        float[][] input = new float[20][];
        for (int step = 0; step < 20; step++)
        {
            clean[step] = new float[8 * RowLength];
            input[step] = new float[8 * RowLength];
            forward.Fill(step, clean[step], input[step]);
        }

        float[] cleanAgain = new float[8 * RowLength];
        float[] inputAgain = new float[8 * RowLength];
        foreach (int step in (int[])[19, 0, 7, 13])
        {
            new Batcher(data, options).Fill(step, cleanAgain, inputAgain);
            Assert.Equal(clean[step], cleanAgain);
            Assert.Equal(input[step], inputAgain);
        }

        new Batcher(data, options with { Seed = 4 }).Fill(0, cleanAgain);
        Assert.NotEqual(clean[0], cleanAgain);
    }

    [Fact]
    public void Grey_values_come_unchanged()
    {
        DataSet data = Ramp(40);
        Batcher batcher = new(data, new BatchOptions { BatchSize = 4, Shuffle = false });
        float[] clean = new float[4 * RowLength];
        batcher.Fill(13, clean);
        Assert.Equal([12, 13, 14, 15], batcher.Rows(13).ToArray());
        for (int i = 0; i < clean.Length; i++) Assert.Equal(data.Bytes[12 * RowLength + i] / 255f, clean[i], 1e-7f);
    }

    [Fact]
    public void A_fixed_binarisation_is_the_same_in_every_epoch_and_a_dynamic_one_is_not()
    {
        DataSet data = Ramp(16);
        float[] first = new float[16 * RowLength];
        float[] second = new float[16 * RowLength];
        foreach (Binarization binarization in (Binarization[])[Binarization.Fixed, Binarization.Dynamic])
        {
            Batcher batcher = new(data, new BatchOptions { BatchSize = 16, Shuffle = false, Binarization = binarization });
            batcher.Fill(0, first);
            batcher.Fill(1, second);
            Assert.All(first, static value => Assert.True(value is 0 or 1));
            Assert.Equal(binarization == Binarization.Fixed, first.AsSpan().SequenceEqual(second));
        }
    }

    [Fact]
    public void Binarisation_hits_each_value_with_its_own_probability()
    {
        DataSet data = DataSet.FromBytes("x", [0, 51, 127, 204, 255], [5]);
        Batcher batcher = new(data, new BatchOptions { BatchSize = 1, Seed = 11, Binarization = Binarization.Dynamic });
        const int Epochs = 20_000;
        double[] means = new double[5];
        float[] clean = new float[5];
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            batcher.Fill(epoch, clean);
            for (int i = 0; i < 5; i++) means[i] += clean[i] / (double)Epochs;
        }

        Assert.Equal(0, means[0]);
        Assert.Equal(1, means[4], 1e-12);
        for (int i = 1; i < 4; i++)
        {
            double probability = data.Bytes[i] / 255d;
            Assert.Equal(probability, means[i], 5 * Math.Sqrt(probability * (1 - probability) / Epochs));
        }
    }

    [Fact]
    public void Black_margins_change_no_draw()
    {
        // The same grey value in the same place is drawn alike, whether black or white surrounds it: margins are skipped, not counted.
        byte[] black = new byte[3 * 100];
        byte[] white = new byte[3 * 100];
        white.AsSpan().Fill(255);
        for (int row = 0; row < 3; row++)
        {
            black.AsSpan(row * 100 + 45, 20).Fill(128);
            white.AsSpan(row * 100 + 45, 20).Fill(128);
        }

        float[] onBlack = new float[300];
        float[] onWhite = new float[300];
        BatchOptions options = new() { BatchSize = 3, Shuffle = false, Binarization = Binarization.Dynamic };
        new Batcher(DataSet.FromBytes("x", black, [100]), options).Fill(4, onBlack);
        new Batcher(DataSet.FromBytes("x", white, [100]), options).Fill(4, onWhite);
        for (int i = 0; i < 300; i++)
        {
            bool grey = i % 100 is >= 45 and < 65;
            Assert.Equal(grey ? onWhite[i] : 0, onBlack[i]);
            if (!grey) Assert.Equal(1, onWhite[i]);
        }
    }

    [Fact]
    public void Each_row_has_draws_of_its_own()
    {
        // Rows of one grey value: were the draws shared between rows or columns, the patterns would repeat.
        DataSet data = DataSet.FromBytes("x", [.. Enumerable.Repeat((byte)128, 64 * 64)], [64]);
        float[] clean = new float[64 * 64];
        new Batcher(data, new BatchOptions { BatchSize = 64, Shuffle = false, Binarization = Binarization.Fixed }).Fill(0, clean);
        Assert.Equal(64, Enumerable.Range(0, 64).Select(row => string.Concat(clean[(row * 64)..(row * 64 + 64)])).Distinct().Count());
    }

    [Fact]
    public void Masking_sets_a_share_to_zero_and_leaves_the_rest()
    {
        (float[] clean, float[] input) = Corrupted(new MaskingCorruption(0.25));
        int masked = 0;
        for (int i = 0; i < clean.Length; i++)
        {
            Assert.True(input[i] == 0 || input[i] == clean[i]);
            if (input[i] == 0) masked++;
        }

        Assert.Equal(0.25, masked / (double)clean.Length, 5 * Math.Sqrt(0.25 * 0.75 / clean.Length));
    }

    [Fact]
    public void Salt_and_pepper_come_in_equal_shares_at_the_ends_of_the_range()
    {
        (float[] clean, float[] input) = Corrupted(new SaltAndPepperCorruption(0.4));
        double low = input.Count(static value => value == -2) / (double)input.Length;
        double high = input.Count(static value => value == 3) / (double)input.Length;
        double tolerance = 5 * Math.Sqrt(0.2 * 0.8 / clean.Length);
        Assert.Equal(0.2, low, tolerance);
        Assert.Equal(0.2, high, tolerance);
        Assert.Equal(0.6, input.Zip(clean).Count(static pair => pair.First == pair.Second) / (double)input.Length, 2 * tolerance);
    }

    [Fact]
    public void Gaussian_noise_has_its_mean_and_deviation()
    {
        (float[] clean, float[] input) = Corrupted(new GaussianCorruption(0.5));
        double[] noise = [.. input.Zip(clean).Select(static pair => (double)pair.First - pair.Second)];
        double mean = noise.Average();
        Assert.Equal(0, mean, 5 * 0.5 / Math.Sqrt(noise.Length));
        Assert.Equal(0.25, noise.Average(value => value * value), 5 * 0.25 * Math.Sqrt(2d / noise.Length));
        Assert.InRange(noise.Distinct().Count(), noise.Length * 99 / 100, noise.Length);
    }

    [Fact]
    public void Filling_allocates_nothing()
    {
        BatchOptions options = new() { BatchSize = 10, Binarization = Binarization.Dynamic, Corruption = new GaussianCorruption(0.1) };
        Batcher batcher = new(Ramp(100), options);
        EvaluationBatcher evaluation = new(Ramp(100), options);
        float[] clean = new float[10 * RowLength];
        float[] input = new float[10 * RowLength];
        batcher.Fill(0, clean, input);
        evaluation.Fill(0, clean, input);
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int step = 0; step < 50; step++) batcher.Fill(step, clean, input);
            for (int batch = 0; batch < 10; batch++) evaluation.Fill(batch, clean, input);
        }));
    }

    [Fact]
    public void Labels_follow_their_rows()
    {
        DataSet data = DataSet.FromBytes("x", [.. Enumerable.Range(0, 30).Select(static i => (byte)i)], [1], [.. Enumerable.Range(0, 30)]);
        Batcher batcher = new(data, new BatchOptions { BatchSize = 7 });
        int[] labels = new int[7];
        batcher.FillLabels(9, labels);
        Assert.Equal(batcher.Rows(9).ToArray(), labels);
    }

    [Fact]
    public void Evaluation_counts_every_row_once()
    {
        DataSet data = DataSet.FromFloats("x", [.. Enumerable.Range(0, 23).Select(static i => (float)i)], [1]);
        EvaluationBatcher batcher = new(data, new BatchOptions { BatchSize = 5 });
        Assert.Equal(5, batcher.BatchCount);
        List<float> seen = [];
        float[] rows = new float[5];
        for (int batch = 0; batch < batcher.BatchCount; batch++)
        {
            int count = batcher.Fill(batch, rows);
            seen.AddRange(rows[..count]);
            Assert.All(rows[count..], static value => Assert.Equal(22, value));
        }

        Assert.Equal(Enumerable.Range(0, 23).Select(static i => (float)i), seen);
    }

    [Fact]
    public void What_cannot_be_done_is_refused()
    {
        Assert.Equal("A batch of 200 rows was asked for, and 'ramp' has 100; choose a smaller batch.", Assert.Throws<ElboException>(() => new Batcher(Ramp(100), new BatchOptions { BatchSize = 200 })).Message);
        DataSet wide = DataSet.FromFloats("x", [0, 2], [1]);
        Assert.StartsWith("Binarisation takes values from 0 to 1", Assert.Throws<ElboException>(() => new Batcher(wide, new BatchOptions { BatchSize = 1, Binarization = Binarization.Fixed })).Message, StringComparison.Ordinal);
        Assert.Throws<ElboException>(() => new MaskingCorruption(1.5));
        Assert.Throws<ElboException>(() => new SaltAndPepperCorruption(double.NaN));
        Assert.Throws<ElboException>(() => new GaussianCorruption(-1));
        Assert.Throws<ArgumentException>(() => new Batcher(Ramp(100), new BatchOptions { BatchSize = 10 }).Fill(0, new float[3]));
    }

    private static DataSet Ramp(int rows) => DataSet.FromBytes("ramp", [.. Enumerable.Range(0, rows * RowLength).Select(static i => (byte)(i * 7))], [RowLength]);

    private static (float[] Clean, float[] Input) Corrupted(Corruption corruption)
    {
        float[] values = new float[200 * RowLength];
        for (int i = 0; i < values.Length; i++) values[i] = -2 + 5f * i / (values.Length - 1);
        Batcher batcher = new(DataSet.FromFloats("x", values, [RowLength]), new BatchOptions { BatchSize = 200, Seed = 9, Shuffle = false, Corruption = corruption });
        float[] clean = new float[values.Length];
        float[] input = new float[values.Length];
        batcher.Fill(0, clean, input);
        Assert.Equal(values, clean);
        return (clean, input);
    }
}
