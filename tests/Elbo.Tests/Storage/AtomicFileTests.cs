using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Storage;

public class AtomicFileTests
{
    /// <summary>ENOSPC, or ERROR_DISK_FULL of Windows.</summary>
    private static int FullDisk => OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;

    [Fact]
    public void Writes_and_replaces()
    {
        using TemporaryFolder folder = new();
        AtomicFile.WriteText(folder["a.txt"], "one");
        AtomicFile.WriteText(folder["a.txt"], "two ≠ one");
        Assert.Equal("two ≠ one", File.ReadAllText(folder["a.txt"]));
        Assert.Equal([folder["a.txt"]], Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_the_old_file_whole()
    {
        using TemporaryFolder folder = new();
        AtomicFile.WriteText(folder["a.txt"], "old");
        ElboException exception = Assert.Throws<ElboException>(() => AtomicFile.Write(folder["a.txt"], stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException($"No space left on device : '{folder["a.txt.partial"]}'", FullDisk);
        }));
        Assert.Equal($"'{folder["a.txt"]}' cannot be written: the disk is full; free some space or choose another disk. What was saved there before is unchanged.", exception.Message);
        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        Assert.Equal([folder["a.txt"]], Directory.GetFiles(folder.FullName));
    }

    [Theory]
    [InlineData(30, -2147024877, "the disk is read-only; choose a folder that can be written")]
    [InlineData(122, -2147024857, "the disk is full; free some space or choose another disk")]
    [InlineData(5, 5, "Input/output error; check the disk or choose another")]
    public void What_a_disk_says_becomes_one_sentence_about_the_file_asked_for(int unix, int windows, string reason)
    {
        using TemporaryFolder folder = new();
        IOException failure = new($"Input/output error : '{folder["a.txt.partial"]}'", OperatingSystem.IsWindows() ? windows : unix);
        if (unix == 122 && OperatingSystem.IsMacOS()) Assert.Skip("macOS has another number for a quota that is used up.");
        string message = Assert.Throws<ElboException>(() => AtomicFile.Write(folder["a.txt"], _ => throw failure)).Message;
        Assert.Equal($"'{folder["a.txt"]}' cannot be written: {reason}.", message);
    }

    [Fact]
    public void A_full_device_is_one_clear_sentence()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full to stand for a full disk.");
        using TemporaryFolder folder = new();
        AtomicFile.WriteText(folder["a.txt"], "old");
        // The neighbour that takes the bytes first is a link to the device that is always full.
        File.CreateSymbolicLink(folder["a.txt.partial"], "/dev/full");
        string message = Assert.Throws<ElboException>(() => AtomicFile.Write(folder["a.txt"], static stream => stream.Write(new byte[1 << 20]))).Message;
        Assert.Contains("cannot be written", message, StringComparison.Ordinal);
        Assert.Contains("the disk is full; free some space", message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
    }

    [Fact]
    public void A_failure_of_the_caller_passes_through()
    {
        using TemporaryFolder folder = new();
        AtomicFile.WriteText(folder["a.txt"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["a.txt"], static _ => throw new InvalidOperationException()));
        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        Assert.Single(Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void What_a_killed_process_left_is_overwritten()
    {
        using TemporaryFolder folder = new();
        folder.Write("a.txt.partial", new byte[1000]);
        AtomicFile.WriteText(folder["a.txt"], "new");
        Assert.Equal("new", File.ReadAllText(folder["a.txt"]));
        Assert.Single(Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void A_read_only_folder_is_one_clear_sentence()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Permissions do not bind a privileged process, and Windows has others.");
            return;
        }

        using TemporaryFolder folder = new();
        AtomicFile.WriteText(folder["a.txt"], "old");
        File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            string message = Assert.Throws<ElboException>(() => AtomicFile.WriteText(folder["a.txt"], "new")).Message;
            Assert.Equal($"'{folder["a.txt"]}' cannot be written: permission denied (a read-only folder or file); choose a folder that can be written. What was saved there before is unchanged.", message);
            Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        }
        finally
        {
            File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_missing_folder_and_a_folder_in_the_way_are_named()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("its folder does not exist", Assert.Throws<ElboException>(() => AtomicFile.WriteText(folder["no/a.txt"], "")).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder["dir"]);
        Assert.Contains("a folder of that name is in the way", Assert.Throws<ElboException>(() => AtomicFile.WriteText(folder["dir"], "")).Message, StringComparison.Ordinal);
    }
}
