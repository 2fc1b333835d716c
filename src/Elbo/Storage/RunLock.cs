using System.Globalization;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>An exclusive lock on a folder, held until disposed or until the process ends, however it ends.</summary>
/// <remarks>
/// The operating system's lock on the file <c>.lock</c> counts, not the file's existence, so a killed process leaves nothing to clean up.
/// The file stays behind: deleting it could let two processes lock two files of one name. The holder's process id is in a file of its
/// own, because nobody else can read a locked one.
/// </remarks>
public sealed class RunLock : IDisposable
{
    /// <summary>The name of the lock file inside the folder.</summary>
    public const string FileName = ".lock";

    private const string HolderFileName = ".lock.holder";

    private readonly FileStream stream;
    private readonly string holderPath;
    private bool disposed;

    private RunLock(FileStream stream, string holderPath)
    {
        this.stream = stream;
        this.holderPath = holderPath;
    }

    /// <summary>Locks a folder.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <returns>The lock; dispose it to release the folder.</returns>
    /// <exception cref="ElboException">Another process (named by its id where it is known) holds the folder, or it cannot be written.</exception>
    public static RunLock Acquire(string folder)
    {
        string path = Path.Combine(folder, FileName);
        string holderPath = Path.Combine(folder, HolderFileName);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new ElboException($"The run folder '{folder}' does not exist; check the path.", exception);
        }
        catch (Exception exception) when (!IsHeld(exception) && WriteFailure.FolderReason(exception) is not null)
        {
            throw new ElboException($"The run folder '{folder}' cannot be written: {WriteFailure.FolderReason(exception)}.", exception);
        }
        catch (IOException exception)
        {
            string holder = ReadHolder(holderPath) is { } id ? $"process {id}" : "another process";
            throw new ElboException($"The run folder '{folder}' is in use by {holder}; wait until it ends, stop it, or choose another run name.", exception);
        }

        try
        {
            File.WriteAllText(holderPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The id only makes another process's message more helpful; on a full disk the lock holds without it.
        }

        return new RunLock(stream, holderPath);
    }

    /// <summary>Releases the folder.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        try
        {
            File.Delete(holderPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The id of a process that holds no lock misleads nobody.
        }

        stream.Dispose();
    }

    /// <summary>Whether another process holds the file, and not the disk is at fault: EWOULDBLOCK of Linux or macOS, a sharing violation of Windows.</summary>
    private static bool IsHeld(Exception exception) => exception is IOException && exception.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    private static int? ReadHolder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
