using System.IO.Compression;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>Opens a file that may be wrapped in gzip, whatever its name says.</summary>
internal static class CompressedFile
{
    public static Stream Open(string path)
    {
        FileStream file = StreamReading.OpenRead(path);
        try
        {
            return Unwrap(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The stream itself, or its unpacked content where it starts with the gzip magic number.</summary>
    public static Stream Unwrap(Stream file)
    {
        Span<byte> magic = stackalloc byte[2];
        int read = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position -= read;
        return read == 2 && magic[0] == 0x1F && magic[1] == 0x8B ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
