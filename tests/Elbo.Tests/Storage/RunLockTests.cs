using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Storage;

public class RunLockTests
{
    [Fact]
    public void A_second_holder_is_told_who_has_the_folder()
    {
        using TemporaryFolder folder = new();
        using RunLock first = RunLock.Acquire(folder.FullName);
        ElboException exception = Assert.Throws<ElboException>(() => RunLock.Acquire(folder.FullName));
        Assert.Equal($"The run folder '{folder.FullName}' is in use by process {Environment.ProcessId}; wait until it ends, stop it, or choose another run name.", exception.Message);
    }

    [Fact]
    public void A_released_folder_can_be_locked_again()
    {
        using TemporaryFolder folder = new();
        RunLock first = RunLock.Acquire(folder.FullName);
        first.Dispose();
        first.Dispose();
        using RunLock second = RunLock.Acquire(folder.FullName);
        Assert.Throws<ElboException>(() => RunLock.Acquire(folder.FullName));
    }

    [Fact]
    public void The_file_of_a_killed_process_is_no_lock()
    {
        using TemporaryFolder folder = new();
        folder.Write(RunLock.FileName, "4711"u8);
        RunLock.Acquire(folder.FullName).Dispose();
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("does not exist", Assert.Throws<ElboException>(() => RunLock.Acquire(folder["no"])).Message, StringComparison.Ordinal);
    }
}
