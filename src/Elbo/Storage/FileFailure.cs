using System.Diagnostics;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>The sentences for files that cannot be used. Each says what was given, what was expected and what to do.</summary>
[StackTraceHidden]
internal static class FileFailure
{
    public static ElboException Truncated(string name, long expected, long actual) =>
        new($"'{name}' is truncated: {expected} bytes were expected, {actual} are there; copy or download it again.");

    public static ElboException Trailing(string name, long expected) =>
        new($"'{name}' is longer than its header says: {expected} bytes were expected and more follow; check that it is the right file, or copy it again.");

    public static ElboException Broken(string name, string detail) => new($"'{name}' is broken: {detail}; copy or download it again.");

    public static ElboException Mismatch(string name, string detail, string remedy) => new($"'{name}' {detail}; {remedy}.");

    /// <summary>Runs a reader and turns every failure that a file can cause into one sentence.</summary>
    public static T Guard<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (Translate(name, exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>The sentence for an exception of the file system or of a decompressor; null where the exception is not the file's fault.</summary>
    public static ElboException? Translate(string name, Exception exception) => exception switch
    {
        ElboException => null,
        FileNotFoundException or DirectoryNotFoundException => new($"'{name}' does not exist; check the path.", exception),
        UnauthorizedAccessException when Directory.Exists(name) => new($"'{name}' is a folder, and a file was expected; name a file inside it.", exception),
        UnauthorizedAccessException => new($"'{name}' cannot be read: permission denied; change its permissions or choose another file.", exception),
        PathTooLongException => new($"'{name}' cannot be read: the path is too long; move the file to a shorter path.", exception),
        EndOfStreamException => new($"'{name}' is truncated: it ends in the middle of its data; copy or download it again.", exception),
        InvalidDataException => new($"'{name}' is broken: its compressed data cannot be unpacked ({Trim(exception.Message)}); copy or download it again.", exception),
        NotSupportedException => new($"'{name}' cannot be read: it is not a regular file (a pipe, perhaps), or needs what is not supported ({Trim(exception.Message)}); save it as a plain file first.", exception),
        IOException => new($"'{name}' cannot be read: {Trim(exception.Message)}; check the disk and the path.", exception),
        _ => null,
    };

    public static string Trim(string message) => message.TrimEnd('.', ' ').Replace('\n', ' ').Replace("\r", "", StringComparison.Ordinal);
}
