using System.Diagnostics;
using Elbo.Cli.Hosting;

namespace Elbo.Cli.Tests.Commands;

/// <summary>Folders on disks that are full or read-only: the environment failed, not the command line.</summary>
public class UnwritableFolderTests(FittedRunFixture fixture)
{
    [Theory]
    [InlineData("fit digits --epochs 1 --batch-size 20 --hidden 4 --validation 0 --set data.generatedTrainRows=40 --set data.generatedTestRows=20 --out MOUNT/run/runs")]
    [InlineData("resume MOUNT/run")]
    [InlineData("report MOUNT/run")]
    [InlineData("sample MOUNT/run -o MOUNT/run/s.npy")]
    public void A_read_only_disk_is_one_sentence_that_asks_for_another_folder(string line)
    {
        (int code, string output) = OnOwnDisk("mount -o remount,ro \"$1\"", line);
        Assert.True(code == ExitCode.Failure, $"exit code {code}: {output}");
        string sentence = Assert.Single(output.Split('\n'), static text => text.StartsWith("elbo: ", StringComparison.Ordinal));
        Assert.Contains("read-only; choose a folder that can be written", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("space", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("Read-only file system", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_names_the_file_that_was_to_be_written()
    {
        (int code, string output) = OnOwnDisk("cat /dev/zero > \"$1/filler\" 2> /dev/null", "report MOUNT/run");
        Assert.True(code == ExitCode.Failure, $"exit code {code}: {output}");
        string sentence = Assert.Single(output.Split('\n'), static text => text.StartsWith("elbo: ", StringComparison.Ordinal));
        Assert.Contains("report.html' cannot be written: the disk is full; free some space or choose another disk.", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("tmp", sentence.Split("cannot be written")[1], StringComparison.Ordinal);
    }

    /// <summary>Runs the tool with a copy of a run on a disk of its own, after something was done to the disk.</summary>
    private (int Code, string Output) OnOwnDisk(string change, string line)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/unshare"), "A disk of its own for the test needs Linux with user namespaces.");
        using TemporaryFolder folder = new();
        string mount = folder["disk"];
        Directory.CreateDirectory(mount);
        string script = $"""
            mount -t tmpfs -o size=2m tmpfs "$1" && cp -a "$2" "$1/run" && ({change}; true) || exit 99
            shift 2
            "$0" "$@"
            """;
        string[] words = [.. line.Split(' ').Select(word => word.Replace("MOUNT", mount, StringComparison.Ordinal))];
        ProcessStartInfo start = new("unshare", ["-rm", "/bin/sh", "-c", script, ToolProcess.Host, mount, fixture.Run, typeof(ToolHost).Assembly.Location, .. words])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(120_000));
        Assert.SkipWhen(process.ExitCode == 99 || error.StartsWith("unshare", StringComparison.Ordinal), $"This machine lets no test make a disk: {error}");
        return (process.ExitCode, output.Result + error);
    }
}
