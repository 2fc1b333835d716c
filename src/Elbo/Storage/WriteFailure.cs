namespace Elbo.Storage;

/// <summary>Why something could not be written, and what to do about it.</summary>
internal static class WriteFailure
{
    /// <summary>The reason and the remedy as the end of a sentence, without its full stop; null where the disk is not to blame.</summary>
    /// <param name="path">The file or folder that was to be written.</param>
    /// <param name="exception">What the system threw; its own text may name a temporary file.</param>
    public static string? Reason(string path, Exception exception) => exception switch
    {
        DirectoryNotFoundException => "its folder does not exist; make the folder or choose another",
        UnauthorizedAccessException when Directory.Exists(path) => "a folder of that name is in the way; choose another name",
        UnauthorizedAccessException => Denied,
        IOException when IsFull(exception.HResult) => "the disk is full; free some space or choose another disk",
        IOException when IsReadOnly(exception.HResult) => "the disk is read-only; choose a folder that can be written",
        IOException when Directory.Exists(path) => "a folder of that name is in the way; choose another name",
        IOException => $"{WithoutPath(exception.Message)}; check the disk or choose another",
        _ => null,
    };

    /// <summary>As <see cref="Reason"/>, for a folder in which something was to be written.</summary>
    /// <param name="exception">What the system threw.</param>
    public static string? FolderReason(Exception exception) => exception switch
    {
        UnauthorizedAccessException => "permission denied; choose a folder that can be written",
        IOException when IsFull(exception.HResult) => "the disk is full; free some space or choose another folder",
        IOException when IsReadOnly(exception.HResult) => "the disk is read-only; choose a folder that can be written",
        IOException => $"{WithoutPath(exception.Message)}; choose another folder",
        _ => null,
    };

    private const string Denied = "permission denied (a read-only folder or file); choose a folder that can be written";

    /// <summary>The errno of ENOSPC and EDQUOT (of Linux and of macOS), or Windows' ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.</summary>
    private static bool IsFull(int code) => OperatingSystem.IsWindows()
        ? code is unchecked((int)0x80070070) or unchecked((int)0x80070027)
        : code is 28 || code == (OperatingSystem.IsMacOS() ? 69 : 122);

    /// <summary>The errno of EROFS, or Windows' ERROR_WRITE_PROTECT.</summary>
    private static bool IsReadOnly(int code) => code == (OperatingSystem.IsWindows() ? unchecked((int)0x80070013) : 30);

    /// <summary>The system's words, without the path that .NET adds: it is the temporary file's.</summary>
    private static string WithoutPath(string message) => FileFailure.Trim(message.Split(" : '")[0]);
}
