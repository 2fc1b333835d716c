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
        catch (Exception exception) when (exception is not FileNotFoundException && WriteFailure.FolderReason(exception) is not null)
        {
            throw new ElboException($"'{folder}' cannot be written: {WriteFailure.FolderReason(exception)}.", exception);
        }
    }
}
