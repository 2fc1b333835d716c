using System.Text;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>
/// Writes a file whole or not at all: into a neighbour with the suffix <c>.partial</c>, flushed to the disk, then renamed over the target.
/// </summary>
/// <remarks>
/// Until the rename the old file stays as it was, so a full disk, an exception or a killed process loses nothing. The neighbour's name is
/// fixed, so what a killed process leaves behind is overwritten by the next write and never piles up.
/// </remarks>
public static class AtomicFile
{
    private const string Suffix = ".partial";

    /// <summary>Writes a file.</summary>
    /// <param name="path">The target; its folder must exist.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="ElboException">The disk is full, the folder is missing or read-only, or the target is a folder; the old file is unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string partial = path + Suffix;
        bool created = false;
        try
        {
            using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                created = true;
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception)
        {
            if (created) TryDelete(partial);
            if (Translate(path, exception) is { } translated) throw translated;
            throw;
        }
    }

    /// <summary>Writes bytes to a file.</summary>
    /// <param name="path">The target; its folder must exist.</param>
    /// <param name="content">The content.</param>
    /// <exception cref="ElboException">As for <see cref="Write"/>.</exception>
    public static void WriteBytes(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    /// <summary>Writes text to a file, in UTF-8 without a byte-order mark.</summary>
    /// <param name="path">The target; its folder must exist.</param>
    /// <param name="content">The content.</param>
    /// <exception cref="ElboException">As for <see cref="Write"/>.</exception>
    public static void WriteText(string path, string content) => WriteBytes(path, Encoding.UTF8.GetBytes(content));

    private static ElboException? Translate(string path, Exception exception)
    {
        if (WriteFailure.Reason(path, exception) is not { } reason) return null;
        string unchanged = File.Exists(path) ? " What was saved there before is unchanged." : "";
        return new ElboException($"'{path}' cannot be written: {reason}.{unchanged}", exception);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that brought us here is the one to report; the next write overwrites the remainder.
        }
    }
}
