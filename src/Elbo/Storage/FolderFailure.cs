using System.Diagnostics;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>The sentences for folders that cannot be written.</summary>
[StackTraceHidden]
internal static class FolderFailure
{
    /// <summary>Runs something that changes a folder and turns what a disk can do to it into one sentence.</summary>
    public static void Guard(string folder, Action change)
    {
        try
        {
            change();
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ElboException($"'{folder}' cannot be written: permission denied; choose a folder that can be written.", exception);
        }
        catch (IOException exception) when (exception is not FileNotFoundException)
        {
            throw new ElboException($"'{folder}' cannot be written: {FileFailure.Trim(exception.Message)}; free some space or choose another folder.", exception);
        }
    }
}
