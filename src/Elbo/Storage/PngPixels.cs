using System.Buffers.Binary;

namespace Elbo.Storage;

/// <summary>Turns the unfiltered rows of a PNG of any colour type and bit depth into samples of 8 bits.</summary>
internal sealed class PngPixels
{
    private readonly PngHeader header;
    private readonly byte[] palette;
    private readonly byte[]? alpha;
    private readonly int[]? transparentColor;
    private readonly string name;
    private readonly int channels;
    private byte[] output = [];

    public PngPixels(PngHeader header, byte[] palette, byte[]? transparency, string name)
    {
        this.header = header;
        this.palette = palette;
        this.name = name;
        if (transparency is not null && header.ColorType == 3)
        {
            if (transparency.Length > palette.Length / 3) throw FileFailure.Broken(name, "it gives transparency to more colours than its palette has");
            alpha = transparency;
        }
        else if (transparency is not null && header.ColorType is 0 or 2)
        {
            if (transparency!.Length != 2 * header.FileChannels) throw FileFailure.Broken(name, $"its transparent colour has {transparency.Length} bytes");
            transparentColor = new int[header.FileChannels];
            for (int i = 0; i < transparentColor.Length; i++) transparentColor[i] = BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2 * i));
        }

        int opaque = header.ColorType switch { 0 => 1, 4 => 2, 6 => 4, _ => 3 };
        channels = alpha is not null || transparentColor is not null ? opaque + 1 : opaque;
    }

    public long OutputLength => (long)header.Width * header.Height * channels;

    public void Allocate() => output = new byte[OutputLength];

    public PixelImage ToImage() => new(header.Width, header.Height, channels, output);

    public void PutRow(ReadOnlySpan<byte> row, PngHeader.Pass pass, int passRow)
    {
        int y = pass.Y + passRow * pass.StepY;
        Span<byte> line = output.AsSpan((int)((long)y * header.Width * channels), header.Width * channels);
        if (header.BitDepth == 8 && pass.StepX == 1 && channels == header.FileChannels && header.ColorType != 3)
        {
            row.CopyTo(line);
            return;
        }

        for (int i = 0; i < pass.Width; i++)
        {
            Span<byte> pixel = line.Slice((pass.X + i * pass.StepX) * channels, channels);
            if (header.ColorType == 3) PutPaletteColor(Sample(row, i), pixel);
            else PutSamples(row, i * header.FileChannels, pixel);
        }
    }

    private void PutPaletteColor(int index, Span<byte> pixel)
    {
        if (index * 3 >= palette.Length) throw FileFailure.Broken(name, $"a pixel asks for colour {index} of a palette of {palette.Length / 3}");
        palette.AsSpan(index * 3, 3).CopyTo(pixel);
        if (alpha is not null) pixel[3] = index < alpha.Length ? alpha[index] : (byte)255;
    }

    private void PutSamples(ReadOnlySpan<byte> row, int first, Span<byte> pixel)
    {
        bool transparent = transparentColor is not null;
        for (int channel = 0; channel < header.FileChannels; channel++)
        {
            int sample = Sample(row, first + channel);
            transparent = transparent && sample == transparentColor![channel];
            pixel[channel] = header.BitDepth switch
            {
                8 => (byte)sample,
                16 => (byte)((sample * 255L + 32767) / 65535),
                _ => (byte)(sample * 255 / ((1 << header.BitDepth) - 1)),
            };
        }

        if (transparentColor is not null) pixel[header.FileChannels] = transparent ? (byte)0 : (byte)255;
    }

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        int bits = header.BitDepth;
        if (bits == 8) return row[index];
        if (bits == 16) return BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]);
        int perByte = 8 / bits;
        int shift = 8 - bits * (index % perByte + 1);
        return (row[index / perByte] >> shift) & ((1 << bits) - 1);
    }
}
