using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Cli.Rows;
using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Tests.Families;

/// <summary>Rows that go through the verbs in several chunks give what they give at once.</summary>
public class ChunkedRowsTests
{
    private const int Rows = 17_000, Columns = 64;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_verb_gives_in_chunks_what_the_model_gives_at_once()
    {
        Assert.True(RowChunks.RowsOf(Columns) * 2 < Rows);
        using TemporaryFolder folder = new();
        Matrix values = Made();
        NumericArray array = new(NumericType.Float64, [Rows, Columns]);
        values.Values.CopyTo(array.AsSpan<double>());
        Npy.Save(folder["rows.npy"], array);
        (await ToolRun.Of("fit", "gmm", folder["rows.npy"], "--components", "2", "--covariance", "diagonal", "--max-iterations", "2", "--out", folder.Root, "--name", "run", "--quiet")).Succeeded();
        (ModelDescription description, IReadOnlyDictionary<string, NumericArray> parameters) = RowModelFiles.Read(folder["run"]);
        GaussianMixture model = GaussianMixture.Load(description.Definition, parameters);
        Observations rows = Observations.FromMatrix("rows", values);
        using Runtime runtime = new(2);
        double[] logs = new double[Rows];
        model.LogDensity(rows, logs, runtime);

        (await ToolRun.Of("score", folder["run"], folder["rows.npy"], "-o", folder["s.npy"])).Succeeded();
        Assert.Equal(logs, Npy.Load(folder["s.npy"]).ToDouble());
        (await ToolRun.Of("score", folder["run"], folder["rows.npy"], "-o", folder["s.csv"])).Succeeded();
        Assert.Equal(logs, (await File.ReadAllLinesAsync(folder["s.csv"], Cancellation)).Select(static line => double.Parse(line, CultureInfo.InvariantCulture)));
        Assert.Equal(logs, (await ToolRun.Of("score", folder["run"], folder["rows.npy"], "--json")).Succeeded().Json.GetProperty("scores").EnumerateArray().Select(static score => score.GetDouble()));
        JsonElement eval = (await ToolRun.Of("eval", folder["run"], "--json")).Succeeded().Json;
        double mean = logs.Average();
        Assert.Equal(mean, eval.GetProperty("logLikelihood").GetDouble(), 1e-9);
        Assert.Equal(Math.Sqrt(logs.Sum(log => (log - mean) * (log - mean)) / (Rows - 1) / Rows), eval.GetProperty("standardError").GetDouble(), 1e-12);
        (await ToolRun.Of("encode", folder["run"], folder["rows.npy"], "-o", folder["c.npy"])).Succeeded();
        Assert.Equal(model.Encode(rows, runtime).Values.ToArray(), Npy.Load(folder["c.npy"]).ToDouble());
        (await ToolRun.Of("reconstruct", folder["run"], folder["rows.npy"], "-o", folder["r.npy"])).Succeeded();
        Assert.Equal(model.Reconstruct(rows, runtime).Values.ToArray(), Npy.Load(folder["r.npy"]).ToDouble());
        (await ToolRun.Of("impute", folder["run"], folder["rows.npy"], "-o", folder["i.npy"])).Succeeded();
        Assert.Equal(model.Impute(rows, null, runtime).Values.ToArray(), Npy.Load(folder["i.npy"]).ToDouble());
        await DrawsDiffer(folder, values);
    }

    /// <summary>Draws of one chunk are not those of another, and what is there stays.</summary>
    private static async Task DrawsDiffer(TemporaryFolder folder, Matrix values)
    {
        (await ToolRun.Of("impute", folder["run"], folder["rows.npy"], "--draws", "2", "-o", folder["d.npy"])).Succeeded();
        NumericArray drawn = Npy.Load(folder["d.npy"]);
        Assert.Equal([2, Rows, Columns], drawn.Shape.ToArray());
        ReadOnlySpan<double> draws = drawn.AsSpan<double>();
        HashSet<double> seen = [];
        int missing = 0;
        for (int i = 0; i < values.Values.Length; i++)
        {
            if (!double.IsNaN(values.Values[i]))
            {
                Assert.Equal(values.Values[i], draws[i]);
                continue;
            }

            missing++;
            seen.Add(draws[i]);
            seen.Add(draws[values.Values.Length + i]);
        }

        Assert.Equal(2 * missing, seen.Count);
        (await ToolRun.Of("sample", folder["run"], "-n", $"{Rows}", "-o", folder["sampled.npy"])).Succeeded();
        double[] sampled = Npy.Load(folder["sampled.npy"]).ToDouble();
        Assert.Equal(sampled.Length, sampled.Distinct().Count());
        (await ToolRun.Of("sample", folder["run"], "-n", "100", "-o", folder["few.npy"])).Succeeded();
        Assert.Equal(sampled[..(100 * Columns)], Npy.Load(folder["few.npy"]).ToDouble());
    }

    [Fact]
    public async Task A_bad_row_in_the_last_chunk_leaves_no_file()
    {
        using TemporaryFolder folder = new();
        string[] lines = [.. Enumerable.Range(0, 4000).Select(static i => string.Join(',', Enumerable.Range(0, 300).Select(j => (i * 7 + j) % 5)))];
        await File.WriteAllLinesAsync(folder["rows.csv"], lines[..200], Cancellation);
        (await ToolRun.Of("fit", "poisson-mixture", folder["rows.csv"], "--components", "1", "--max-iterations", "2", "--out", folder.Root, "--name", "run", "--quiet")).Succeeded();
        lines[^1] = lines[^1].Replace('3', '-');
        lines[^1] = "-1" + lines[^1][1..].Replace("-", "3", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(folder["bad.csv"], lines, Cancellation);
        (await ToolRun.Of("score", folder["run"], folder["bad.csv"], "-o", folder["s.npy"])).Refused(ExitCode.Failure, "Line 4000", "-1");
        Assert.Empty(Directory.EnumerateFiles(folder.Root, "s.npy*"));
    }

    [Theory]
    [InlineData(true, new[] { 300, 200, 100, 700, 5, 506, 1, 512 }, new[] { 500, 100, 700, 512, 512 })]
    [InlineData(true, new[] { 2324 }, new[] { 2324 })]
    [InlineData(false, new[] { 300, 200, 100, 700, 5, 506, 1, 512 }, new[] { 512, 512, 512, 512, 276 })]
    public void Chunks_are_of_whole_sequences(bool isSequential, int[] lengths, int[] expected)
    {
        Matrix values = new(lengths.Sum(), 1);
        for (int n = 0; n < values.Rows; n++) values[n, 0] = n;
        Observations rows = Observations.FromMatrix("rows", values, sequenceLengths: isSequential ? lengths : null);
        (long First, Observations Rows)[] chunks = [.. RowChunks.Of(rows, isSequential, width: 1 << 20)];
        Assert.Equal(expected, chunks.Select(static chunk => (int)chunk.Rows.Rows));
        Assert.Equal(values.Values.ToArray(), chunks.SelectMany(static chunk => chunk.Rows.ToMatrix().Values.ToArray()));
        if (isSequential) Assert.Equal(lengths, chunks.SelectMany(static chunk => chunk.Rows.SequenceLengths.ToArray()));
        Assert.All(chunks, static chunk => Assert.Equal(chunk.First, chunk.Rows.ToMatrix()[0, 0]));
    }

    private static Matrix Made()
    {
        RandomStream random = new(9);
        Matrix values = new(Rows, Columns);
        for (int i = 0; i < values.Values.Length; i++) values.Values[i] = (i / Columns % 2 == 0 ? -1 : 1) + random.Normal((ulong)i);
        for (int n = 0; n < Rows; n += 10) values[n, n / 10 % Columns] = double.NaN;
        return values;
    }
}
