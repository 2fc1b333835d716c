using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Families;
using Elbo.Cli.Hosting;
using Elbo.Cli.Rows;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Storage;

namespace Elbo.Cli.Tests.Families;

public class GaussianMixtureToolTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fits_and_says_the_same_everywhere()
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"]);
        JsonElement fit = (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "run", "--components", "3", "--json"))).Succeeded().Json;
        Assert.Equal(150, fit.GetProperty("rows").GetInt32());
        Assert.True(fit.GetProperty("converged").GetBoolean());
        Assert.Equal(29, fit.GetProperty("parameters").GetInt32());
        double elbo = fit.GetProperty("elbo").GetDouble();
        Assert.Equal(elbo, fit.GetProperty("logLikelihood").GetDouble());
        Assert.Equal(-2 * elbo * 150 + 29 * Math.Log(150), fit.GetProperty("bic").GetDouble(), 1e-9);
        Assert.Equal(-2 * elbo * 150 + 2 * 29, fit.GetProperty("aic").GetDouble(), 1e-9);
        Assert.All(["recipe.json", "model.json", "model.safetensors", "metrics.jsonl", "summary.json", "report.html"], name => Assert.True(File.Exists(Path.Combine(folder["run"], name)), name));

        JsonElement eval = (await ToolRun.Of("eval", folder["run"], "--json")).Succeeded().Json;
        Assert.Equal(elbo, eval.GetProperty("elbo").GetDouble(), 1e-12);
        Assert.Equal(fit.GetProperty("iterations").GetInt32(), eval.GetProperty("iterations").GetInt32());
        double[] scores = [.. (await ToolRun.Of("score", folder["run"], data)).Succeeded().Out.TrimEnd().Split('\n').Select(static line => double.Parse(line, CultureInfo.InvariantCulture))];
        Assert.Equal(150, scores.Length);
        Assert.Equal(elbo, scores.Average(), 1e-12);
        string[] metrics = await File.ReadAllLinesAsync(Path.Combine(folder["run"], "metrics.jsonl"), Cancellation);
        Assert.Equal(fit.GetProperty("iterations").GetInt32() + 1, metrics.Length);
        Assert.Equal(elbo, JsonElement.Parse(metrics[^1]).GetProperty("bound").GetDouble());
    }

    [Fact]
    public async Task Chooses_the_number_of_components()
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"]);
        JsonElement fit = (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "run", "--components", "1..4", "--restarts", "3", "--json"))).Succeeded().Json;
        Assert.Equal(3, fit.GetProperty("size").GetInt32());
        JsonElement[] tried = [.. fit.GetProperty("tried").EnumerateArray()];
        Assert.Equal([1, 2, 3, 4], tried.Select(static size => size.GetProperty("size").GetInt32()));
        Assert.Equal(tried.Min(static size => size.GetProperty("bic").GetDouble()), fit.GetProperty("bic").GetDouble());
        // Responsibilities have no entropy where there is one component, and some where groups touch.
        Assert.Equal(tried[0].GetProperty("bic").GetDouble(), tried[0].GetProperty("icl").GetDouble());
        Assert.True(tried[2].GetProperty("icl").GetDouble() > tried[2].GetProperty("bic").GetDouble());
        ToolRun alone = (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "alone", "--components", "3", "--restarts", "3", "--json"))).Succeeded();
        Assert.Equal(await Bytes(folder["run"]), await Bytes(folder["alone"]));
        string report = await File.ReadAllTextAsync(Path.Combine(folder["run"], "report.html"), Cancellation);
        Assert.Contains("How many components", report, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, (await ToolRun.Of("compare", folder["run"], folder["alone"], "-o", folder["both.html"])).Code);
    }

    [Fact]
    public async Task The_same_bytes_from_its_recipe_and_at_any_number_of_threads()
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"], missing: 0.1);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "one", "--components", "3", "--covariance", "tied", "--seed", "7"))).Succeeded();
        (await ToolRun.Of("fit", "--recipe", Path.Combine(folder["one"], "recipe.json"), "--out", folder.Root, "--name", "two", "--threads", "2", "--quiet")).Succeeded();
        Assert.Equal(await Bytes(folder["one"]), await Bytes(folder["two"]));
        (await ToolRun.Of("fit", "--recipe", Path.Combine(folder["one"], "recipe.json"), "--latent", "2")).Refused(ExitCode.Usage, "--latent", "'options'");
    }

    [Theory]
    [InlineData("full", 1)]
    [InlineData("diagonal", 4)]
    [InlineData("spherical", 9)]
    [InlineData("tied", 3)]
    public async Task A_stopped_fit_goes_on_to_the_same_bytes(string covariance, int iterations)
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"], missing: 0.2);
        string[] more = ["--components", "3", "--covariance", covariance, "--init", "random", "--tolerance", "1e-9"];
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "whole", more))).Succeeded();
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "short", [.. more, "--max-iterations", $"{iterations}"]))).Succeeded();
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        ToolRun stopped = await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "part", more), source.Token);
        Assert.Equal(ExitCode.Interrupted, stopped.Code);
        Assert.Contains($"elbo resume {folder["part"]}", stopped.Error, StringComparison.Ordinal);
        (await ToolRun.Of("eval", folder["part"])).Refused(ExitCode.Failure, "elbo resume");

        // What a fit stopped after so many iterations has saved.
        GaussianMixtureFamily family = new();
        (ModelDescription description, IReadOnlyDictionary<string, NumericArray> parameters) = RowModelFiles.Read(folder["short"]);
        using (RunFolder run = RunFolder.OpenToResume(folder["part"]))
        using (RunFolder brief = RunFolder.Open(folder["short"]))
        {
            RowCheckpoint checkpoint = new() { CurrentSize = 3, Current = family.Load(description.Definition, parameters), EarlierBounds = [.. RowMetrics.Read(brief)[0].Bounds.SkipLast(1)] };
            checkpoint.Save(run);
        }

        ToolRun resumed = (await ToolRun.Of("resume", folder["part"])).Succeeded();
        Assert.Contains($"going on after iteration {iterations}", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(await Bytes(folder["whole"]), await Bytes(folder["part"]));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder["whole"], "metrics.jsonl"), Cancellation), await File.ReadAllTextAsync(Path.Combine(folder["part"], "metrics.jsonl"), Cancellation));
        Assert.Equal(
            RowSummary.Load(folder["whole"]) with { Seconds = 0 },
            RowSummary.Load(folder["part"]) with { Seconds = 0 });
        (await ToolRun.Of("resume", folder["part"], "--json")).Succeeded();
    }

    [Fact]
    public async Task A_search_that_was_stopped_keeps_the_sizes_that_are_done()
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"]);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "whole", "--components", "1..4"))).Succeeded();
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "part", "--components", "1..4"), source.Token)).Code);
        GaussianMixtureFamily family = new();
        using (RunFolder run = RunFolder.OpenToResume(folder["part"]))
        using (RunFolder whole = RunFolder.Open(folder["whole"]))
        {
            RowCheckpoint all = RowCheckpoint.Load(whole, family, null);
            RowCheckpoint some = new() { Best = all.Best };
            some.Done.AddRange(all.Done.Take(3));
            some.Save(run);
        }

        ToolRun resumed = (await ToolRun.Of("resume", folder["part"])).Succeeded();
        Assert.Contains("3 of 4 sizes are done", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(await Bytes(folder["whole"]), await Bytes(folder["part"]));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder["whole"], "metrics.jsonl"), Cancellation), await File.ReadAllTextAsync(Path.Combine(folder["part"], "metrics.jsonl"), Cancellation));
    }

    [Fact]
    public async Task Encodes_samples_and_rebuilds()
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"]);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "run", "--components", "3"))).Succeeded();
        (await ToolRun.Of("encode", folder["run"], data, "-o", folder["codes.npy"])).Succeeded();
        NumericArray codes = Npy.Load(folder["codes.npy"]);
        Assert.Equal(NumericType.Float64, codes.Type);
        Assert.Equal([150, 3], codes.Shape.ToArray());
        for (int row = 0; row < 150; row++) Assert.Equal(1, codes.AsSpan<double>().Slice(3 * row, 3).ToArray().Sum(), 1e-12);
        string[] lines = (await ToolRun.Of("encode", folder["run"], data)).Succeeded().Out.TrimEnd().Split('\n');
        Assert.Equal("component0,component1,component2", lines[0]);
        Assert.Equal(codes.AsSpan<double>()[1], double.Parse(lines[1].Split(',')[1], CultureInfo.InvariantCulture));
        (await ToolRun.Of("sample", folder["run"], "-n", "4", "-o", folder["s.csv"])).Succeeded();
        string[] sampled = await File.ReadAllLinesAsync(folder["s.csv"], Cancellation);
        Assert.Equal("height,width,depth", sampled[0]);
        Assert.Equal(5, sampled.Length);
        (await ToolRun.Of("score", folder["run"], folder["s.csv"])).Succeeded();
        (await ToolRun.Of("reconstruct", folder["run"], data, "-n", "2", "-o", folder["r.npy"])).Succeeded();
        Assert.Equal([2, 3], Npy.Load(folder["r.npy"]).Shape.ToArray());
        (await ToolRun.Of("reconstruct", folder["run"], data, "-o", folder["r.png"])).Refused(ExitCode.Failure, "make no picture", ".npy");
        (await ToolRun.Of("report", folder["run"], "-o", folder["again.html"])).Succeeded();
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder["run"], "report.html"), Cancellation), await File.ReadAllBytesAsync(folder["again.html"], Cancellation));
    }

    [Fact]
    public async Task Fills_gaps_and_leaves_the_rest_as_it_was()
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["gaps.csv"], missing: 0.2);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "run", "--components", "3"))).Succeeded();
        (await ToolRun.Of("impute", folder["run"], data, "-o", folder["filled.csv"])).Succeeded();
        string[] before = await File.ReadAllLinesAsync(data, Cancellation), after = await File.ReadAllLinesAsync(folder["filled.csv"], Cancellation);
        Assert.Equal(before[0], after[0]);
        Assert.Equal(before.Length, after.Length);
        int filled = 0;
        foreach ((string[] given, string[] made) in before.Skip(1).Zip(after.Skip(1)).Select(static pair => (pair.First.Split(','), pair.Second.Split(','))))
        {
            for (int column = 0; column < given.Length; column++)
            {
                if (given[column] is not ("" or "NA")) Assert.Equal(given[column], made[column]);
                else filled += double.IsFinite(double.Parse(made[column], CultureInfo.InvariantCulture)) ? 1 : 0;
            }
        }

        Assert.Equal(before.Skip(1).Sum(static line => line.Split(',').Count(static field => field is "" or "NA")), filled);
        (await ToolRun.Of("impute", folder["run"], data, "--draws", "3", "-o", folder["draws.csv"])).Succeeded();
        string[] draws = await File.ReadAllLinesAsync(folder["draws.csv"], Cancellation);
        Assert.Equal("draw," + before[0], draws[0]);
        Assert.Equal(3 * 150 + 1, draws.Length);
        Assert.NotEqual(draws[1..151].Select(static line => line[2..]), draws[151..301].Select(static line => line[2..]));
        (await ToolRun.Of("impute", folder["run"], data, "--draws", "3", "-o", folder["draws.npy"])).Succeeded();
        Assert.Equal([3, 150, 3], Npy.Load(folder["draws.npy"]).Shape.ToArray());
    }

    [Fact]
    public async Task Shows_parameters_to_start_from()
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"]);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "run", "--components", "3", "--covariance", "tied", "--tolerance", "1e-10"))).Succeeded();
        string table = (await ToolRun.Of("show", folder["run"])).Succeeded().Out;
        Assert.Contains("covariances  [3 × 3]", table, StringComparison.Ordinal);
        Assert.Contains("component2", table, StringComparison.Ordinal);
        string shown = (await ToolRun.Of("show", folder["run"], "--json")).Succeeded().Out;
        await File.WriteAllTextAsync(folder["p.json"], shown, Cancellation);
        JsonElement parameters = JsonElement.Parse(shown).GetProperty("parameters");
        Assert.Equal(1, parameters.GetProperty("weights").EnumerateArray().Sum(static weight => weight.GetDouble()), 1e-12);
        Assert.Equal(3, parameters.GetProperty("means")[2].GetArrayLength());
        JsonElement again = (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "again", "--covariance", "tied", "--start", folder["p.json"], "--json"))).Succeeded().Json;
        Assert.Equal(3, again.GetProperty("size").GetInt32());
        Assert.InRange(again.GetProperty("iterations").GetInt32(), 0, 1);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "warm", "--covariance", "tied", "--start", folder["run"]))).Succeeded();
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "none", "--covariance", "full", "--start", folder["p.json"]))).Refused(ExitCode.Failure, "tied", "full");
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "none", "--components", "2..3", "--start", folder["p.json"]))).Refused(ExitCode.Usage, "--start", "--components");
        (await ToolRun.Of("fit", "gmm", data, "--columns", "height,width", "--covariance", "tied", "--start", folder["p.json"], "--out", folder.Root, "--name", "none")).Refused(ExitCode.Failure, "3 columns", "2");
        await File.WriteAllTextAsync(folder["bad.json"], """{ "weights": [0.5, 0.6], "means": [[0, 0, 0], [1, 1, 1]], "covariances": [1, 1] }""", Cancellation);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "none", "--covariance", "spherical", "--start", folder["bad.json"]))).Refused(ExitCode.Failure, "weights", "1.1");
        await File.WriteAllTextAsync(folder["bad.json"], """{ "weights": [0.5, 0.5], "means": [[0, 0, 0], [1, 1]], "covariances": [1, 1] }""", Cancellation);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "none", "--start", folder["bad.json"]))).Refused(ExitCode.Failure, "'means'", "bad.json");
        Assert.False(Directory.Exists(folder["none"]));
    }

    [Fact]
    public async Task A_weight_is_as_many_rows()
    {
        using TemporaryFolder folder = new();
        string[] lines = await File.ReadAllLinesAsync(RowFiles.Groups(folder["data.csv"], 60), Cancellation);
        await File.WriteAllLinesAsync(folder["weighted.csv"], [lines[0] + ",w", .. lines.Skip(1).Select(static (line, i) => $"{line},{i % 3}")], Cancellation);
        await File.WriteAllLinesAsync(folder["repeated.csv"], [lines[0], .. lines.Skip(1).SelectMany(static (line, i) => Enumerable.Repeat(line, i % 3))], Cancellation);
        (await ToolRun.Of(RowFiles.Fit("gmm", folder["data.csv"], folder.Root, "start", "--components", "2"))).Succeeded();
        double weighted = (await ToolRun.Of(RowFiles.Fit("gmm", folder["weighted.csv"], folder.Root, "weighted", "--weights-column", "w", "--start", folder["start"], "--json"))).Succeeded().Json.GetProperty("bic").GetDouble();
        double repeated = (await ToolRun.Of(RowFiles.Fit("gmm", folder["repeated.csv"], folder.Root, "repeated", "--start", folder["start"], "--json"))).Succeeded().Json.GetProperty("bic").GetDouble();
        Assert.Equal(repeated, weighted, 1e-6);
        JsonElement eval = (await ToolRun.Of("eval", folder["weighted"], "--json")).Succeeded().Json;
        Assert.Equal(weighted, eval.GetProperty("bic").GetDouble(), 1e-9);
        // Rows to score need no weights.
        (await ToolRun.Of("score", folder["weighted"], folder["data.csv"])).Succeeded();
    }

    [Theory]
    [InlineData("gmm data.csv --components 3", ExitCode.Failure, "'ash'", "line 2", "'kind'")]
    [InlineData("gmm data.csv --columns height,wdth", ExitCode.Failure, "'wdth'", "id, height, width, depth, kind")]
    [InlineData("gmm data.csv --columns height --components 300", ExitCode.Failure, "300", "distinct")]
    [InlineData("gmm data.csv --columns height --components 0", ExitCode.Usage, "--components", "at least 1")]
    [InlineData("gmm data.csv --columns height --components 5..2", ExitCode.Usage, "--components", "'5..2'")]
    [InlineData("gmm data.csv --columns height --covariance diag", ExitCode.Usage, "did you mean 'diagonal'?")]
    [InlineData("gmm data.csv --columns height --tolerance -1", ExitCode.Usage, "--tolerance", "at least 0")]
    [InlineData("gmm data.csv --columns height --select bik", ExitCode.Usage, "did you mean 'bic'?")]
    [InlineData("gmm data.csv --columns height --start no.json", ExitCode.Failure, "no.json", "does not exist")]
    [InlineData("gmm data.csv --columns height --weights-column weight", ExitCode.Failure, "'weight'")]
    [InlineData("gmm no.csv", ExitCode.Failure, "no.csv", "does not exist")]
    [InlineData("gmm", ExitCode.Usage, "<data>")]
    [InlineData("gm data.csv", ExitCode.Usage, "'gm'", "did you mean 'gmm'?")]
    [InlineData("--json gmm data.csv", ExitCode.Usage, "--json stands before 'gmm'")]
    [InlineData("data.csv gmm", ExitCode.Usage, "stands before 'gmm'")]
    [InlineData("gmm data.csv --latent 3", ExitCode.Usage, "'--latent'", "elbo fit gmm")]
    public async Task What_makes_no_sense_is_refused_and_leaves_nothing(string line, int code, params string[] words)
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"]);
        string[] arguments = ["fit", .. line.Replace("data.csv", data, StringComparison.Ordinal).Split(' ')];
        if (line.StartsWith("gmm ", StringComparison.Ordinal)) arguments = [.. arguments, "--out", folder["runs"]];
        (await ToolRun.Of(arguments)).Refused(code, words);
        Assert.False(Directory.Exists(folder["runs"]) && Directory.EnumerateFileSystemEntries(folder["runs"]).Any());
    }

    [Fact]
    public async Task Other_rows_and_other_verbs_are_told_apart()
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"]);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "run", "--components", "2"))).Succeeded();
        await File.WriteAllTextAsync(folder["less.csv"], "height,width\n1,2\n", Cancellation);
        (await ToolRun.Of("score", folder["run"], folder["less.csv"])).Refused(ExitCode.Failure, "lacks 'depth'");
        await File.WriteAllTextAsync(folder["bare.csv"], "1,2\n", Cancellation);
        (await ToolRun.Of("score", folder["run"], folder["bare.csv"])).Refused(ExitCode.Failure, "2 columns", "takes 3");
        (await ToolRun.Of("traverse", folder["run"], "-o", folder["t.png"])).Refused(ExitCode.Failure, "gmm", "autoencoder");
        (await ToolRun.Of("decode-states", folder["run"], data)).Refused(ExitCode.Usage, "hidden Markov model", "elbo encode");
        (await ToolRun.Of("eval", folder["run"], "--importance-samples", "5")).Refused(ExitCode.Usage, "--importance-samples", "exact");
        (await ToolRun.Of("eval", folder["run"], "--split", "test")).Refused(ExitCode.Usage, "no test rows", "--data");
        (await ToolRun.Of("resume", folder["run"], "--epochs", "3")).Refused(ExitCode.Usage, "--epochs");
        await File.AppendAllTextAsync(data, "150,1,2,3,ash\n", Cancellation);
        (await ToolRun.Of("eval", folder["run"])).Refused(ExitCode.Failure, "150", "151");
        Assert.Equal(151, (await ToolRun.Of("eval", folder["run"], "--data", data, "--json")).Succeeded().Json.GetProperty("rows").GetInt32());
        string[] help = (await ToolRun.Of("fit", "gmm", "--help")).Succeeded().Out.Split('\n');
        Assert.Contains("  elbo fit gmm <data> [options]", help);
    }

    private static Task<byte[]> Bytes(string run) => File.ReadAllBytesAsync(Path.Combine(run, "model.safetensors"), Cancellation);
}
