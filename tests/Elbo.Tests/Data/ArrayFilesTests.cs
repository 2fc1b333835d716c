using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Tests.Storage;

namespace Elbo.Tests.Data;

public class ArrayFilesTests
{
    [Theory]
    [InlineData(new[] { 2, 12 }, new[] { 12 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 1, 3, 4 })]
    [InlineData(new[] { 2, 1, 3, 4 }, new[] { 1, 3, 4 })]
    [InlineData(new[] { 2, 3, 2, 2 }, new[] { 3, 2, 2 })]
    [InlineData(new[] { 2, 2, 2, 3 }, new[] { 3, 2, 2 })]
    [InlineData(new[] { 2, 3, 4, 1 }, new[] { 3, 4, 1 })]
    [InlineData(new[] { 2, 4, 3, 1 }, new[] { 1, 4, 3 })]
    public void Finds_the_shape_of_a_row(int[] shape, int[] expected) =>
        Assert.Equal(expected, ArrayFiles.ToDataSet(new NumericArray(NumericType.UInt8, shape), "x", "x.npy").RowShape.ToArray());

    [Fact]
    public void Brings_channels_to_the_front()
    {
        // Two pixels in a row, red 1, green 2, blue 3 and red 4, green 5, blue 6; twice below each other.
        NumericArray array = NumericArray.From<byte>([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 1, 2, 2, 3);
        Assert.Equal([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12], ArrayFiles.ToDataSet(array, "x", "x.npy").Bytes.ToArray());
    }

    [Fact]
    public void Bytes_stay_bytes_and_the_rest_becomes_float()
    {
        Assert.True(ArrayFiles.ToDataSet(NumericArray.From<byte>([1, 2], 1, 2), "x", "x.npy").IsBytes);
        Assert.Equal([255, 0], ArrayFiles.ToDataSet(NumericArray.From<bool>([true, false], 1, 2), "x", "x.npy").Bytes.ToArray());
        Assert.Equal([300f, -1], ArrayFiles.ToDataSet(NumericArray.From<short>([300, -1], 1, 2), "x", "x.npy").Floats.ToArray());
        Assert.True(float.IsNaN(ArrayFiles.ToDataSet(NumericArray.From<double>([double.NaN, 1], 1, 2), "x", "x.npy").Floats[0]));
    }

    [Fact]
    public void Refuses_what_is_not_rows()
    {
        Assert.Equal("'x.npy' has the shape [784], and rows of values were expected; reshape it to [rows, values].", Refusal(NumericArray.From<float>(new float[784])));
        Assert.Contains("which holds nothing", Refusal(new NumericArray(NumericType.Float32, 0, 784)), StringComparison.Ordinal);
        Assert.Contains("infinite value (as a 32-bit float) in row 1, value 0", Refusal(NumericArray.From<double>([1, 2, 1e300, 4], 2, 2)), StringComparison.Ordinal);
        Assert.Contains("3 labels for 2 rows", Refusal(NumericArray.From<byte>([1, 2], 2, 1), NumericArray.From<int>([1, 2, 3])), StringComparison.Ordinal);
        Assert.Contains("has the label 1.5 in row 1", Refusal(NumericArray.From<byte>([1, 2], 2, 1), NumericArray.From<double>([1, 1.5])), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_rows_labels_and_test_rows_from_an_npz()
    {
        using TemporaryFolder folder = new();
        Npz.Save(folder["a.npz"], [new("X", NumericArray.From<double>([1, 2, 3, 4], 2, 2)), new("y", NumericArray.From<long>([0, 1]))]);
        LoadedData data = ArrayFiles.LoadNpz(folder["a.npz"]);
        Assert.Equal([0, 1], data.Train.Labels.ToArray());
        Assert.Null(data.Test);
        NumericArray rows = new(NumericType.UInt8, 2, 4, 4);
        Npz.Save(folder["b.npz"], [new("x_test", rows), new("x_train", rows), new("y_train", NumericArray.From<byte>([3, 4])), new("y_test", NumericArray.From<byte>([5, 6]))]);
        data = ArrayFiles.LoadNpz(folder["b.npz"]);
        Assert.Equal([3, 4], data.Train.Labels.ToArray());
        Assert.Equal([5, 6], data.Test!.Labels.ToArray());
        Npz.Save(folder["c.npz"], [new("foo", rows), new("bar", rows)]);
        Assert.Contains("holds the arrays foo, bar, and rows under the name X were expected", Assert.Throws<ElboException>(() => ArrayFiles.LoadNpz(folder["c.npz"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_the_shared_anomaly_sets()
    {
        string root = SharedData.Require("adbench/4_breastw.npz");
        (string Name, int Rows, int Columns)[] sets = [("4_breastw", 683, 9), ("6_cardio", 1831, 21), ("32_shuttle", 49097, 9), ("23_mammography", 11183, 6)];
        foreach ((string name, int rows, int columns) in sets)
        {
            DataSet data = ArrayFiles.LoadNpz(Path.Combine(root, "adbench", name + ".npz")).Train;
            Assert.Equal((rows, columns), (data.Rows, data.RowLength));
            Assert.Equal(rows, data.Labels.Count(0) + data.Labels.Count(1));
        }
    }

    private static string Refusal(NumericArray array, NumericArray? labels = null) => Assert.Throws<ElboException>(() => ArrayFiles.ToDataSet(array, "x", "x.npy", labels)).Message;
}
