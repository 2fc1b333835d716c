using System.Buffers.Binary;

namespace Elbo.Storage;

/// <summary>The IHDR chunk of a PNG, and the sizes that follow from it.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, int ColorType, bool Interlaced)
{
    public const int Length = 13;

    /// <summary>Samples of a pixel in the file: a palette index is one.</summary>
    public int FileChannels => ColorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>The distance the filters look back: bytes of a pixel, at least 1.</summary>
    public int PixelBytes => Math.Max(1, FileChannels * BitDepth / 8);

    public static PngHeader Parse(ReadOnlySpan<byte> chunk, string name)
    {
        if (chunk.Length != Length) throw FileFailure.Broken(name, "its first chunk is not an image header of 13 bytes");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(chunk);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        int bitDepth = chunk[8];
        int colorType = chunk[9];
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue) throw FileFailure.Broken(name, $"its header says {width}×{height} pixels");
        bool known = colorType switch
        {
            0 => bitDepth is 1 or 2 or 4 or 8 or 16,
            3 => bitDepth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => bitDepth is 8 or 16,
            _ => false,
        };
        if (!known) throw FileFailure.Broken(name, $"its header gives colour type {colorType} with {bitDepth} bits, which PNG does not have");
        if (chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1) throw FileFailure.Broken(name, "its header asks for a compression, filter or interlace method that PNG does not have");
        return new PngHeader((int)width, (int)height, bitDepth, colorType, chunk[12] == 1);
    }

    /// <summary>The passes of the image: itself, or the seven of Adam7 that are not empty.</summary>
    public IEnumerable<Pass> Passes()
    {
        if (!Interlaced)
        {
            yield return new Pass(0, 0, 1, 1, Width, Height);
            yield break;
        }

        (int X, int Y, int StepX, int StepY)[] steps = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        foreach ((int x, int y, int stepX, int stepY) in steps)
        {
            // Unsigned, because a width near 2^31 plus a step would wrap.
            int width = (int)(((uint)Width - (uint)x + (uint)stepX - 1) / (uint)stepX);
            int height = (int)(((uint)Height - (uint)y + (uint)stepY - 1) / (uint)stepY);
            if (Width > x && Height > y) yield return new Pass(x, y, stepX, stepY, width, height);
        }
    }

    /// <summary>Bytes of one row of a pass of this width, without the filter byte.</summary>
    public long RowBytes(int width) => ((long)width * FileChannels * BitDepth + 7) / 8;

    public readonly record struct Pass(int X, int Y, int StepX, int StepY, int Width, int Height);
}
