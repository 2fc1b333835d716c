using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>
/// The PNG format. Reads every colour type, bit depth and interlacing with all checksums; writes 8-bit grey and RGB.
/// </summary>
public static class Png
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The image, its samples brought to 8 bits: a depth below is spread to 0..255, 16 bits are rounded.</returns>
    /// <exception cref="ElboException">The file is missing, truncated, corrupt or not a PNG.</exception>
    public static PixelImage Load(string path) => FileFailure.Guard(path, () =>
    {
        using FileStream stream = StreamReading.OpenRead(path);
        return Decode(StreamReading.ReadExactly(stream, stream.Length, path), path);
    });

    /// <summary>Reads an image from memory.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="name">What to call the image in messages.</param>
    /// <returns>The image, its samples brought to 8 bits.</returns>
    /// <exception cref="ElboException">The bytes are truncated, corrupt or not a PNG.</exception>
    public static PixelImage Decode(ReadOnlySpan<byte> file, string name) => PngReader.Read(file, name);

    /// <summary>Writes a file, whole or not at all. The same image makes the same bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="image">An image of 1 or 3 channels.</param>
    /// <exception cref="ElboException">The file cannot be written; one that was there before is unchanged.</exception>
    /// <exception cref="ArgumentException">The image has 2 or 4 channels.</exception>
    public static void Save(string path, PixelImage image) => AtomicFile.WriteBytes(path, Encode(image));

    /// <summary>Makes the bytes of a PNG file.</summary>
    /// <param name="image">An image of 1 or 3 channels.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">The image has 2 or 4 channels.</exception>
    public static byte[] Encode(PixelImage image)
    {
        if (image.Channels is not (1 or 3))
            throw new ArgumentException($"A PNG is written from 1 (grey) or 3 (RGB) channels, not {image.Channels}; drop the alpha channel.", nameof(image));
        using MemoryStream file = new();
        file.Write(PngReader.Signature);
        Span<byte> header = stackalloc byte[PngHeader.Length];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = image.Channels == 1 ? (byte)0 : (byte)2;
        WriteChunk(file, "IHDR", header);
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true)) WriteRows(zlib, image);
        WriteChunk(file, "IDAT", packed.GetBuffer().AsSpan(0, (int)packed.Length));
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void WriteRows(ZLibStream stream, PixelImage image)
    {
        int rowBytes = image.Width * image.Channels;
        byte[] noRow = new byte[rowBytes];
        byte[] best = new byte[rowBytes];
        byte[] trial = new byte[rowBytes];
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> row = image.Samples.AsSpan(y * rowBytes, rowBytes);
            ReadOnlySpan<byte> above = y == 0 ? noRow : image.Samples.AsSpan((y - 1) * rowBytes, rowBytes);
            int bestFilter = 0;
            long bestCost = long.MaxValue;
            for (int filter = 0; filter < PngFilter.Count; filter++)
            {
                PngFilter.Apply(filter, row, above, image.Channels, trial);
                long cost = Cost(trial);
                if (cost >= bestCost) continue;
                (bestFilter, bestCost) = (filter, cost);
                (best, trial) = (trial, best);
            }

            stream.WriteByte((byte)bestFilter);
            stream.Write(best);
        }
    }

    /// <summary>The sum of the residuals as signed bytes: the specification's own rule of thumb for the filter that packs best (section 12.7).</summary>
    private static long Cost(ReadOnlySpan<byte> residuals)
    {
        long sum = 0;
        foreach (byte value in residuals) sum += Math.Abs((int)(sbyte)value);
        return sum;
    }

    private static void WriteChunk(Stream stream, string type, ReadOnlySpan<byte> content)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, content.Length);
        stream.Write(word);
        byte[] typeBytes = Encoding.ASCII.GetBytes(type);
        stream.Write(typeBytes);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32.Update(Crc32.Of(typeBytes), content));
        stream.Write(word);
    }
}
