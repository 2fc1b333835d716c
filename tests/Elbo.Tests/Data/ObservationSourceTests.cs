using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Data;

public class ObservationSourceTests
{
    [Fact]
    public void Reads_doubles_with_names_and_gaps()
    {
        LoadedObservations data = Read("height,width\n0.1,\nNA,1e-300\n?,3\n");
        Assert.Equal([0.1, double.NaN, double.NaN, 1e-300, double.NaN, 3], data.Rows.ToMatrix().Values.ToArray());
        Assert.Equal(["height", "width"], data.Rows.ColumnNames);
        Assert.True(data.HasColumnNames && data.Rows.MayHaveMissing);
        Assert.Equal(["x0", "x1"], Read("1,2\n3,4").Rows.ColumnNames);
    }

    [Fact]
    public void Weights_sequences_and_labels_have_columns_of_their_own()
    {
        LoadedObservations data = Read("id,x,w,kind\na,1,2,dog\na,3,0.5,cat\nb,5,1,dog\n", new CsvOptions { WeightColumn = "w", SequenceColumn = "id", LabelColumn = "kind" });
        Assert.Equal([1.0, 3, 5], data.Rows.ToMatrix().Values.ToArray());
        Assert.Equal([2, 0.5, 1], data.Rows.Weights.ToArray());
        Assert.Equal([2, 1], data.Rows.SequenceLengths.ToArray());
        Assert.Equal([1, 0, 1], data.Labels);
        Assert.Equal(["x"], data.Rows.ColumnNames);
        Assert.Equal([2, 1], Read("7,1\n7,2\n9,3", new CsvOptions { SequenceColumn = "0" }).Rows.SequenceLengths.ToArray());
        Assert.Equal([1, 2], Read("b,1\na,2\na,3", new CsvOptions { SequenceColumn = "0" }).Rows.SequenceLengths.ToArray());
    }

    [Fact]
    public void The_columns_of_a_model_are_found_by_name_in_any_order()
    {
        CsvOptions options = new() { ModelColumns = ["x", "y"], WeightColumn = "w", SequenceColumn = "id" };
        Assert.Equal([2.0, 1, 4, 3], Read("y,note,x\n1,8,2\n3,9,4\n", options).Rows.ToMatrix().Values.ToArray());
        Assert.Equal([1.0, 2], Read("1,2\n", options).Rows.ToMatrix().Values.ToArray());
        Assert.Contains("has the columns y, z, and lacks 'x', on which the model was fitted", Refusal("y,z\n1,2\n", options), StringComparison.Ordinal);
        Assert.Equal([4.0, 3], Read("a,b,c\n1,3,4", new CsvOptions { Columns = ["c", "1"] }).Rows.ToMatrix().Values.ToArray());
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,x\n", "has 'x' in line 3, column 2 ('b')")]
    [InlineData("a,b\n1,1e999\n", "has '1e999' in line 2, column 2 ('b')")]
    [InlineData("id,b,w\nq,1,1\nr,2,1\nq,3,1", "comes back to the sequence 'q' in line 4")]
    [InlineData("id,b,w\nq,1,-1", "has the weight '-1' in line 2, column 3 ('w')")]
    [InlineData("id,b,w\nq,1,", "has the weight '' in line 2")]
    [InlineData("id,b\nq,1", "the weight column 'w' was expected")]
    public void Names_the_place_of_what_is_wrong(string text, string expected) =>
        Assert.Contains(expected, Refusal(text, text.StartsWith("id", StringComparison.Ordinal) ? new CsvOptions { SequenceColumn = "id", WeightColumn = "w" } : null), StringComparison.Ordinal);

    [Fact]
    public void Arrays_keep_their_precision_and_tables_of_bytes_their_numbers()
    {
        string folder = Directory.CreateTempSubdirectory("elbo-observations-").FullName;
        try
        {
            string npy = Path.Combine(folder, "a.npy");
            Npy.Save(npy, NumericArray.From<double>([0.1, 1e-300, double.NaN, 4], 2, 2));
            Assert.Equal([0.1, 1e-300, double.NaN, 4], ObservationSource.Load(npy).Rows.ToMatrix().Values.ToArray());
            Npy.Save(npy, NumericArray.From<byte>([0, 255, 3, 4], 2, 2));
            Assert.Equal([0.0, 255, 3, 4], ObservationSource.Load(npy).Rows.ToMatrix().Values.ToArray());
            Npy.Save(npy, NumericArray.From<byte>([0, 255, 0, 255], 1, 2, 2));
            LoadedObservations images = ObservationSource.Load(npy);
            Assert.True(images.IsImage);
            Assert.Equal([0.0, 1, 0, 1], images.Rows.ToMatrix().Values.ToArray());
            string npz = Path.Combine(folder, "a.npz");
            Npz.Save(npz, [new("X", NumericArray.From<double>([1, 2, 3], 3, 1)), new("weights", NumericArray.From<double>([1, 0, 2])), new("lengths", NumericArray.From<int>([1, 2]))]);
            Observations rows = ObservationSource.Load(npz).Rows;
            Assert.Equal([1, 0, 2], rows.Weights.ToArray());
            Assert.Equal([1, 2], rows.SequenceLengths.ToArray());
            Npy.Save(npy, NumericArray.From<double>([1, double.NegativeInfinity], 2, 1));
            Assert.Contains("infinite value in row 1, column 0", Assert.Throws<ElboException>(() => ObservationSource.Load(npy)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static LoadedObservations Read(string text, CsvOptions? options = null) => Csv.ReadObservations(new StringReader(text), "x", "x.csv", options);

    private static string Refusal(string text, CsvOptions? options) => Assert.Throws<ElboException>(() => Read(text, options)).Message;
}
