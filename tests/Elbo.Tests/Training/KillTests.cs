using System.Diagnostics;
using Elbo.Training;

namespace Elbo.Tests.Training;

/// <summary>Kills a training process at random instants, in the middle of whatever it does, and resumes it until it ends.</summary>
public sealed class KillTests : IDisposable
{
    private const string FolderVariable = "ELBO_TEST_RUN_FOLDER", StartedVariable = "ELBO_TEST_STARTED_FILE";
    private const int Kills = 20;
    private static readonly TrainingOptions Options = TrainingRun.Options with { Epochs = 120, EarlyStopping = new EarlyStopping(1000), CheckpointSteps = 3 };
    private readonly string _root = TrainingRun.TemporaryFolder();

    public void Dispose() => Directory.Delete(_root, true);

    [Fact]
    public void Killed_twenty_times_at_random_instants_a_run_ends_in_the_same_bytes()
    {
        string whole = Path.Combine(_root, "whole");
        TrainingRun.Fit(whole, Options, false);
        int seed = Environment.TickCount;
        Random random = new(seed);
        int kills = 0, killedInTraining = 0;
        for (int round = 0; kills < Kills; round++)
        {
            string path = Path.Combine(_root, $"killed-{round}");
            while (!RunOnce(path, kills < Kills ? random : null, ref kills, ref killedInTraining))
            {
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"round {round} ended after {kills} kills in all");
            TrainingRun.AssertSame(whole, path, $"killed {kills} times so far, seed {seed}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {kills} kills, {killedInTraining} of them in training");
        Assert.True(killedInTraining >= Kills / 2, $"seed {seed}: only {killedInTraining} of {kills} kills fell into training");
    }

    [Fact]
    public void A_disk_that_fills_up_costs_nothing_that_was_saved()
    {
        string mount = Path.Combine(_root, "disk"), before = Path.Combine(_root, "before"), after = Path.Combine(_root, "after");
        Directory.CreateDirectory(mount);
        SkipUnlessDisksCanBeMade(mount);
        string whole = Path.Combine(_root, "whole");
        TrainingRun.Fit(whole, Options, false);
        TrainingRun.Fit(before, Options, false, stopAfter: 12);

        // A disk of 256 kB with the run on it, filled to the last byte; what is on it afterwards is copied out.
        const string script = """
            mount -t tmpfs -o size=256k tmpfs "$1" && cp -a "$2" "$1/run" || exit 99
            cat /dev/zero > "$1/filler" 2> /dev/null
            mkdir "$3"; target=$3; disk=$1; shift 3
            "$0" "$@"
            code=$?
            cp -a "$disk/run/." "$target"
            exit $code
            """;
        ProcessStartInfo start = Child(Path.Combine(mount, "run"), "unshare", "-rm", "/bin/sh", "-c", script, Executable, mount, before, after);
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        Assert.Equal(1, Exits(child));
        Assert.Contains("cannot be written: the disk is full; free some space or choose another disk.", output);

        TrainingRun.Fit(after, Options, true);
        TrainingRun.AssertSame(whole, after, "full disk");
    }

    [Fact]
    public void A_folder_that_turned_read_only_is_refused_in_a_sentence()
    {
        string mount = Path.Combine(_root, "disk"), before = Path.Combine(_root, "before");
        Directory.CreateDirectory(mount);
        SkipUnlessDisksCanBeMade(mount);
        TrainingRun.Fit(before, Options, false, stopAfter: 12);
        const string script = """
            mount -t tmpfs tmpfs "$1" && cp -a "$2" "$1/run" && mount -o remount,ro "$1" || exit 99
            shift 2
            "$0" "$@"
            """;
        using Process child = Process.Start(Child(Path.Combine(mount, "run"), "unshare", "-rm", "/bin/sh", "-c", script, Executable, mount, before))!;
        string output = child.StandardOutput.ReadToEnd();
        Assert.Equal(1, Exits(child));
        Assert.Contains($"The run folder '{Path.Combine(mount, "run")}' cannot be written: ", output);
        Assert.Contains("the disk is read-only; choose a folder that can be written.", output);
    }

    [Fact(Explicit = true)]
    public void Child_trains_until_it_is_killed()
    {
        string path = Environment.GetEnvironmentVariable(FolderVariable)!;
        bool resume = File.Exists(Path.Combine(path, "recipe.json"));
        if (!resume && Directory.Exists(path)) Directory.Delete(path, true); // killed before the recipe was written: nothing was begun
        File.WriteAllText(Environment.GetEnvironmentVariable(StartedVariable)!, "");
        TrainingRun.Fit(path, Options, resume, threads: 2);
    }

    private static void SkipUnlessDisksCanBeMade(string mount) => Assert.SkipUnless(
        OperatingSystem.IsLinux() && File.Exists("/usr/bin/unshare") && Exits(Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", mount]) { RedirectStandardError = true })) == 0,
        "A disk of its own for the test needs Linux with user namespaces.");

    private static int Exits(Process? process)
    {
        Assert.True(process!.WaitForExit(120_000));
        return process.ExitCode;
    }

    private static string Executable => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Elbo.Tests.exe" : "Elbo.Tests");

    private string Started => Path.Combine(_root, "started");

    private ProcessStartInfo Child(string path, string program, params string[] before)
    {
        ProcessStartInfo start = new(program, [.. before, "-explicit", "only", "-method", $"{typeof(KillTests).FullName}.{nameof(Child_trains_until_it_is_killed)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[FolderVariable] = path;
        start.Environment[StartedVariable] = Started;
        return start;
    }

    /// <summary>Starts the child and kills it, or lets it end.</summary>
    /// <returns>Whether it ended by itself.</returns>
    private bool RunOnce(string path, Random? random, ref int kills, ref int killedInTraining)
    {
        string started = Started;
        File.Delete(started);
        using Process child = Process.Start(Child(path, Executable))!;
        Task<string> output = child.StandardOutput.ReadToEndAsync(), error = child.StandardError.ReadToEndAsync();
        bool inTraining = false;
        if (random is not null)
        {
            // Most kills fall somewhere in the first fifth of a second of training, some before it.
            bool wait = random.Next(8) > 0;
            Stopwatch clock = Stopwatch.StartNew();
            while (wait && !File.Exists(started) && !child.HasExited && clock.Elapsed < TimeSpan.FromSeconds(60)) Thread.Sleep(2);
            int delay = random.Next(wait ? 200 : 400);
            if (!child.WaitForExit(delay))
            {
                inTraining = File.Exists(started);
                child.Kill();
            }
        }

        if (!child.WaitForExit(120_000))
        {
            child.Kill();
            Assert.Fail("The child did not end within two minutes.");
        }

        if (child.ExitCode == 0 && Directory.Exists(path) && File.Exists(Path.Combine(path, "model.safetensors"))) return true;
        Assert.True(random is not null && child.ExitCode > 128, $"The child failed with exit code {child.ExitCode}: {output.Result} {error.Result}");
        kills++;
        if (inTraining) killedInTraining++;
        return false;
    }
}
