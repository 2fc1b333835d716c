using System.Text.Json;
using Elbo.Cli.Display;
using Elbo.Cli.Families;
using Elbo.Cli.Hosting;
using Elbo.Cli.Rows;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Tests.Families;

/// <summary>Fits that are stopped again and again, or allowed more iterations afterwards, end as those that were not.</summary>
public class StoppedFitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gmm", "--components 3 --restarts 3 --init random", 7)]
    [InlineData("gmm", "--components 2..3 --restarts 2 --init random", 5)]
    [InlineData("gmm", "--components 3 --restarts 4 --accelerate", 30)]
    [InlineData("student-mixture", "--components 2 --restarts 2", 11)]
    [InlineData("mixture-ppca", "--components 2 --factors 1 --restarts 3 --init random", 9)]
    [InlineData("hmm", "--states 2 --covariance diagonal --restarts 2", 13)]
    public async Task Stopped_every_few_iterations(string name, string options, int every)
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"], missing: 0.1);
        string[] more = ["--max-iterations", "60", "--tolerance", "1e-9", .. options.Split(' ')];
        (await ToolRun.Of(RowFiles.Fit(name, data, folder.Root, "whole", more))).Succeeded();

        using RunFolder whole = RunFolder.Open(folder["whole"]);
        RowRecipe recipe = RowRun.TryReadRecipe(whole)!;
        using RunFolder part = RunFolder.Create(folder.Root, "part");
        LoadedObservations rows = RowData.Load(recipe, null);
        using Runtime runtime = new(1);
        FitDisplay display = new(new Terminal(TextWriter.Null, TextWriter.Null, IsInteractive: false), quiet: true);
        RowSummary? summary = null;
        int stops = 0;
        RowCheckpoint checkpoint = new();
        for (; summary is null; stops++)
        {
            Assert.True(stops < 200);
            using CancellationTokenSource source = new();
            Stopping family = new(FamilyList.Find(name), source, every);
            CommonSettings common = new(family);
            SizeSearch search = SizeSearch.Prepare(family, common, SettingValues.FromRecipe(common.All, recipe.Options, "recipe"), rows);
            checkpoint = stops == 0 ? checkpoint : RowCheckpoint.Load(part, family, null);
            summary = search.Run(part, checkpoint, runtime, display, source.Token);
        }

        Assert.True(stops >= 4, $"{stops} stops");
        RowModelFiles.Save(part.FullPath, checkpoint.Best!, rows.RowShape);
        RowMetrics.Write(part, true, checkpoint.Done);
        Assert.Equal(await Bytes(whole.FullPath), await Bytes(part.FullPath));
        Assert.Equal(await File.ReadAllTextAsync(whole.MetricsPath, Cancellation), await File.ReadAllTextAsync(part.MetricsPath, Cancellation));
        Assert.Equal(RowSummary.Load(whole.FullPath).Explanation, summary.Explanation);
        Assert.Equal(RowSummary.Load(whole.FullPath).Start, summary.Start);
    }

    [Fact]
    public async Task A_fit_of_several_starts_is_the_librarys()
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"]);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "run", "--components", "3", "--restarts", "4", "--init", "random", "--seed", "5"))).Succeeded();
        Observations rows = ObservationSource.Load(data, new ObservationOptions { Columns = ["height", "width", "depth"] }).Rows;
        using Runtime runtime = new(1);
        FitResult<GaussianMixture> fit = GaussianMixture.Fit(rows, new GaussianMixtureOptions { Components = 3, Start = StartMethod.Random }, new FitOptions { Restarts = 4, Seed = 5 }, runtime);
        RowSummary summary = RowSummary.Load(folder["run"]);
        Assert.Equal(fit.Elbo, summary.Elbo);
        Assert.Equal(fit.Explanation, summary.Explanation);
        Assert.Contains($"start {summary.Start} of 4", summary.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gmm", "--components 3 --init random", 4, true)]
    [InlineData("gmm", "--components 3 --init random --restarts 3", 25, true)]
    [InlineData("gmm", "--components 3 --init random --restarts 3", 6, false)]
    [InlineData("gmm", "--components 1..4 --init random", 12, true)]
    [InlineData("gmm", "--components 3..4 --init random --select icl", 4, true)]
    [InlineData("gmm", "--components 3 --init random --accelerate", 5, false)]
    [InlineData("hmm", "--states 2 --covariance diagonal", 5, true)]
    [InlineData("factor-analysis", "--factors 1", 3, false)]
    [InlineData("bayesian-gmm", "--components 3", 4, false)]
    public async Task More_iterations_end_where_they_would_have(string name, string options, int first, bool goesOn)
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"]);
        string[] more = ["--tolerance", "1e-10", .. options.Split(' ')];
        (await ToolRun.Of(RowFiles.Fit(name, data, folder.Root, "whole", [.. more, "--max-iterations", "40"]))).Succeeded();
        (await ToolRun.Of(RowFiles.Fit(name, data, folder.Root, "part", [.. more, "--max-iterations", $"{first}"]))).Succeeded();
        Assert.NotEqual(await Bytes(folder["whole"]), await Bytes(folder["part"]));
        ToolRun resumed = (await ToolRun.Of("resume", folder["part"])).Succeeded();
        Assert.Contains("--max-iterations N", resumed.Error, StringComparison.Ordinal);
        (await ToolRun.Of("resume", folder["part"], "--max-iterations", "2")).Refused(ExitCode.Usage, $"{first}", "ask for more");
        resumed = (await ToolRun.Of("resume", folder["part"], "--max-iterations", "40")).Succeeded();
        Assert.Equal(goesOn, resumed.Error.Contains("going on", StringComparison.Ordinal));
        Assert.Equal(await Bytes(folder["whole"]), await Bytes(folder["part"]));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder["whole"], "metrics.jsonl"), Cancellation), await File.ReadAllTextAsync(Path.Combine(folder["part"], "metrics.jsonl"), Cancellation));
        RowSummary whole = RowSummary.Load(folder["whole"]), part = RowSummary.Load(folder["part"]);
        Assert.Equal(whole with { Seconds = 0, Tried = null }, part with { Seconds = 0, Tried = null });
        Assert.Equal(whole.Tried ?? [], part.Tried ?? []);
        (await ToolRun.Of("fit", "--recipe", Path.Combine(folder["part"], "recipe.json"), "--out", folder.Root, "--name", "again", "--quiet")).Succeeded();
        Assert.Equal(await Bytes(folder["whole"]), await Bytes(folder["again"]));
    }

    [Fact]
    public async Task What_has_converged_or_has_no_iterations_takes_no_more()
    {
        using TemporaryFolder folder = new();
        string data = RowFiles.Groups(folder["data.csv"]);
        (await ToolRun.Of(RowFiles.Fit("gmm", data, folder.Root, "run", "--components", "2"))).Succeeded();
        byte[] before = await Bytes(folder["run"]);
        ToolRun resumed = (await ToolRun.Of("resume", folder["run"], "--max-iterations", "5000")).Succeeded();
        Assert.Contains("has finished already", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(before, await Bytes(folder["run"]));
        (await ToolRun.Of("resume", folder["run"], "--max-iterations", "0")).Refused(ExitCode.Usage, "--max-iterations");
    }

    private static Task<byte[]> Bytes(string run) => File.ReadAllBytesAsync(Path.Combine(run, "model.safetensors"), Cancellation);

    /// <summary>A family whose fits are stopped after so many iterations, as by Ctrl-C.</summary>
    private sealed class Stopping(Family family, CancellationTokenSource source, int every) : Family
    {
        private int left = every;

        public override string Name => family.Name;

        public override string Description => family.Description;

        public override IReadOnlyList<string> Examples => family.Examples;

        public override IReadOnlyList<Setting> Settings => family.Settings;

        public override Setting<SizeRange>? Size => family.Size;

        public override IReadOnlyList<string> Criteria => family.Criteria;

        public override bool GoesOn => family.GoesOn;

        public override bool CanAccelerate => family.CanAccelerate;

        public override bool IsSequential => family.IsSequential;

        public override FitResult<RowModel> Fit(FamilyFit fit) =>
            family.Fit(fit with { Options = fit.Options with { Progress = new Counter(this, fit.Options.Progress!) }, Cancellation = source.Token });

        public override RowModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters) => family.Load(definition, parameters);

        public override IReadOnlyList<ReportSection> Sections(RowModel model, LoadedObservations rows, Runtime runtime) => [];

        private sealed class Counter(Stopping owner, IProgress<FitProgress> inner) : IProgress<FitProgress>
        {
            public void Report(FitProgress value)
            {
                inner.Report(value);
                if (--owner.left == 0) owner.Stop();
            }
        }

        private void Stop() => source.Cancel();
    }
}
