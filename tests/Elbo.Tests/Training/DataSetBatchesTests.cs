using Elbo.Data;
using Elbo.Training;

namespace Elbo.Tests.Training;

public class DataSetBatchesTests
{
    private static readonly DataSet Rows = DataSet.FromFloats("rows", [.. Enumerable.Range(0, 7 * 3).Select(static i => i / 21f)], [3], [0, 1, 2, 3, 4, 5, 6]);

    [Fact]
    public void An_epoch_of_training_batches_has_each_row_at_most_once_with_its_label()
    {
        DataSetBatches batches = new(Rows, new BatchOptions { BatchSize = 3, Seed = 4 });
        Assert.Equal(2, batches.BatchesPerEpoch);
        float[] target = new float[9], labels = new float[3];
        List<float> seen = [];
        for (int step = 2; step < 4; step++)
        {
            Assert.Equal(3, batches.Fill(step, target, [], labels));
            for (int i = 0; i < 3; i++)
            {
                int row = batches.Rows(step)[i];
                Assert.Equal(row, labels[i]);
                Assert.Equal(Rows.Floats.Slice(3 * row, 3).ToArray(), target[(3 * i)..(3 * i + 3)]);
                seen.Add(labels[i]);
            }
        }

        Assert.Equal(6, seen.Distinct().Count());
    }

    [Fact]
    public void Damage_reaches_the_input_alone()
    {
        DataSetBatches batches = new(Rows, new BatchOptions { BatchSize = 7, Shuffle = false, Corruption = new MaskingCorruption(1) });
        Assert.True(batches.HasSeparateInput);
        float[] target = new float[21], input = new float[21];
        batches.Fill(0, target, input, []);
        Assert.Equal(Rows.Floats.ToArray(), target);
        Assert.All(input, static value => Assert.Equal(0, value));
    }

    [Fact]
    public void Evaluation_batches_have_every_row_once_in_order()
    {
        EvaluationBatches batches = new(Rows, new BatchOptions { BatchSize = 3, Corruption = new MaskingCorruption(1) });
        Assert.False(batches.HasSeparateInput);
        List<float> values = [], labels = [];
        List<int> rows = [];
        float[] target = new float[9], marks = new float[3];
        for (int step = 0; step < batches.BatchesPerEpoch; step++)
        {
            int count = batches.Fill(step, target, [], marks);
            values.AddRange(target[..(3 * count)]);
            labels.AddRange(marks[..count]);
            rows.AddRange(batches.Rows(step)[..count]);
        }

        Assert.Equal(Rows.Floats.ToArray(), values);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], labels);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], rows);
    }

    [Fact]
    public void Evaluation_binarises_the_same_way_every_time()
    {
        EvaluationBatches batches = new(Rows, new BatchOptions { BatchSize = 7, Binarization = Binarization.Dynamic });
        float[] once = new float[21], again = new float[21];
        batches.Fill(0, once, [], []);
        batches.Fill(5, again, [], []);
        Assert.Equal(once, again);
        Assert.All(once, static value => Assert.True(value is 0 or 1));
    }
}
