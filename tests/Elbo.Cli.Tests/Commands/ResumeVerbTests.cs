using System.Text.Json;
using Elbo.Cli.Hosting;

namespace Elbo.Cli.Tests.Commands;

public class ResumeVerbTests
{
    [Fact]
    public async Task An_unfinished_run_whose_checkpoints_are_gone_is_not_trained_from_the_beginning()
    {
        using TemporaryFolder folder = new();
        await StopAtOnce(folder);
        Directory.Delete(Path.Combine(folder["run"], "checkpoint"), recursive: true);
        Dictionary<string, byte[]> before = Content(folder["run"]);
        (await ToolRun.Of("resume", folder["run"], "--quiet")).Refused(ExitCode.Failure, Path.Combine(folder["run"], "checkpoint"), "elbo fit --recipe");

        // The same without the weights that a stopped run leaves: only the mark of the first checkpoint is left to tell.
        File.Delete(Path.Combine(folder["run"], "model.safetensors"));
        Directory.CreateDirectory(Path.Combine(folder["run"], "checkpoint"));
        before.Remove("model.safetensors");
        (await ToolRun.Of("resume", folder["run"], "--quiet")).Refused(ExitCode.Failure, Path.Combine(folder["run"], "checkpoint"), "elbo fit --recipe");
        Assert.Equal(before, Content(folder["run"]));
    }

    [Fact]
    public async Task A_run_killed_before_its_first_checkpoint_begins_anew_and_says_so()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "whole"))).Succeeded();
        await StopAtOnce(folder);

        // What such a kill leaves: the recipe and the model's description, and at most some lines of metrics.
        Directory.CreateDirectory(folder["killed"]);
        foreach (string file in (string[])["recipe.json", "model.json"]) File.Copy(Path.Combine(folder["run"], file), Path.Combine(folder["killed"], file));
        File.Copy(Path.Combine(folder["whole"], "metrics.jsonl"), Path.Combine(folder["killed"], "metrics.jsonl"));
        ToolRun resumed = (await ToolRun.Of("resume", folder["killed"], "--quiet")).Succeeded();
        Assert.Contains("before its first checkpoint", resumed.Error, StringComparison.Ordinal);
        foreach (string file in (string[])["model.safetensors", "metrics.jsonl"])
            Assert.Equal(await Bytes(folder["whole"], file), await Bytes(folder["killed"], file));
    }

    [Fact]
    public async Task A_finished_run_stays_as_it_is_and_says_what_to_do()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "run"))).Succeeded();
        Dictionary<string, byte[]> before = Content(folder["run"]);
        JsonElement summary = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(folder["run"], "summary.json"), TestContext.Current.CancellationToken));

        foreach (string[] more in (string[][])[[], ["--epochs", "2"]])
        {
            ToolRun again = (await ToolRun.Of(["resume", folder["run"], "--json", .. more])).Succeeded();
            Assert.Contains("finished already", again.Error, StringComparison.Ordinal);
            Assert.Contains("--epochs", again.Error, StringComparison.Ordinal);
            Assert.Equal(summary.GetProperty("rowsPerSecond").GetDouble(), again.Json.GetProperty("rowsPerSecond").GetDouble());
            Assert.Equal(summary.GetProperty("elbo").GetDouble(), again.Json.GetProperty("elbo").GetDouble());
            Assert.Equal(before, Content(folder["run"]));
        }

        (await ToolRun.Of("resume", folder["run"], "--epochs", "1")).Refused(ExitCode.Usage, "2 epochs", "--epochs");
        Assert.Equal(before, Content(folder["run"]));
    }

    [Fact]
    public async Task Early_stopping_ends_a_run_for_good_unless_it_is_given_more_patience()
    {
        using TemporaryFolder folder = new();
        string[] fit = [.. Small.Fit(folder.Root, "--name", "run"), "--set", "training.epochs=50", "--set", "training.earlyStopping={\"patience\":1,\"minimumChange\":100000}"];
        (await ToolRun.Of(fit)).Succeeded();
        Dictionary<string, byte[]> before = Content(folder["run"]);
        Assert.Contains("finished already", (await ToolRun.Of("resume", folder["run"])).Succeeded().Error, StringComparison.Ordinal);
        (await ToolRun.Of("resume", folder["run"], "--epochs", "60")).Refused(ExitCode.Usage, "earlyStopping.patience");
        Assert.Equal(before, Content(folder["run"]));
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_does_not_hide_the_result()
    {
        using TemporaryFolder folder = new();
        (await ToolRun.Of(Small.Fit(folder.Root, "--name", "run"))).Succeeded();
        string report = Path.Combine(folder["run"], "report.html");
        File.Delete(report);
        Directory.CreateDirectory(report);
        ToolRun resumed = await ToolRun.Of("resume", folder["run"], "--epochs", "3", "--quiet");
        resumed.Refused(ExitCode.Failure, $"'{report}'", "elbo report");
        Assert.Contains("nats on 60 test rows", resumed.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("report", resumed.Out, StringComparison.Ordinal);
        Assert.Equal(3, JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(folder["run"], "summary.json"), TestContext.Current.CancellationToken)).GetProperty("epochs").GetDouble());
    }

    /// <summary>Begins a run and stops it at its first step, with the checkpoint that a stop leaves.</summary>
    private static async Task StopAtOnce(TemporaryFolder folder)
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, (await ToolRun.Of(Small.Fit(folder.Root, "--name", "run"), source.Token)).Code);
    }

    private static Dictionary<string, byte[]> Content(string run) =>
        Directory.GetFiles(run, "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(run, path), File.ReadAllBytes);

    private static Task<byte[]> Bytes(string run, string file) => File.ReadAllBytesAsync(Path.Combine(run, file), TestContext.Current.CancellationToken);
}
