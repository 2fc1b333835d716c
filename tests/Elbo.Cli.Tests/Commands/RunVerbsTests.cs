using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Storage;

namespace Elbo.Cli.Tests.Commands;

public class RunVerbsTests(FittedRunFixture fixture)
{
    [Fact]
    public async Task Eval_prints_means_per_row_in_nats()
    {
        JsonElement plain = (await ToolRun.Of("eval", fixture.Run, "--json", "--quiet")).Succeeded().Json;
        Assert.Equal(["run", "data", "rows", "elbo", "elboStandardError", "reconstruction", "kl"], plain.EnumerateObject().Select(static property => property.Name));
        Assert.Equal(60, plain.GetProperty("rows").GetInt32());
        Assert.Equal(plain.GetProperty("elbo").GetDouble(), plain.GetProperty("reconstruction").GetDouble() - plain.GetProperty("kl").GetDouble(), 1e-3);

        JsonElement full = (await ToolRun.Of("eval", fixture.Run, "--split", "train", "--importance-samples", "200", "--active-units", "--json", "--quiet")).Succeeded().Json;
        Assert.Equal(200, full.GetProperty("rows").GetInt32());
        Assert.InRange(full.GetProperty("activeUnits").GetInt32(), 0, 2);
        Assert.InRange(full.GetProperty("effectiveSampleSize").GetDouble(), 1, 200);
        Assert.True(full.GetProperty("standardError").GetDouble() > 0);
        Assert.True(full.GetProperty("logLikelihood").GetDouble() >= full.GetProperty("elbo").GetDouble() - 1, "importance sampling is at least as tight as the bound");
        Assert.Contains("ELBO", (await ToolRun.Of("eval", fixture.Run, "--split", "validation")).Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_repeats_itself_and_the_number_fit_printed()
    {
        JsonElement once = (await ToolRun.Of("eval", fixture.Run, "--json", "--threads", "1")).Succeeded().Json;
        JsonElement twice = (await ToolRun.Of("eval", fixture.Run, "--json", "--threads", "2")).Succeeded().Json;
        using JsonDocument summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(fixture.Run, "summary.json"), TestContext.Current.CancellationToken));
        Assert.Equal(once.GetProperty("elbo").GetDouble(), twice.GetProperty("elbo").GetDouble());
        Assert.Equal(summary.RootElement.GetProperty("elbo").GetDouble(), once.GetProperty("elbo").GetDouble());
    }

    [Fact]
    public async Task A_model_without_a_bound_is_measured_by_its_reconstruction()
    {
        JsonElement result = (await ToolRun.Of("eval", fixture.Denoising, "--json")).Succeeded().Json;
        Assert.False(result.TryGetProperty("elbo", out _));
        Assert.True(result.GetProperty("reconstruction").GetDouble() < 0);
        (await ToolRun.Of("eval", fixture.Denoising, "--importance-samples", "10")).Refused(ExitCode.Failure, "log p(x)");
    }

    [Fact]
    public async Task Score_writes_one_number_per_row_that_depends_on_the_row_alone()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of("score", fixture.Run, fixture.Images, "-o", folder["scores.csv"])).Succeeded();
        double[] scores = [.. (await File.ReadAllLinesAsync(folder["scores.csv"], TestContext.Current.CancellationToken)).Select(static line => double.Parse(line, CultureInfo.InvariantCulture))];
        Assert.Equal(10, scores.Length);
        Assert.All(scores, static score => Assert.InRange(score, -2000, 0));

        NumericArray images = Npy.Load(fixture.Images);
        Npy.Save(folder["last.npy"], NumericArray.From<byte>(images.AsSpan<byte>()[(9 * 784)..], 1, 28, 28));
        Assert.Equal(scores[9], double.Parse((await ToolRun.Of("score", fixture.Run, folder["last.npy"])).Succeeded().Out, CultureInfo.InvariantCulture));
        (await ToolRun.Of("score", fixture.Run, fixture.Images, "-o", folder["scores.npy"])).Succeeded();
        Assert.Equal(scores, Npy.Load(folder["scores.npy"]).ToDouble());
        Assert.Equal(10, (await ToolRun.Of("score", fixture.Run, fixture.Images, "--json", "--importance-samples", "20")).Succeeded().Json.GetProperty("scores").GetArrayLength());
    }

    [Fact]
    public async Task A_score_of_a_binarised_model_does_not_depend_on_a_draw_for_the_place_of_the_row()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of([.. Small.Fit(folder.Root, "--name", "run"), "--binarize", "dynamic"])).Succeeded();
        NumericArray images = Npy.Load(fixture.Images);
        Npy.Save(folder["last.npy"], NumericArray.From<byte>(images.AsSpan<byte>()[(9 * 784)..], 1, 28, 28));
        string[] all = (await ToolRun.Of("score", folder["run"], fixture.Images)).Succeeded().Out.TrimEnd().Split('\n');
        Assert.Equal(all[9], (await ToolRun.Of("score", folder["run"], folder["last.npy"])).Succeeded().Out.TrimEnd());
    }

    [Fact]
    public async Task Encode_writes_posterior_means()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of("encode", fixture.Run, fixture.Images, "-o", folder["codes.npy"])).Succeeded();
        NumericArray codes = Npy.Load(folder["codes.npy"]);
        Assert.Equal([10, 2], codes.Shape.ToArray());
        string[] lines = (await ToolRun.Of("encode", fixture.Run, fixture.Images)).Succeeded().Out.TrimEnd().Split('\n');
        Assert.Equal(10, lines.Length);
        Assert.Equal(codes.ToFloat()[0], float.Parse(lines[0].Split(',')[0], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Sample_draws_the_same_for_the_same_seed()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of("sample", fixture.Run, "-n", "5", "-o", folder["five.npy"])).Succeeded();
        (await ToolRun.Of("sample", fixture.Run, "-n", "7", "-o", folder["seven.npy"])).Succeeded();
        (await ToolRun.Of("sample", fixture.Run, "-n", "5", "--seed", "2", "-o", folder["other.npy"])).Succeeded();
        float[] five = Npy.Load(folder["five.npy"]).ToFloat(), seven = Npy.Load(folder["seven.npy"]).ToFloat();
        Assert.Equal(5 * 784, five.Length);
        Assert.Equal(five, seven[..five.Length]);
        Assert.NotEqual(five, Npy.Load(folder["other.npy"]).ToFloat());
        Assert.All(five, static value => Assert.InRange(value, 0, 1));
        (await ToolRun.Of("sample", fixture.Denoising, "-o", folder["none.png"])).Refused(ExitCode.Failure, "prior");
    }

    [Theory]
    [InlineData("sample RUN -n 6", 3, 2)]
    [InlineData("reconstruct RUN IMAGES", 10, 2)]
    [InlineData("traverse RUN --steps 5", 5, 2)]
    [InlineData("traverse RUN --steps 4 --row 3 --dimensions 1", 4, 1)]
    [InlineData("interpolate RUN --pairs 3 --steps 4", 6, 3)]
    [InlineData("interpolate RUN --from 1 --to 2 --steps 5", 7, 1)]
    [InlineData("manifold RUN --size 4", 4, 4)]
    [InlineData("manifold DENOISING --size 3", 3, 3)]
    public async Task Pictures_are_grids_of_the_right_size(string line, int columns, int rows)
    {
        using TemporaryFolder folder = new();
        string[] words = [.. line.Split(' ').Select(word => word switch { "RUN" => fixture.Run, "DENOISING" => fixture.Denoising, "IMAGES" => fixture.Images, _ => word }), "-o", folder["grid.png"]];
        (await ToolRun.Of(words)).Succeeded();
        PixelImage picture = Png.Load(folder["grid.png"]);
        const int Cell = 56 + 2;
        Assert.Equal((columns * Cell + 2, rows * Cell + 2), (picture.Width, picture.Height));
        Assert.True(picture.Samples.Max() > picture.Samples.Min());
    }

    [Fact]
    public async Task Reports_and_comparisons_are_written()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(folder["r.html"], (await ToolRun.Of("report", fixture.Run, "-o", folder["r.html"], "--json")).Succeeded().Json.GetProperty("report").GetString());
        string page = await File.ReadAllTextAsync(folder["r.html"], TestContext.Current.CancellationToken);
        Assert.All(["latent-scatter", "latent-plane", "reconstructions", "image-grid", "curves", "bars", "table", "reproduction", "elbo fit digits"], part => Assert.Contains(part, page, StringComparison.Ordinal));
        (await ToolRun.Of("report", fixture.Denoising, "-o", folder["d.html"])).Succeeded();
        Assert.Contains("damaged", await File.ReadAllTextAsync(folder["d.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        ToolRun compared = (await ToolRun.Of("compare", fixture.Run, fixture.Denoising, "-o", folder["c.html"])).Succeeded();
        Assert.Contains("plain", compared.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["c.html"]));
        (await ToolRun.Of("compare", fixture.Run)).Refused(ExitCode.Usage, "runs");
    }

    [Fact]
    public async Task A_comparison_tells_the_figures_of_a_model_without_a_bound_and_the_rows_of_each()
    {
        using TemporaryFolder folder = new();
        ToolRun compared = (await ToolRun.Of("compare", fixture.Run, fixture.Denoising, "-o", folder["c.html"], "--json")).Succeeded();
        Assert.DoesNotContain("compare", compared.Error, StringComparison.Ordinal);
        JsonElement[] runs = [.. compared.Json.GetProperty("runs").EnumerateArray()];
        Assert.All(runs, static run => Assert.Equal(("test", 60), (run.GetProperty("split").GetString(), run.GetProperty("rows").GetInt32())));
        JsonElement measured = (await ToolRun.Of("eval", fixture.Denoising, "--json")).Succeeded().Json;
        Assert.False(runs[1].TryGetProperty("elbo", out _));
        Assert.Equal(measured.GetProperty("reconstruction").GetDouble(), runs[1].GetProperty("reconstruction").GetDouble());
        string[] table = (await ToolRun.Of("compare", fixture.Run, fixture.Denoising, "-o", folder["c.html"])).Succeeded().Out.Split('\n');
        Assert.Matches(@"^plain\s+60 test\s", table[1]);

        (await ToolRun.Of([.. Small.Fit(folder.Root, "--name", "fewer"), "--set", "data.generatedTestRows=50"])).Succeeded();
        ToolRun unlike = (await ToolRun.Of("compare", fixture.Run, folder["fewer"], "-o", folder["c.html"])).Succeeded();
        Assert.Contains("Note: 'plain' and 'fewer' were measured on different rows", unlike.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_of_more_rows_than_it_shows_says_so()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of([.. Small.Fit(folder.Root, "--name", "run"), "--set", "data.generatedTestRows=2100"])).Succeeded();
        Assert.Contains("of the first 2,000 of 2,100 test rows", await File.ReadAllTextAsync(Path.Combine(folder["run"], "report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("of each test row", await File.ReadAllTextAsync(Path.Combine(fixture.Run, "report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compare RUN DENOISING", "c.html")]
    [InlineData("report RUN", "r.html")]
    [InlineData("sample RUN", "s.png")]
    [InlineData("score RUN IMAGES", "s.csv")]
    public async Task A_folder_that_does_not_exist_is_refused_and_not_made(string line, string file)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder["nowhere"], file);
        string[] words = [.. line.Split(' ').Select(word => word switch { "RUN" => fixture.Run, "DENOISING" => fixture.Denoising, "IMAGES" => fixture.Images, _ => word }), "-o", path];
        (await ToolRun.Of(words)).Refused(ExitCode.Failure, $"'{path}' cannot be written: its folder does not exist");
        Assert.False(Directory.Exists(folder["nowhere"]));
    }

    [Fact]
    public async Task A_comparison_says_when_it_replaces_a_file_that_nobody_named()
    {
        using TemporaryFolder folder = new();
        foreach (bool replaces in (bool[])[false, true])
        {
            System.Diagnostics.ProcessStartInfo start = new(ToolProcess.Host, [typeof(ToolHost).Assembly.Location, "compare", fixture.Run, fixture.Denoising])
            {
                WorkingDirectory = folder.Root,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
            string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(replaces, error.Contains("Note: 'compare.html' was there and is replaced", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Rows_outside_a_likelihoods_range_are_numbered_as_in_the_file()
    {
        using TemporaryFolder folder = new();
        float[] values = new float[40 * 4];
        Npy.Save(folder["rows.npy"], NumericArray.From<float>(values, 40, 4));
        string[] fit = ["fit", folder["rows.npy"], "--out", folder.Root, "--name", "run", "--hidden", "4", "--epochs", "1", "--batch-size", "5", "--validation", "10", "--quiet"];
        (await ToolRun.Of(fit)).Succeeded();
        await File.WriteAllLinesAsync(folder["bad.csv"], ["a,b,c,d", "0,0,0,0", "", "0,0,7,0"], TestContext.Current.CancellationToken);
        foreach (string verb in (string[])["score", "encode"])
            (await ToolRun.Of(verb, folder["run"], folder["bad.csv"])).Refused(ExitCode.Failure, "line 4, value 2 (from 0) of 'bad'", "is 7");

        // Divided into parts, the rows keep the numbers of the file.
        int[] places = [0, 13, 39];
        foreach (int place in places)
        {
            float[] broken = [.. values];
            broken[place * 4 + 1] = 7;
            Npy.Save(folder["bad.npy"], NumericArray.From<float>(broken, 40, 4));
            (await ToolRun.Of("score", folder["run"], folder["bad.npy"])).Refused(ExitCode.Failure, $"row {place}, value 1 of 'bad' (both from 0)");
            fit[1] = folder["bad.npy"];
            (await ToolRun.Of(fit)).Refused(ExitCode.Failure, $"row {place}, value 1 of 'bad' (both from 0)");
        }
    }

    [Fact]
    public async Task Importance_sampled_scores_tell_how_far_they_are()
    {
        List<double> fractions = [];
        using Cli.Runs.FittedRun run = Cli.Runs.FittedRun.Open(fixture.Run, 1, null, null);
        Elbo.Data.DataSet rows = Cli.Runs.InputRows.Load(run, fixture.Images, null);
        run.Evaluator.LogLikelihood(run.Rows(rows), 3000, 1, progress: new Fractions(fractions), cancellation: TestContext.Current.CancellationToken);
        Assert.True(fractions.Count >= 3, $"{fractions.Count} reports");
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1]);
        fractions.Clear();
        run.Evaluator.Score(run.Rows(rows), 16, 1, new Fractions(fractions), TestContext.Current.CancellationToken);
        Assert.Equal(1, fractions[^1]);
        (await ToolRun.Of("score", fixture.Run, fixture.Images, "-k", "10", "--quiet")).Succeeded();
    }

    private sealed class Fractions(List<double> seen) : IProgress<double>
    {
        public void Report(double value) => seen.Add(value);
    }

    [Fact]
    public async Task What_does_not_fit_a_run_is_refused()
    {
        using TemporaryFolder folder = new();
        Npy.Save(folder["wide.npy"], NumericArray.From<byte>(new byte[2 * 30], 2, 30));
        Npy.Save(folder["grey.npy"], NumericArray.From<float>([.. Enumerable.Repeat(300f, 784)], 1, 784));
        await File.WriteAllBytesAsync(folder["corrupt.png"], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], TestContext.Current.CancellationToken);
        Png.Save(folder["small.png"], new PixelImage(5, 5, 1, new byte[25]));
        (await ToolRun.Of("score", fixture.Run, folder["wide.npy"])).Refused(ExitCode.Failure, "wide", "[1, 28, 28]");
        (await ToolRun.Of("score", fixture.Run, folder["grey.npy"])).Refused(ExitCode.Failure, "300", "Bernoulli");
        (await ToolRun.Of("score", fixture.Run, folder["corrupt.png"])).Refused(ExitCode.Failure, "corrupt.png");
        (await ToolRun.Of("score", fixture.Run, folder["small.png"])).Refused(ExitCode.Failure, "small.png", "[1, 5, 5]");
        (await ToolRun.Of("score", fixture.Run, folder["absent.npy"])).Refused(ExitCode.Failure, "absent.npy");
        (await ToolRun.Of("score", folder["nowhere/run"], fixture.Images)).Refused(ExitCode.Failure, "nowhere");
        (await ToolRun.Of("score", folder.Root, fixture.Images)).Refused(ExitCode.Failure, "run folder");
        (await ToolRun.Of("traverse", fixture.Run, "--row", "1000", "-o", folder["t.png"])).Refused(ExitCode.Failure, "1000");
        (await ToolRun.Of("eval", fixture.Run, "--split", "tst")).Refused(ExitCode.Usage, "did you mean 'test'?");
        (await ToolRun.Of("sample", fixture.Run, "-o", folder["s.gif"])).Refused(ExitCode.Usage, ".png or .npy or .csv");
        (await ToolRun.Of("sample", fixture.Run)).Refused(ExitCode.Usage, "--output");
        (await ToolRun.Of("sample", fixture.Run, "-o", folder["no/such/folder/s.png"])).Refused(ExitCode.Failure, "s.png");
        (await ToolRun.Of("interpolate", fixture.Run, "--from", "1", "-o", folder["i.png"])).Refused(ExitCode.Usage, "--to");
    }

    [Theory]
    [InlineData("model.safetensors", 100)]
    [InlineData("model.json", 20)]
    [InlineData("recipe.json", 20)]
    public async Task A_truncated_file_of_a_run_is_named(string file, int length)
    {
        using TemporaryFolder folder = new();
        CopyRun(folder["run"]);
        string path = Path.Combine(folder["run"], file);
        byte[] whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, whole[..length], TestContext.Current.CancellationToken);
        (await ToolRun.Of("eval", folder["run"])).Refused(ExitCode.Failure, file);
    }

    [Fact]
    public async Task Weights_of_another_shape_are_refused()
    {
        using TemporaryFolder folder = new();
        CopyRun(folder["run"]);
        File.Copy(Path.Combine(fixture.Denoising, "model.safetensors"), Path.Combine(folder["run"], "model.safetensors"), overwrite: true);
        (await ToolRun.Of("eval", folder["run"])).Refused(ExitCode.Failure, "model.safetensors");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task Weights_that_are_not_finite_are_refused_by_name(float value)
    {
        using TemporaryFolder folder = new();
        CopyRun(folder["run"]);
        string path = Path.Combine(folder["run"], "model.safetensors");
        SafetensorsFile file = Safetensors.Load(path);
        (string broken, NumericArray array) = file.Tensors.Last();
        array.AsSpan<float>()[^1] = value;
        Safetensors.Save(path, file.Tensors, file.Metadata);
        (await ToolRun.Of("sample", folder["run"], "-o", folder["s.png"])).Refused(ExitCode.Failure, $"'{broken}'", "model.safetensors", "finite");
        (await ToolRun.Of("manifold", folder["run"], "-o", folder["s.png"])).Refused(ExitCode.Failure, $"'{broken}'");
        (await ToolRun.Of("eval", folder["run"])).Refused(ExitCode.Failure, $"'{broken}'");
        Assert.False(File.Exists(folder["s.png"]));
    }

    [Fact]
    public async Task A_damaged_checkpoint_loses_nothing_that_was_saved()
    {
        using TemporaryFolder folder = new();
        CopyRun(folder["run"]);
        string[] files = Directory.GetFiles(Path.Combine(folder["run"], "checkpoint"));
        string newest = files.OrderBy(File.GetLastWriteTimeUtc).Last();
        byte[] whole = await File.ReadAllBytesAsync(newest, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(newest, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        ToolRun resumed = await ToolRun.Of("resume", folder["run"], "--epochs", "3", "--quiet");
        if (files.Length == 1) resumed.Refused(ExitCode.Failure, "checkpoint");
        else resumed.Succeeded();
        (await ToolRun.Of("eval", folder["run"])).Succeeded();
    }

    [Fact]
    public async Task Tables_with_a_learned_variance_and_a_column_of_labels_go_all_the_way()
    {
        using TemporaryFolder folder = new();
        Random random = new(5);
        string Row(int i) => string.Create(CultureInfo.InvariantCulture, $"{random.NextDouble():0.000},{5 * random.NextDouble():0.000},{i % 3},{-random.NextDouble():0.000}");
        await File.WriteAllLinesAsync(folder["rows.csv"], ["a,b,kind,c", .. Enumerable.Range(0, 60).Select(Row)], TestContext.Current.CancellationToken);
        string[] fit = ["fit", folder["rows.csv"], "--out", folder.Root, "--name", "run", "--hidden", "6", "--epochs", "2", "--batch-size", "10", "--set", "data.labels=kind", "--set", "model.likelihood={\"kind\":\"gaussian\",\"variance\":\"learned\"}", "--quiet"];
        (await ToolRun.Of(fit)).Succeeded();
        Assert.Equal(6, (await ToolRun.Of("eval", folder["run"], "--json")).Succeeded().Json.GetProperty("rows").GetInt32());
        (await ToolRun.Of("resume", folder["run"], "--epochs", "3", "--quiet")).Succeeded();
        Assert.Equal(60, (await ToolRun.Of("score", folder["run"], folder["rows.csv"])).Succeeded().Out.TrimEnd().Split('\n').Length);
        await File.WriteAllLinesAsync(folder["bare.csv"], ["0.1,2,-0.5"], TestContext.Current.CancellationToken);
        Assert.Single((await ToolRun.Of("score", folder["run"], folder["bare.csv"])).Succeeded().Out.TrimEnd().Split('\n'));
        (await ToolRun.Of("sample", folder["run"], "-n", "4", "-o", folder["s.npy"])).Succeeded();
        Assert.Equal([4, 3], Npy.Load(folder["s.npy"]).Shape.ToArray());
        foreach (string verb in (string[])["sample", "traverse", "manifold", "interpolate"])
            (await ToolRun.Of(verb, folder["run"], "-o", folder["s.png"])).Refused(ExitCode.Failure, "3 values", "no picture", ".npy or .csv");
        (await ToolRun.Of("reconstruct", folder["run"], folder["bare.csv"], "-o", folder["s.png"])).Refused(ExitCode.Failure, "no picture");
        Assert.False(File.Exists(folder["s.png"]));
        (await ToolRun.Of("sample", folder["run"], "-n", "4", "-o", folder["s.csv"])).Succeeded();
        double[] lines = [.. (await File.ReadAllLinesAsync(folder["s.csv"], TestContext.Current.CancellationToken)).SelectMany(static line => line.Split(',')).Select(static field => double.Parse(field, CultureInfo.InvariantCulture))];
        Assert.Equal(Npy.Load(folder["s.npy"]).ToDouble(), lines, static (left, right) => Math.Abs(left - right) < 1e-6);
    }

    [Fact]
    public async Task Changed_data_are_noticed_when_resuming()
    {
        using TemporaryFolder folder = new();
        float[] values = [.. Enumerable.Range(0, 50 * 6).Select(static i => i % 7 / 7f)];
        Npy.Save(folder["rows.npy"], NumericArray.From<float>(values, 50, 6));
        string[] fit = ["fit", folder["rows.npy"], "--out", folder.Root, "--name", "run", "--hidden", "4", "--epochs", "1", "--batch-size", "5", "--validation", "0", "--quiet"];
        (await ToolRun.Of(fit)).Succeeded();
        (await ToolRun.Of("resume", folder["run"], "--epochs", "2", "--quiet")).Succeeded();
        values[17] = 0.5f;
        Npy.Save(folder["rows.npy"], NumericArray.From<float>(values, 50, 6));
        (await ToolRun.Of("resume", folder["run"], "--epochs", "3", "--quiet")).Refused(ExitCode.Failure, "changed");
    }

    private void CopyRun(string target)
    {
        foreach (string path in Directory.GetFiles(fixture.Run, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(fixture.Run, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }
}
