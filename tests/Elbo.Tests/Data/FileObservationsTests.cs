using System.Globalization;
using System.Runtime.InteropServices;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Tests.Models.Mixtures;

namespace Elbo.Tests.Data;

public sealed class FileObservationsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("elbo-streams-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void A_streamed_fit_gives_the_bytes_of_the_fit_in_memory(bool single, bool missing)
    {
        Matrix rows = MixtureProblems.Rows(2500, 4, 3, 31, missing ? 0.1 : 0);
        if (single)
            foreach (ref double value in rows.Values) value = (float)value;
        string path = Path.Combine(folder, "rows.npy");
        Npy.Save(path, single ? NumericArray.From<float>([.. rows.Values.ToArray().Select(static value => (float)value)], 2500, 4) : NumericArray.From<double>(rows.Values, 2500, 4));
        using FileObservations streamed = FileObservations.OpenNpy(path);
        Assert.Equal(missing, streamed.MayHaveMissing);
        Assert.Equal(rows.Values.ToArray(), streamed.ToMatrix().Values.ToArray());
        AssertSame(Observations.FromMatrix("rows", rows), streamed);
    }

    [Fact]
    public void A_streamed_table_gives_the_bytes_of_the_table_in_memory()
    {
        Matrix rows = MixtureProblems.Rows(5000, 3, 2, 32, 0.05);
        string path = Path.Combine(folder, "rows.csv");
        using (StreamWriter writer = new(path))
        {
            writer.WriteLine("a,w,b,c");
            for (int n = 0; n < rows.Rows; n++)
            {
                string Field(int column) => double.IsNaN(rows[n, column]) ? "" : rows[n, column].ToString("R", CultureInfo.InvariantCulture);
                writer.WriteLine($"{Field(0)},{(n % 3).ToString(CultureInfo.InvariantCulture)},{Field(1)},{Field(2)}");
            }
        }

        CsvOptions options = new() { WeightColumn = "w" };
        LoadedObservations loaded = Csv.LoadObservations(path, options), streamed = Csv.StreamObservations(path, options);
        using FileObservations file = Assert.IsType<FileObservations>(streamed.Rows);
        Assert.Equal(["a", "b", "c"], file.ColumnNames);
        Assert.Equal(loaded.Rows.Weights.ToArray(), file.Weights.ToArray());
        AssertSame(loaded.Rows, file);
    }

    [Fact]
    public void A_bad_field_of_a_streamed_table_is_named()
    {
        string path = Path.Combine(folder, "bad.csv");
        File.WriteAllText(path, "a,b\n1,2\n3,x\n");
        Assert.Contains("has 'x' in line 3, column 2 ('b')", Assert.Throws<ElboException>(() => Csv.StreamObservations(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_streamed_gets_one_sentence()
    {
        Matrix rows = MixtureProblems.Rows(20_000, 2, 2, 33);
        string path = Path.Combine(folder, "rows.npy");
        Npy.Save(path, NumericArray.From<double>(rows.Values, 20_000, 2));
        using FileObservations streamed = FileObservations.OpenNpy(path);
        using (FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) stream.SetLength(100_000);
        using Runtime runtime = new(2);
        ElboException exception = Assert.Throws<ElboException>(() => GaussianMixture.Fit(streamed, new GaussianMixtureOptions { Components = 2 }, null, runtime));
        Assert.Contains("was cut short or is being rewritten", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_streamed_is_refused_with_a_remedy()
    {
        string path = Path.Combine(folder, "rows.npy");
        Npy.Save(path, NumericArray.From<int>([1, 2, 3, 4], 2, 2));
        Assert.Contains("holds Int32 of shape [2, 2], and rows of float32 or float64", Assert.Throws<ElboException>(() => FileObservations.OpenNpy(path)).Message, StringComparison.Ordinal);
        Npy.Save(path, NumericArray.From<double>([1, 2, double.PositiveInfinity, 4], 2, 2));
        Assert.Contains("has an infinite value in row 1, column 'x0'", Assert.Throws<ElboException>(() => FileObservations.OpenNpy(path)).Message, StringComparison.Ordinal);
        Assert.Throws<ElboException>(() => FileObservations.OpenNpy(Path.Combine(folder, "none.npy")));
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^8]);
        Assert.Contains("ends before row", Assert.Throws<ElboException>(() => FileObservations.OpenNpy(path)).Message, StringComparison.Ordinal);
    }

    private static void AssertSame(Observations memory, Observations stream)
    {
        using Runtime runtime = new(2);
        byte[][] results = [.. ((Observations[])[memory, stream]).Select(rows =>
        {
            FitResult<GaussianMixture> fit = GaussianMixture.Fit(rows, new GaussianMixtureOptions { Components = 2 }, new FitOptions { MaxIterations = 5 }, runtime);
            return (byte[])[.. fit.Model.Parameters.SelectMany(static parameter => parameter.Value.Bytes.ToArray()), .. MemoryMarshal.AsBytes<double>(fit.Bounds.ToArray())];
        })];
        Assert.Equal(results[0], results[1]);
    }
}
