using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Tests.Data;

public class DataSetTests
{
    [Fact]
    public void Bytes_are_seen_as_0_to_1()
    {
        DataSet data = DataSet.FromBytes("x", [.. Enumerable.Range(0, 256).Select(static i => (byte)i)], [256]);
        float[] row = new float[256];
        data.CopyRow(0, row);
        Assert.Equal(0f, row[0]);
        Assert.Equal(1f, row[255]);
        for (int i = 0; i < 256; i++) Assert.Equal(i / 255d, row[i], 1e-7);
        Assert.Equal(new ValueRange(0, 1, 0), data.Range);
    }

    [Fact]
    public void Selecting_keeps_labels_and_factors_with_their_rows()
    {
        Factors factors = new(["a", "b"], [10, 10], [1, 2, 3, 4, 5, 6]);
        DataSet data = DataSet.FromFloats("x", [10, 11, 20, 21, 30, 31], [2], [1, 2, 3], ["n0", "n1", "n2", "n3"], factors);
        DataSet selected = data.Select([2, 0, 2]);
        Assert.Equal([30f, 31, 10, 11, 30, 31], selected.Floats.ToArray());
        Assert.Equal([3, 1, 3], selected.Labels.ToArray());
        Assert.Equal([5, 6], selected.Factors!.Row(2).ToArray());
        Assert.Equal([20f, 21], data.Slice(1, 1).Floats.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Select([3]));
    }

    [Fact]
    public void The_fingerprint_follows_the_content_and_not_the_name()
    {
        DataSet data = DataSet.FromBytes("x", [1, 2, 3, 4], [2], [0, 1]);
        Assert.Equal(64, data.Fingerprint.Length);
        Assert.Equal(data.Fingerprint, data.WithName("y").Fingerprint);
        string[] others =
        [
            DataSet.FromBytes("x", [1, 2, 3, 5], [2], [0, 1]).Fingerprint,
            DataSet.FromBytes("x", [1, 2, 3, 4], [1, 2], [0, 1]).Fingerprint,
            DataSet.FromBytes("x", [1, 2, 3, 4], [2], [0, 2]).Fingerprint,
            DataSet.FromBytes("x", [1, 2, 3, 4], [2]).Fingerprint,
            DataSet.FromFloats("x", [1, 2, 3, 4], [2], [0, 1]).Fingerprint,
        ];
        Assert.DoesNotContain(data.Fingerprint, others);
        Assert.Equal(5, others.Distinct().Count());
    }

    [Fact]
    public void Means_leave_missing_values_out()
    {
        Assert.Equal([0.1, 0.3], DataSet.FromBytes("x", [51, 102, 0, 51], [2]).Mean(), static (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([2d, 7], DataSet.FromFloats("x", [1, float.NaN, 3, 7], [2]).Mean());
    }

    [Fact]
    public void A_value_outside_the_likelihoods_support_is_named()
    {
        DataSet grey = DataSet.FromFloats("scan", [0, 10, 20, 300], [2]);
        Assert.Equal("The Bernoulli likelihood takes values from 0 to 1, and row 0, value 1 of 'scan' (both from 0) is 10; rescale the values or choose another likelihood.", Refusal(grey));
        DataSet bytesAsFloats = DataSet.FromFloats("scan", [0, 0, 255, 3], [2]);
        Assert.EndsWith("row 1, value 0 of 'scan' (both from 0) is 255; divide the values by 255, save them as bytes, or choose another likelihood.", Refusal(bytesAsFloats), StringComparison.Ordinal);
        DataSet missing = DataSet.FromFloats("scan", [0, float.NaN], [2]);
        Assert.Equal("The Bernoulli likelihood cannot take missing values, and row 0, value 1 of 'scan' (both from 0) is NaN; fill the gaps or remove those rows.", Refusal(missing));
        DataSet.FromBytes("scan", [0, 255], [2]).RequireRange(0, 1, "the Bernoulli likelihood");
    }

    [Fact]
    public void Lengths_that_do_not_agree_are_refused()
    {
        Assert.Throws<ArgumentException>(() => DataSet.FromBytes("x", [1, 2, 3], [2]));
        Assert.Throws<ArgumentException>(() => DataSet.FromBytes("x", [1, 2], [2], [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataSet.FromBytes("x", [1, 2], [0]));
    }

    private static string Refusal(DataSet data) => Assert.Throws<ElboException>(() => data.RequireRange(0, 1, "the Bernoulli likelihood")).Message;
}
