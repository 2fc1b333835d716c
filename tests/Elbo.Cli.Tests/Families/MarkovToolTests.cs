using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Cli.Reports;
using Elbo.Cli.Rows;
using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Tests.Families;

/// <summary>What the tool does with hidden Markov models alone: forecasts, and states that are partly known.</summary>
public class MarkovToolTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_forecast_is_the_librarys()
    {
        using TemporaryFolder folder = new();
        string data = Sleep(folder);
        (await ToolRun.Of("fit", "hmm", data, "--columns", "pulse,moves", "--sequence-column", "night", "--states", "3", "--covariance", "diagonal", "--out", folder.Root, "--name", "run", "--quiet")).Succeeded();
        string[] lines = (await ToolRun.Of("forecast", folder["run"], data, "--steps", "4")).Succeeded().Out.TrimEnd().Split('\n');
        Assert.Equal("sequence,step,pulse,moves,state0,state1,state2", lines[0]);
        Assert.Equal(1 + 3 * 4, lines.Length);
        JsonElement json = (await ToolRun.Of("forecast", folder["run"], data, "--steps", "4", "--json")).Succeeded().Json;
        (ModelDescription description, IReadOnlyDictionary<string, NumericArray> parameters) = RowModelFiles.Read(folder["run"]);
        HiddenMarkovModel model = HiddenMarkovModel.Load(description.Definition, parameters);
        Observations rows = ObservationSource.Load(data, new ObservationOptions { Columns = ["pulse", "moves"], SequenceColumn = "night" }).Rows;
        using Runtime runtime = new(1);
        HiddenMarkovForecast[] expected = model.Forecast(rows, 4, runtime);
        for (int s = 0; s < 3; s++)
        {
            JsonElement forecast = json.GetProperty("forecasts")[s];
            for (int h = 0; h < 4; h++)
            {
                double[] line = [.. lines[1 + s * 4 + h].Split(',').Select(static field => double.Parse(field, CultureInfo.InvariantCulture))];
                Assert.Equal([s, h + 1], line[..2]);
                for (int d = 0; d < 2; d++)
                {
                    Assert.Equal(expected[s].Means[h, d], line[2 + d], 1e-9);
                    Assert.Equal(line[2 + d], forecast.GetProperty("values")[h][d].GetDouble());
                }

                for (int k = 0; k < 3; k++)
                {
                    Assert.Equal(expected[s].States[h, k], line[4 + k], 1e-9);
                    Assert.Equal(line[4 + k], forecast.GetProperty("codes")[h][k].GetDouble());
                }
            }
        }

        (await ToolRun.Of("forecast", folder["run"], data, "-o", folder["ahead.npy"])).Succeeded();
        Assert.Equal([30, 7], Npy.Load(folder["ahead.npy"]).Shape.ToArray());
        (await ToolRun.Of("forecast", folder["run"], data, "--steps", "0")).Refused(ExitCode.Usage, "--steps");
        (await ToolRun.Of("fit", "gmm", data, "--columns", "pulse,moves", "--out", folder.Root, "--name", "gmm", "--quiet")).Succeeded();
        (await ToolRun.Of("forecast", folder["gmm"], data)).Refused(ExitCode.Usage, "Gaussian mixture");
    }

    [Theory]
    [InlineData("bayesian-hmm", "--states 3 --covariance diagonal")]
    [InlineData("state-space", "--states 1")]
    public async Task Every_model_of_sequences_looks_ahead(string family, string options)
    {
        using TemporaryFolder folder = new();
        string data = Sleep(folder);
        (await ToolRun.Of(["fit", family, data, "--columns", "pulse,moves", "--sequence-column", "night", .. options.Split(' '), "--out", folder.Root, "--name", "run", "--quiet", "--max-iterations", "20"])).Succeeded();
        string[] lines = (await ToolRun.Of("forecast", folder["run"], data, "--steps", "2")).Succeeded().Out.TrimEnd().Split('\n');
        Assert.Equal(1 + 3 * 2, lines.Length);
        Assert.All(lines.Skip(1), static line => Assert.All(line.Split(','), static field => Assert.True(double.IsFinite(double.Parse(field, CultureInfo.InvariantCulture)))));
    }

    [Fact]
    public async Task Categories_are_forecast_by_their_names()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllLinesAsync(folder["words.csv"], ["word", .. Enumerable.Range(0, 60).Select(static i => (i % 2 == 0) ? "tick" : "tock")], Cancellation);
        (await ToolRun.Of("fit", "hmm", folder["words.csv"], "--emission", "categorical", "--states", "2", "--restarts", "5", "--out", folder.Root, "--name", "run", "--quiet")).Succeeded();
        string[] lines = (await ToolRun.Of("forecast", folder["run"], folder["words.csv"], "--steps", "3")).Succeeded().Out.TrimEnd().Split('\n');
        Assert.Equal(["tick", "tock", "tick"], lines.Skip(1).Select(static line => line.Split(',')[2]));
    }

    [Theory]
    [InlineData("hmm")]
    [InlineData("bayesian-hmm")]
    public async Task Known_states_decide_which_state_is_which(string family)
    {
        using TemporaryFolder folder = new();
        string data = Sleep(folder);
        string[] fit = ["fit", family, data, "--columns", "pulse,moves", "--sequence-column", "night", "--covariance", "diagonal", "--out", folder.Root, "--quiet"];
        JsonElement named = (await ToolRun.Of([.. fit, "--states", "3", "--known-states", "stage", "--name", "named", "--json"])).Succeeded().Json;
        Assert.Contains("the states named in 'stage' are awake, deep, dream.", named.GetProperty("explanation").GetString(), StringComparison.Ordinal);
        (await ToolRun.Of([.. fit, "--states", "3", "--known-states", "number", "--name", "numbered"])).Succeeded();
        foreach ((string run, int[] states) in (ReadOnlySpan<(string, int[])>)[("named", [0, 1, 2]), ("numbered", [2, 0, 1])])
        {
            Matrix means = Means(folder[run]);
            // Awake, deep, dream.
            double[] pulse = [80, 50, 65];
            for (int k = 0; k < 3; k++) Assert.Equal(pulse[k], means[states[k], 0], 2.0);
        }

        // Later rows need no such column.
        await File.WriteAllTextAsync(folder["new.csv"], "pulse,moves\n80,9\n50,1\n", Cancellation);
        Assert.Equal("state\n0\n1\n", (await ToolRun.Of("decode-states", folder["named"], folder["new.csv"])).Succeeded().Out);
        (await ToolRun.Of("resume", folder["named"])).Succeeded();
        (await ToolRun.Of([.. fit, "--states", "2", "--known-states", "stage"])).Refused(ExitCode.Failure, "names 3 states (awake, deep, dream)", "--states");
        (await ToolRun.Of([.. fit, "--states", "2", "--known-states", "number"])).Refused(ExitCode.Failure, "numbered from 0 to 1");
        (await ToolRun.Of([.. fit, "--known-states", "phase"])).Refused(ExitCode.Failure, "'phase'");
        (await ToolRun.Of([.. fit, "--known-states", "stage", "--labels", "number"])).Refused(ExitCode.Usage, "--labels");
    }

    [Fact]
    public async Task The_report_says_how_labels_are_divided_among_states()
    {
        using TemporaryFolder folder = new();
        string[] fit = ["fit", "hmm", Sleep(folder), "--columns", "pulse,moves", "--sequence-column", "night", "--states", "3", "--covariance", "diagonal", "--out", folder.Root, "--quiet"];
        (await ToolRun.Of([.. fit, "--labels", "stage", "--name", "labelled"])).Succeeded();
        (await ToolRun.Of([.. fit, "--name", "plain"])).Succeeded();
        const string Said = "how the rows of a label are divided among the states";
        Assert.Contains(Said, await File.ReadAllTextAsync(Path.Combine(folder["labelled"], "report.html"), Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(Said, await File.ReadAllTextAsync(Path.Combine(folder["plain"], "report.html"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_label_is_divided_by_the_posteriors_of_its_rows()
    {
        LoadedObservations rows = new(Observations.FromMatrix("rows", new Matrix(4, 1)), [1]) { Labels = [1, 0, 1, 1], LabelNames = ["", "deep"] };
        (long, Matrix)[] chunks = [(0, new Matrix(1, 2, [0.5, 0.5])), (1, new Matrix(3, 2, [0, 1, 1, 0, 0.75, 0.25]))];
        HeatmapSection section = LabelSections.Shares(rows, ["state0", "state1"], "state", chunks)!;
        Assert.Equal(["not known", "deep"], section.RowNames);
        Assert.Equal([0, 1, 0.75, 0.25], section.Values.ToArray());
        Assert.Null(LabelSections.Shares(rows with { Labels = [] }, ["state0", "state1"], "state", chunks));
    }

    private static Matrix Means(string run)
    {
        NumericArray means = RowModelFiles.Read(run).Parameters["means"];
        return new Matrix(means.Shape[0], means.Shape[1], means.ToDouble());
    }

    /// <summary>Three nights of pulse and movement; the stage of one row in six is known, by name and by number.</summary>
    private static string Sleep(TemporaryFolder folder)
    {
        Random random = new(9);
        string[] names = ["awake", "deep", "dream"];
        double[] pulse = [80, 50, 65];
        int[] numbers = [2, 0, 1];
        List<string> lines = ["night,pulse,moves,stage,number"];
        int stage = 0;
        for (int i = 0; i < 240; i++)
        {
            if (random.NextDouble() < 0.15) stage = (stage + 1) % 3;
            bool known = i % 6 == 0;
            string[] fields = [$"n{i / 80}", RowFiles.Written(pulse[stage] + 3 * RowFiles.Normal(random)), RowFiles.Written(stage == 0 ? 8 + RowFiles.Normal(random) : 1 + RowFiles.Normal(random)), known ? names[stage] : "", known ? $"{numbers[stage]}" : ""];
            lines.Add(string.Join(',', fields));
        }

        File.WriteAllLines(folder["sleep.csv"], lines);
        return folder["sleep.csv"];
    }
}
