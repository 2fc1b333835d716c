using System.Diagnostics;
using System.Globalization;
using Elbo.Cli.Hosting;

namespace Elbo.Cli.Tests;

public class KilledRunTests
{
    [Fact]
    public async Task A_run_killed_at_random_instants_and_resumed_is_the_unbroken_run()
    {
        using TemporaryFolder folder = new();
        string[] Fit(string name) => [.. Small.Fit(folder.Root, "--name", name), "--set", "training.checkpointSteps=3", "--set", "training.epochs=150"];
        (await ToolRun.Of(Fit("whole"))).Succeeded();

        // The seed is in the message, so that a failure can be made again.
        int seed = Environment.TickCount;
        Random random = new(seed);
        int kills = 0;
        bool done = false;
        for (int attempt = 0; attempt < 200 && !done; attempt++)
        {
            // The first process may be killed before its folder counts as a run; then it begins again.
            bool exists = File.Exists(Path.Combine(folder["broken"], "recipe.json"));
            if (!exists && Directory.Exists(folder["broken"])) Directory.Delete(folder["broken"], recursive: true);
            using Process process = exists ? ToolProcess.Start("resume", folder["broken"], "--quiet", "--threads", (1 + attempt % 2).ToString(CultureInfo.InvariantCulture)) : ToolProcess.Start(Fit("broken"));
            int patience = kills < 5 ? random.Next(150, 700) : 60_000;
            if (process.WaitForExit(patience))
            {
                Assert.True(process.ExitCode == ExitCode.Success, $"seed {seed}, attempt {attempt}: exit code {process.ExitCode}");
                done = true;
            }
            else
            {
                process.Kill();
                process.WaitForExit();
                kills++;
            }
        }

        Assert.True(done, $"seed {seed}: the run did not end");
        Assert.True(kills > 0, $"seed {seed}: the run ended before it could be killed");
        foreach (string file in (string[])["model.safetensors", "metrics.jsonl"])
        {
            Assert.True(
                File.ReadAllBytes(Path.Combine(folder["whole"], file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder["broken"], file))),
                $"seed {seed}, {kills} kills: {file} differs from the unbroken run's");
        }
    }

    [Fact]
    public async Task Ctrl_C_saves_a_checkpoint_and_says_how_to_go_on()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no signal to send to one process alone.");
        using TemporaryFolder folder = new();
        using Process process = ToolProcess.StartHearingInterrupts([.. Small.Fit(folder.Root, "--name", "run"), "--set", "training.epochs=100000", "--set", "training.checkpointSeconds=0"]);
        string metrics = Path.Combine(folder["run"], "metrics.jsonl");
        Stopwatch clock = Stopwatch.StartNew();
        while (!(File.Exists(metrics) && new FileInfo(metrics).Length > 0) && clock.Elapsed < TimeSpan.FromMinutes(1)) await Task.Delay(20, TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.WaitForExit(60_000), "the run did not stop");
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder["run"], "checkpoint")));
        (await ToolRun.Of("eval", folder["run"], "--quiet")).Succeeded();
    }
}
