using System.Buffers.Binary;
using System.IO.Compression;

namespace Elbo.Storage;

/// <summary>Reads one PNG: chunks with their checksums, then the unpacked rows, then samples of 8 bits.</summary>
internal static class PngReader
{
    /// <summary>Deflate cannot do better than 1 in 1032, so a header that claims more is false and nothing is allocated for it.</summary>
    private const long MostExpansion = 1032;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static PixelImage Read(ReadOnlySpan<byte> file, string name)
    {
        if (!file.StartsWith(Signature))
            throw FileFailure.Mismatch(name, "is not a PNG: it does not start with the PNG signature", "convert it to PNG");
        PngHeader? header = null;
        ReadOnlySpan<byte> palette = default;
        ReadOnlySpan<byte> transparency = default;
        bool hasTransparency = false;
        using MemoryStream packed = new();
        bool dataClosed = false;
        bool ended = false;
        for (int position = Signature.Length; !ended;)
        {
            uint type = ReadChunk(file, ref position, name, out ReadOnlySpan<byte> content);
            if (header is null && type != ChunkType("IHDR")) throw FileFailure.Broken(name, "its first chunk is not the image header");
            if (packed.Length > 0 && type != ChunkType("IDAT")) dataClosed = true;
            if (type == ChunkType("IHDR"))
            {
                if (header is not null) throw FileFailure.Broken(name, "it has two image headers");
                header = PngHeader.Parse(content, name);
            }
            else if (type == ChunkType("PLTE"))
            {
                if (content.Length == 0 || content.Length % 3 != 0 || content.Length > 768) throw FileFailure.Broken(name, $"its palette has {content.Length} bytes");
                palette = content;
            }
            else if (type == ChunkType("tRNS"))
            {
                transparency = content;
                hasTransparency = true;
            }
            else if (type == ChunkType("IDAT"))
            {
                if (dataClosed) throw FileFailure.Broken(name, "its image data are interrupted by another chunk");
                packed.Write(content);
            }
            else if (type == ChunkType("IEND")) ended = true;
            // Bit 5 of the first letter is clear in a chunk without which the image cannot be shown.
            else if ((type & 0x20000000) == 0) throw FileFailure.Broken(name, "it has a critical chunk that PNG does not define");
        }

        PngHeader known = header!.Value;
        if (packed.Length == 0) throw FileFailure.Broken(name, "it has no image data");
        if (known.ColorType == 3 && palette.IsEmpty) throw FileFailure.Broken(name, "it has palette colours and no palette");
        PngPixels pixels = new(known, palette.ToArray(), hasTransparency ? transparency.ToArray() : null, name);
        Unpack(packed, known, pixels, name);
        return pixels.ToImage();
    }

    private static uint ReadChunk(ReadOnlySpan<byte> file, scoped ref int position, string name, out ReadOnlySpan<byte> content)
    {
        const int Frame = 12;
        if (file.Length - position < Frame) throw FileFailure.Truncated(name, (long)position + Frame, file.Length);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
        if (length > file.Length - position - Frame) throw FileFailure.Truncated(name, (long)position + Frame + length, file.Length);
        ReadOnlySpan<byte> checkedPart = file.Slice(position + 4, (int)length + 4);
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(file[(position + 8 + (int)length)..]);
        if (Crc32.Of(checkedPart) != stored)
            throw FileFailure.Broken(name, $"its chunk '{ChunkName(checkedPart)}' at byte {position} does not match its checksum");
        position += Frame + (int)length;
        content = checkedPart[4..];
        return BinaryPrimitives.ReadUInt32BigEndian(checkedPart);
    }

    private static void Unpack(MemoryStream packed, PngHeader header, PngPixels pixels, string name)
    {
        long total = 0;
        foreach (PngHeader.Pass pass in header.Passes()) total += (header.RowBytes(pass.Width) + 1) * pass.Height;
        if (total > MostExpansion * packed.Length + 1024)
            throw FileFailure.Broken(name, $"its header says {header.Width}×{header.Height} pixels, more than its {packed.Length} bytes of image data can hold");
        if (pixels.OutputLength > Array.MaxLength)
            throw FileFailure.Mismatch(name, $"has {header.Width}×{header.Height} pixels, more than the 2 GiB one array can take", "use smaller images");

        packed.Position = 0;
        pixels.Allocate();
        using ZLibStream stream = new(packed, CompressionMode.Decompress);
        try
        {
            foreach (PngHeader.Pass pass in header.Passes()) UnpackPass(stream, header, pass, pixels, name);
            // Reading on makes the stream check its own checksum.
            Span<byte> rest = stackalloc byte[64];
            while (stream.Read(rest) != 0)
            {
            }
        }
        catch (InvalidDataException)
        {
            throw FileFailure.Broken(name, "its image data cannot be unpacked");
        }
    }

    private static void UnpackPass(ZLibStream stream, PngHeader header, PngHeader.Pass pass, PngPixels pixels, string name)
    {
        byte[] row = new byte[header.RowBytes(pass.Width) + 1];
        byte[] above = new byte[row.Length];
        for (int y = 0; y < pass.Height; y++)
        {
            if (stream.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
                throw FileFailure.Broken(name, $"its image data end at row {y} of {pass.Height}");
            if (!PngFilter.TryUndo(row[0], row.AsSpan(1), above.AsSpan(1), header.PixelBytes))
                throw FileFailure.Broken(name, $"row {y} asks for filter {row[0]}, and PNG has 0 to 4");
            pixels.PutRow(row.AsSpan(1), pass, y);
            (row, above) = (above, row);
        }
    }

    private static uint ChunkType(string name) => ((uint)name[0] << 24) | ((uint)name[1] << 16) | ((uint)name[2] << 8) | name[3];

    private static string ChunkName(ReadOnlySpan<byte> chunk)
    {
        Span<char> letters = stackalloc char[4];
        for (int i = 0; i < 4; i++) letters[i] = char.IsAsciiLetter((char)chunk[i]) ? (char)chunk[i] : '?';
        return letters.ToString();
    }
}
