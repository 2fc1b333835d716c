using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Families;
using Elbo.Cli.Hosting;
using Elbo.Cli.Rows;
using Elbo.Storage;

namespace Elbo.Cli.Tests.Families;

/// <summary>What every family must do, asked of each.</summary>
public class FamilyContractTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A family, its options, and the table it is fitted to.</summary>
    public static TheoryData<string, string, string> Families => new()
    {
        { "gmm", "--components 2", "numbers" },
        { "gmm", "--components 2 --accelerate --tolerance 1e-9", "gaps" },
        { "hmm", "--states 2 --covariance diagonal", "numbers" },
        { "hmm", "--states 2 --emission poisson --sequence-column id", "counts" },
        { "hmm", "--states 3 --left-to-right 1 --emission gaussian-mixture --covariance spherical --sequence-column id", "numbers" },
        { "bayesian-hmm", "--states 3 --covariance diagonal", "numbers" },
        { "bayesian-hmm", "--states 3 --emission poisson --sequence-column id", "counts" },
        { "bayesian-gmm", "--components 3", "numbers" },
        { "bayesian-gmm", "--components 3 --prior dirichlet-process --prune --covariance diagonal", "numbers" },
        { "student-mixture", "--components 2 --covariance diagonal", "gaps" },
        { "student-mixture", "--components 2 --degrees-of-freedom 4 --covariance full", "numbers" },
        { "bernoulli-mixture", "--components 2 --threshold 3", "counts" },
        { "latent-class", "--classes 2", "counts" },
        { "poisson-mixture", "--components 2 --accelerate", "counts" },
        { "gmm", "--components 2 --mini-batch 10 --tolerance 1e-9", "gaps" },
        { "mixed-mixture", "--components 2 --gaussian a --poisson b,c", "counts" },
        { "mixed-mixture", "--components 2 --student b --covariance diagonal --accelerate --max-iterations 60", "gaps" },
        { "state-space", "--states 1 --sequence-column id", "numbers" },
        { "factor-analysis", "--factors 1", "numbers" },
        { "factor-analysis", "--factors 1 --rotation varimax", "gaps" },
        { "ppca", "--factors 1", "numbers" },
        { "ppca", "--factors 1", "gaps" },
        { "mixture-ppca", "--components 2 --factors 1", "gaps" },
        { "mixture-factor-analysis", "--components 2 --factors 1 --noise shared", "numbers" },
        { "bayesian-pca", "--factors 2", "numbers" },
        { "lda", "--topics 2", "counts" },
        { "lda", "--topics 2 --online --batch-size 10 --max-iterations 5", "counts" },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Answers_every_verb(string name, string options, string table)
    {
        using TemporaryFolder folder = new();
        string data = Table(folder, table);
        string[] fit = ["fit", name, data, .. options.Split(' '), .. options.Contains("-column id", StringComparison.Ordinal) ? (string[])[] : ["--columns", "a,b,c"], "--out", folder.Root, "--quiet"];
        JsonElement result = (await ToolRun.Of([.. fit, "--name", "run", "--threads", "1", "--json"])).Succeeded().Json;
        double elbo = result.GetProperty("elbo").GetDouble(), likelihood = result.GetProperty("logLikelihood").GetDouble();
        int rows = result.GetProperty("rows").GetInt32();
        Assert.Equal(40, rows);
        Assert.True(elbo <= likelihood + 1e-12);

        JsonElement eval = (await ToolRun.Of("eval", folder["run"], "--json")).Succeeded().Json;
        Assert.Equal(likelihood, eval.GetProperty("logLikelihood").GetDouble(), 1e-9);
        Assert.Equal(elbo, eval.GetProperty("elbo").GetDouble(), 1e-9);
        Assert.Equal(result.TryGetProperty("bic", out JsonElement bic), eval.TryGetProperty("bic", out JsonElement again));
        if (bic.ValueKind == JsonValueKind.Number) Assert.Equal(bic.GetDouble(), again.GetDouble(), 1e-6);
        double[] scores = [.. (await ToolRun.Of("score", folder["run"], data)).Succeeded().Out.TrimEnd().Split('\n').Select(static line => double.Parse(line, CultureInfo.InvariantCulture))];
        Assert.Equal(rows, scores.Length);
        Assert.Equal(likelihood, scores.Average(), 1e-9);
        if (options.Contains("sequence", StringComparison.Ordinal))
        {
            Assert.Equal(4, eval.GetProperty("sequences").GetInt32());
            Assert.Equal(likelihood * rows / 4, eval.GetProperty("logLikelihoodPerSequence").GetDouble(), 1e-9);
        }

        string[] codes = (await ToolRun.Of("encode", folder["run"], data)).Succeeded().Out.TrimEnd().Split('\n');
        Assert.Equal(rows + 1, codes.Length);
        JsonElement shown = (await ToolRun.Of("show", folder["run"], "--json")).Succeeded().Json;
        Assert.Equal(codes[0], string.Join(',', shown.GetProperty("codes").EnumerateArray().Select(static code => code.GetString())));
        Assert.NotEmpty(shown.GetProperty("parameters").EnumerateObject());
        Assert.Contains((await ToolRun.Of("show", folder["run"])).Succeeded().Out.Split('\n'), line => line.StartsWith(shown.GetProperty("parameters").EnumerateObject().First().Name, StringComparison.Ordinal));
        (await ToolRun.Of("sample", folder["run"], "-n", "7", "-o", folder["s.csv"])).Succeeded();
        string[] sampled = await File.ReadAllLinesAsync(folder["s.csv"], Cancellation);
        Assert.Equal("a,b,c", sampled[0]);
        Assert.Equal(8, sampled.Length);
        (await ToolRun.Of("reconstruct", folder["run"], data, "-o", folder["r.npy"])).Succeeded();
        Assert.Equal([rows, 3], Npy.Load(folder["r.npy"]).Shape.ToArray());
        (await ToolRun.Of("report", folder["run"], "-o", folder["report.html"])).Succeeded();
        Assert.True(new FileInfo(folder["report.html"]).Length > 10_000);

        (await ToolRun.Of("fit", "--recipe", Path.Combine(folder["run"], "recipe.json"), "--out", folder.Root, "--name", "two", "--threads", "2", "--quiet")).Succeeded();
        Assert.Equal(await Bytes(folder["run"]), await Bytes(folder["two"]));
        await StoppedAndResumed(folder, fit);
    }

    /// <summary>A run that was stopped, with what it had saved, ends as one that was not.</summary>
    private static async Task StoppedAndResumed(TemporaryFolder folder, string[] fit)
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        ToolRun stopped = await ToolRun.Of([.. fit, "--name", "part"], source.Token);
        // What has a closed form cannot be stopped half-way.
        if (stopped.Code == ExitCode.Success) return;
        Assert.Equal(ExitCode.Interrupted, stopped.Code);
        Family family = FamilyList.Find(fit[1]);
        bool goesOn = family.GoesOn && !fit.Contains("--accelerate");
        if (goesOn && !fit.Contains("--max-iterations"))
        {
            (await ToolRun.Of([.. fit, "--name", "short", "--max-iterations", "3"])).Succeeded();
            (ModelDescription description, IReadOnlyDictionary<string, NumericArray> parameters) = RowModelFiles.Read(folder["short"]);
            using RunFolder run = RunFolder.OpenToResume(folder["part"]);
            using RunFolder brief = RunFolder.Open(folder["short"]);
            RowCheckpoint checkpoint = new()
            {
                CurrentSize = RowSummary.Load(folder["short"]).Size,
                Current = family.Load(description.Definition, parameters),
                EarlierBounds = [.. RowMetrics.Read(brief)[0].Bounds.SkipLast(1)],
            };
            Assert.Equal(3, checkpoint.EarlierBounds.Count);
            checkpoint.Save(run);
        }

        ToolRun resumed = (await ToolRun.Of("resume", folder["part"])).Succeeded();
        Assert.Contains(goesOn ? "going on after iteration" : "beginning anew", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(await Bytes(folder["run"]), await Bytes(folder["part"]));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder["run"], "metrics.jsonl"), Cancellation), await File.ReadAllTextAsync(Path.Combine(folder["part"], "metrics.jsonl"), Cancellation));
    }

    [Fact]
    public async Task A_regression_predicts_rows_without_a_target()
    {
        using TemporaryFolder folder = new();
        Random random = new(4);
        List<string> lines = ["a,y,b"];
        for (int i = 0; i < 60; i++)
        {
            double a = RowFiles.Normal(random), b = RowFiles.Normal(random);
            lines.Add($"{RowFiles.Written(a)},{RowFiles.Written(3 * a + 1 + 0.1 * RowFiles.Normal(random))},{RowFiles.Written(b)}");
        }

        await File.WriteAllLinesAsync(folder["data.csv"], lines, Cancellation);
        string[] fit = ["fit", "bayesian-regression", folder["data.csv"], "--out", folder.Root, "--name", "run", "--quiet"];
        (await ToolRun.Of(fit)).Refused(ExitCode.Usage, "--target");
        JsonElement result = (await ToolRun.Of([.. fit, "--target", "y", "--json"])).Succeeded().Json;
        Assert.True(result.GetProperty("elbo").GetDouble() < result.GetProperty("logLikelihood").GetDouble());
        string[] shown = [.. (await ToolRun.Of("show", folder["run"])).Succeeded().Out.Split('\n').Select(static line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.StartsWith("Bayesian linear regression of y on 2 columns", shown[0], StringComparison.Ordinal);
        string Heading(string parameter) => shown[Array.FindIndex(shown, line => line.StartsWith(parameter, StringComparison.Ordinal)) + 1];
        Assert.Equal("a b constant", Heading("weights "));
        Assert.Equal("a b constant", Heading("weightCovariance "));
        Assert.Equal("shape rate", Heading("noise "));
        Assert.Equal("shape rate", Heading("relevances "));
        Assert.Equal("a y b", Heading("center "));
        Assert.Contains(shown, static line => line.StartsWith("constant ", StringComparison.Ordinal));
        await File.WriteAllTextAsync(folder["new.csv"], "b,a\n0,0\n0,2\n", Cancellation);
        string[] predicted = (await ToolRun.Of("encode", folder["run"], folder["new.csv"])).Succeeded().Out.TrimEnd().Split('\n');
        Assert.Equal("prediction,variance", predicted[0]);
        Assert.Equal(1, double.Parse(predicted[1].Split(',')[0], CultureInfo.InvariantCulture), 0.15);
        Assert.Equal(7, double.Parse(predicted[2].Split(',')[0], CultureInfo.InvariantCulture), 0.15);
        await File.WriteAllTextAsync(folder["bad.csv"], "y,a\n0,0\n", Cancellation);
        (await ToolRun.Of("encode", folder["run"], folder["bad.csv"])).Refused(ExitCode.Failure, "lacks 'b'");
        (await ToolRun.Of("sample", folder["run"], "-o", folder["s.csv"])).Refused(ExitCode.Failure, "no distribution of its inputs");
        (await ToolRun.Of("resume", folder["run"])).Succeeded();
    }

    [Fact]
    public async Task Text_stands_for_categories()
    {
        using TemporaryFolder folder = new();
        Random random = new(8);
        List<string> lines = ["smokes,drinks,visits"];
        for (int i = 0; i < 80; i++)
            lines.Add($"{(random.NextDouble() < (i % 2 == 0 ? 0.9 : 0.1) ? "yes" : "no")},{(i % 9 == 0 ? "" : random.NextDouble() < (i % 2 == 0 ? 0.8 : 0.2) ? "often" : "never")},{i % 3}");
        await File.WriteAllLinesAsync(folder["survey.csv"], lines, Cancellation);
        (await ToolRun.Of("fit", "latent-class", folder["survey.csv"], "--classes", "2", "--out", folder.Root, "--name", "run", "--quiet")).Succeeded();
        await File.WriteAllTextAsync(folder["new.csv"], "drinks,smokes,visits\noften,yes,2\n,no,0\n", Cancellation);
        string[] scores = (await ToolRun.Of("score", folder["run"], folder["new.csv"])).Succeeded().Out.TrimEnd().Split('\n');
        Assert.Equal(2, scores.Length);
        (await ToolRun.Of("impute", folder["run"], folder["new.csv"], "-o", folder["filled.csv"])).Succeeded();
        string[] filled = await File.ReadAllLinesAsync(folder["filled.csv"], Cancellation);
        Assert.Equal(["drinks,smokes,visits", "often,yes,2"], filled[..2]);
        Assert.Contains(filled[2], (IEnumerable<string>)["never,no,0", "often,no,0"]);
        (await ToolRun.Of("sample", folder["run"], "-n", "20", "-o", folder["s.csv"])).Succeeded();
        string[] sampled = await File.ReadAllLinesAsync(folder["s.csv"], Cancellation);
        Assert.All(sampled.Skip(1), static line => Assert.Matches("^(yes|no),(often|never),[012]$", line));
        (await ToolRun.Of("score", folder["run"], folder["s.csv"])).Succeeded();
        await File.WriteAllTextAsync(folder["bad.csv"], "drinks,smokes,visits\nsometimes,yes,2\n", Cancellation);
        (await ToolRun.Of("score", folder["run"], folder["bad.csv"])).Refused(ExitCode.Failure, "'sometimes'", "line 2", "never, often");
        await File.WriteAllTextAsync(folder["bad.csv"], "drinks,smokes,visits\noften,yes,two\n", Cancellation);
        (await ToolRun.Of("score", folder["run"], folder["bad.csv"])).Refused(ExitCode.Failure, "'two'", "'visits'");
        (await ToolRun.Of("fit", "--recipe", Path.Combine(folder["run"], "recipe.json"), "--out", folder.Root, "--name", "two", "--quiet")).Succeeded();
        Assert.Equal(await Bytes(folder["run"]), await Bytes(folder["two"]));
        Assert.Contains("smokes = yes", await File.ReadAllTextAsync(Path.Combine(folder["run"], "report.html"), Cancellation), StringComparison.Ordinal);
        Assert.Contains("categories of drinks: 0 never, 1 often", (await ToolRun.Of("show", folder["run"])).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal("often", (await ToolRun.Of("show", folder["run"], "--json")).Succeeded().Json.GetProperty("categories").GetProperty("drinks")[1].GetString());
        // Without names, the columns are taken by their places: smokes, drinks, visits.
        await File.WriteAllTextAsync(folder["bare.csv"], "yes,often,2\nno,,0\n", Cancellation);
        Assert.Equal(scores, (await ToolRun.Of("score", folder["run"], folder["bare.csv"])).Succeeded().Out.TrimEnd().Split('\n'));
        (await ToolRun.Of("fit", "hmm", folder["survey.csv"], "--emission", "categorical", "--states", "2", "--out", folder.Root, "--name", "hmm", "--quiet")).Succeeded();
    }

    [Fact]
    public async Task Columns_of_different_kinds_are_told_apart()
    {
        using TemporaryFolder folder = new();
        Random random = new(12);
        List<string> lines = ["age,ward,visits,smokes"];
        for (int i = 0; i < 120; i++)
        {
            bool old = i % 2 == 0;
            lines.Add($"{RowFiles.Written((old ? 70 : 30) + 5 * RowFiles.Normal(random))},{(i % 11 == 0 ? "" : random.NextDouble() < 0.8 == old ? "north" : "south")},{(int)(random.NextDouble() * (old ? 9 : 3))},{(random.NextDouble() < 0.3 ? 1 : 0)}");
        }

        await File.WriteAllLinesAsync(folder["p.csv"], lines, Cancellation);
        string[] fit = ["fit", "mixed-mixture", folder["p.csv"], "--out", folder.Root];
        ToolRun looks = (await ToolRun.Of([.. fit, "--name", "looks"])).Succeeded();
        Assert.All(["--gaussian age", "--bernoulli smokes", "--categorical ward", "--poisson visits"], option => Assert.Contains(option, looks.Error, StringComparison.Ordinal));
        ToolRun named = (await ToolRun.Of([.. fit, "--name", "named", "--gaussian", "age", "--categorical", "1", "--poisson", "visits", "--bernoulli", "smokes"])).Succeeded();
        Assert.DoesNotContain("looks", named.Error.Replace(folder.Root, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(await Bytes(folder["looks"]), await Bytes(folder["named"]));
        Assert.Contains("1 normal, 1 categorical, 1 poisson, 1 bernoulli columns", (await ToolRun.Of("show", folder["looks"])).Succeeded().Out, StringComparison.Ordinal);
        (await ToolRun.Of("sample", folder["looks"], "-n", "10", "-o", folder["s.csv"])).Succeeded();
        Assert.All((await File.ReadAllLinesAsync(folder["s.csv"], Cancellation)).Skip(1), static line => Assert.Matches("^[0-9.]+,(north|south),[0-9]+,[01]$", line));
        JsonElement filled = (await ToolRun.Of("impute", folder["looks"], folder["p.csv"], "--json")).Succeeded().Json;
        Assert.All(filled.GetProperty("rows").EnumerateArray(), static row => Assert.Contains(row[1].GetString(), (IEnumerable<string?>)["north", "south"]));
        Assert.Equal(11, filled.GetProperty("missing").GetInt32());
        (await ToolRun.Of([.. fit, "--name", "x", "--gaussian", "ward"])).Refused(ExitCode.Usage, "'ward'", "holds text", "--categorical");
        (await ToolRun.Of([.. fit, "--name", "x", "--gaussian", "agee"])).Refused(ExitCode.Usage, "'agee'", "did you mean 'age'?");
        (await ToolRun.Of([.. fit, "--name", "x", "--gaussian", "age", "--poisson", "0"])).Refused(ExitCode.Usage, "'age' is named twice", "--gaussian", "--poisson");
        (await ToolRun.Of([.. fit, "--name", "x", "--bernoulli", "visits"])).Refused(ExitCode.Failure, "'visits'", "0 or 1");
        Assert.False(Directory.Exists(folder["x"]));
    }

    [Fact]
    public async Task Text_where_the_fit_had_numbers_is_refused_and_so_are_rows_without_names()
    {
        using TemporaryFolder folder = new();
        string data = Table(folder, "counts");
        (await ToolRun.Of("fit", "latent-class", data, "--columns", "a,b", "--out", folder.Root, "--name", "run", "--quiet")).Succeeded();
        await File.WriteAllTextAsync(folder["bad.csv"], "a,b\n1,many\n", Cancellation);
        (await ToolRun.Of("score", folder["run"], folder["bad.csv"])).Refused(ExitCode.Failure, "'many'", "line 2", "'b'");
        string[] rows = [.. Enumerable.Range(0, 30).Select(static i => i % 3 == 0 ? "yes,1" : "no,2")];
        await File.WriteAllLinesAsync(folder["bare.csv"], rows, Cancellation);
        (await ToolRun.Of("fit", "latent-class", folder["bare.csv"], "--out", folder.Root, "--name", "bare")).Refused(ExitCode.Failure, "looks like all others", "line of names");
        await File.WriteAllLinesAsync(folder["many.csv"], [.. Enumerable.Range(0, 1100).Select(static i => $"{i},name{i}").Prepend("a,b")], Cancellation);
        (await ToolRun.Of("fit", "latent-class", folder["many.csv"], "--out", folder.Root, "--name", "many")).Refused(ExitCode.Failure, "'b'", "too many for categories");
    }

    [Fact]
    public async Task Every_family_has_help_with_its_own_options()
    {
        string all = (await ToolRun.Of("fit", "--help")).Succeeded().Out;
        foreach (Family family in FamilyList.Create())
        {
            Assert.Contains($"  {family.Name} ", all, StringComparison.Ordinal);
            string help = (await ToolRun.Of("fit", family.Name, "--help")).Succeeded().Out;
            Assert.Contains($"elbo fit {family.Name} <data> [options]", help, StringComparison.Ordinal);
            foreach (Setting setting in family.Settings) Assert.Contains($" {setting.Option.Name} ", help.Replace('\n', ' ') + " ", StringComparison.Ordinal);
            foreach (string example in family.Examples) Assert.StartsWith($"elbo fit {family.Name} ", example, StringComparison.Ordinal);
            Assert.All(family.Examples, example => Assert.Contains(example, help, StringComparison.Ordinal));
        }
    }

    /// <summary>Forty rows of three columns in four sequences.</summary>
    private static string Table(TemporaryFolder folder, string kind)
    {
        Random random = new(3);
        List<string> lines = ["id,a,b,c"];
        for (int i = 0; i < 40; i++)
        {
            double centre = i / 5 % 2 == 0 ? 0 : 4;
            string[] fields = kind == "counts"
                ? [.. Enumerable.Range(0, 3).Select(j => ((int)(random.NextDouble() * (j == 0 ? 9 : centre + 3))).ToString(CultureInfo.InvariantCulture))]
                : [.. Enumerable.Range(0, 3).Select(j => kind == "gaps" && random.NextDouble() < 0.15 ? "" : RowFiles.Written(centre + (j + 1) * RowFiles.Normal(random)))];
            lines.Add($"s{i / 10},{string.Join(',', fields)}");
        }

        File.WriteAllLines(folder["data.csv"], lines);
        return folder["data.csv"];
    }

    private static Task<byte[]> Bytes(string run) => File.ReadAllBytesAsync(Path.Combine(run, "model.safetensors"), Cancellation);
}
