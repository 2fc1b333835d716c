using System.IO.Compression;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>The npz format of NumPy: a zip archive, stored or deflated, of one npy file per named array.</summary>
public static class Npz
{
    private const string Extension = ".npy";

    // The earliest moment a zip entry can carry; a fixed one makes the same arrays the same bytes.
    private static readonly DateTimeOffset Moment = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads the arrays of a file, in the file's order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">Which names to read; null reads all. An array that is not read may hold anything.</param>
    /// <returns>The arrays by name (without ".npy"), in the file's order.</returns>
    /// <exception cref="ElboException">The file is missing, truncated, not an npz, fails its checksum, or a wanted array is not of numbers.</exception>
    public static OrderedDictionary<string, NumericArray> Load(string path, Func<string, bool>? wanted = null) => FileFailure.Guard(path, () =>
    {
        using FileStream stream = StreamReading.OpenRead(path);
        return Read(stream, path, wanted);
    });

    /// <summary>Reads the arrays of a stream, in the archive's order.</summary>
    /// <param name="stream">A stream that can seek.</param>
    /// <param name="name">What to call the stream in messages.</param>
    /// <param name="wanted">Which names to read; null reads all.</param>
    /// <returns>The arrays by name (without ".npy"), in the archive's order.</returns>
    /// <exception cref="ElboException">The stream is truncated, not an npz, fails its checksum, or a wanted array is not of numbers.</exception>
    public static OrderedDictionary<string, NumericArray> Read(Stream stream, string name, Func<string, bool>? wanted = null)
    {
        try
        {
            return FileFailure.Guard(name, () => ReadCore(stream, name, wanted));
        }
        // What ZipArchive throws, besides the above, on offsets, sizes and dates that no archive writer makes.
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or OverflowException or ObjectDisposedException)
        {
            throw FileFailure.Broken(name, $"its zip directory makes no sense ({FileFailure.Trim(exception.Message)})");
        }
    }

    /// <summary>Writes a file, whole or not at all. The same arrays make the same bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">The arrays by name, in the order to write them.</param>
    /// <param name="compress">Whether to deflate.</param>
    /// <exception cref="ElboException">The file cannot be written; one that was there before is unchanged.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, NumericArray>> arrays, bool compress = true) =>
        AtomicFile.Write(path, stream => Write(stream, arrays, compress));

    /// <summary>Writes an archive to a stream. The same arrays make the same bytes.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="arrays">The arrays by name, in the order to write them.</param>
    /// <param name="compress">Whether to deflate.</param>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, NumericArray>> arrays, bool compress = true)
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, NumericArray array) in arrays)
        {
            ZipArchiveEntry entry = archive.CreateEntry(name + Extension, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = Moment;
            using Stream content = entry.Open();
            Npy.Write(content, array);
        }
    }

    private static OrderedDictionary<string, NumericArray> ReadCore(Stream stream, string name, Func<string, bool>? wanted)
    {
        ZipArchive archive;
        try
        {
            archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException)
        {
            throw FileFailure.Mismatch(name, "is not an npz file: it has no zip directory at its end", "copy it again if it was cut short, or save the arrays with numpy.savez");
        }

        OrderedDictionary<string, NumericArray> arrays = [];
        using (archive)
        {
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal)) continue;
                string key = entry.FullName[..^Extension.Length];
                if (wanted is not null && !wanted(key)) continue;
                if (entry.IsEncrypted) throw FileFailure.Mismatch(name, $"has the encrypted array '{key}'", "save it without a password");
                if (!arrays.TryAdd(key, ReadEntry(entry, $"{name}:{key}"))) throw FileFailure.Broken(name, $"it holds two arrays named '{key}'");
            }
        }

        return arrays;
    }

    private static NumericArray ReadEntry(ZipArchiveEntry entry, string name)
    {
        using ChecksumStream content = new(entry.Open());
        NumericArray array = Npy.Read(content, name);
        if (content.Checksum != entry.Crc32) throw FileFailure.Broken(name, "its data do not match their checksum");
        return array;
    }
}
