using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Storage;

public class PngTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(28, 28, 1)]
    [InlineData(7, 5, 3)]
    [InlineData(300, 2, 3)]
    public void Grey_and_colour_survive_a_round_trip(int width, int height, int channels)
    {
        byte[] samples = new byte[width * height * channels];
        new Random(7).NextBytes(samples);
        for (int i = 0; i < samples.Length / 2; i++) samples[i] = (byte)(i / 3);
        byte[] file = Png.Encode(new PixelImage(width, height, channels, samples));
        PixelImage back = Png.Decode(file, "x.png");
        Assert.Equal((width, height, channels), (back.Width, back.Height, back.Channels));
        Assert.Equal(samples, back.Samples);
        Assert.Equal(file, Png.Encode(back));
    }

    [Fact]
    public void Knows_the_published_checksum_of_an_empty_end_chunk()
    {
        byte[] file = Png.Encode(new PixelImage(1, 1, 1, [0]));
        Assert.Equal([0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82], file[^12..]);
        Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));
    }

    [Theory]
    [InlineData(1, new byte[] { 0b10110000 }, new byte[] { 255, 0, 255, 255 })]
    [InlineData(2, new byte[] { 0b00011011 }, new byte[] { 0, 85, 170, 255 })]
    [InlineData(4, new byte[] { 0x0F, 0x7A }, new byte[] { 0, 255, 119, 170 })]
    [InlineData(8, new byte[] { 1, 2, 3, 4 }, new byte[] { 1, 2, 3, 4 })]
    [InlineData(16, new byte[] { 0, 0, 0, 128, 0, 129, 255, 255 }, new byte[] { 0, 0, 1, 255 })]
    public void Brings_every_depth_of_grey_to_eight_bits(int depth, byte[] row, byte[] expected)
    {
        PixelImage image = Png.Decode(Make(4, 1, depth, 0, [0, .. row]), "x.png");
        Assert.Equal(1, image.Channels);
        Assert.Equal(expected, image.Samples);
    }

    [Fact]
    public void Reads_palettes_of_every_depth()
    {
        byte[] palette = [10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42];
        PixelImage image = Png.Decode(Make(3, 1, 2, 3, [0, 0b01_11_00_00], palette), "x.png");
        Assert.Equal(3, image.Channels);
        Assert.Equal([20, 21, 22, 40, 41, 42, 10, 11, 12], image.Samples);
        PixelImage transparent = Png.Decode(Make(3, 1, 4, 3, [0, 0x13, 0x00], palette, [255, 7]), "x.png");
        Assert.Equal([20, 21, 22, 7, 40, 41, 42, 255, 10, 11, 12, 255], transparent.Samples);
    }

    [Fact]
    public void Reads_alpha_and_transparent_colours()
    {
        Assert.Equal([9, 200], Png.Decode(Make(1, 1, 8, 4, [0, 9, 200]), "x.png").Samples);
        Assert.Equal([1, 2, 3, 4], Png.Decode(Make(1, 1, 8, 6, [0, 1, 2, 3, 4]), "x.png").Samples);
        Assert.Equal([1, 2, 3, 4], Png.Decode(Make(1, 1, 16, 6, [0, 1, 1, 2, 2, 3, 3, 4, 4]), "x.png").Samples);
        Assert.Equal([5, 0, 6, 255], Png.Decode(Make(2, 1, 8, 0, [0, 5, 6], null, [0, 5]), "x.png").Samples);
        Assert.Equal([5, 6, 7, 0, 5, 6, 8, 255], Png.Decode(Make(2, 1, 8, 2, [0, 5, 6, 7, 5, 6, 8], null, [0, 5, 0, 6, 0, 7]), "x.png").Samples);
    }

    [Fact]
    public void Undoes_every_filter()
    {
        // Worked by hand from section 9.2 of the specification, two samples a row.
        byte[] rows = [0, 10, 20, 1, 5, 7, 2, 1, 1, 3, 4, 4, 4, 3, 3];
        byte[] expected = [10, 20, 5, 12, 6, 13, 7, 14, 10, 17];
        Assert.Equal(expected, Png.Decode(Make(2, 5, 8, 0, rows), "x.png").Samples);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(8, 8)]
    [InlineData(13, 9)]
    public void Interlaced_images_come_out_in_order(int width, int height)
    {
        byte[] samples = new byte[width * height];
        for (int i = 0; i < samples.Length; i++) samples[i] = (byte)(i * 7);
        List<byte> rows = [];
        // Table 9 of the specification, section 8.2: which pixels each pass takes.
        string[] pattern = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];
        for (char pass = '1'; pass <= '7'; pass++)
        {
            for (int y = 0; y < height; y++)
            {
                byte[] row = [.. Enumerable.Range(0, width).Where(x => pattern[y % 8][x % 8] == pass).Select(x => samples[y * width + x])];
                if (row.Length > 0) rows.AddRange([0, .. row]);
            }
        }

        Assert.Equal(samples, Png.Decode(Make(width, height, 8, 0, [.. rows], interlaced: true), "x.png").Samples);
    }

    [Fact]
    public void A_corrupt_chunk_is_named()
    {
        byte[] file = Png.Encode(new PixelImage(4, 4, 1, new byte[16]));
        file[45] ^= 4;
        Assert.Equal("'x.png' is broken: its chunk 'IDAT' at byte 33 does not match its checksum; copy or download it again.", Refusal(file));
    }

    [Fact]
    public void Truncation_is_told_from_corruption()
    {
        byte[] file = Png.Encode(new PixelImage(4, 4, 1, new byte[16]));
        Assert.Contains("is truncated", Refusal(file[..^5]), StringComparison.Ordinal);
        Assert.Contains("is truncated", Refusal(file[..^12]), StringComparison.Ordinal);
        Assert.Contains("image data end at row 1 of 2", Refusal(Make(2, 2, 8, 0, [0, 1, 2, 0, 3])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_promises_too_much_allocates_nothing()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("more than its", Refusal(Make(30000, 30000, 8, 6, [0, 1, 2, 3])), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Theory]
    [InlineData(3, 0, "colour type 0 with 3 bits")]
    [InlineData(16, 3, "colour type 3 with 16 bits")]
    [InlineData(8, 5, "colour type 5 with 8 bits")]
    public void Impossible_headers_are_refused(int depth, int colorType, string expected) =>
        Assert.Contains(expected, Refusal(Make(1, 1, depth, colorType, [0, 0])), StringComparison.Ordinal);

    [Fact]
    public void Impossible_pixels_are_refused()
    {
        Assert.Contains("asks for filter 9", Refusal(Make(1, 1, 8, 0, [9, 0])), StringComparison.Ordinal);
        Assert.Contains("colour 3 of a palette of 2", Refusal(Make(1, 1, 8, 3, [0, 3], [1, 2, 3, 4, 5, 6])), StringComparison.Ordinal);
        Assert.Contains("no palette", Refusal(Make(1, 1, 8, 3, [0, 3])), StringComparison.Ordinal);
        Assert.Contains("is not a PNG", Refusal("GIF89a and so on"u8.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Survives_ten_thousand_mutants()
    {
        byte[][] seeds =
        [
            Png.Encode(new PixelImage(5, 4, 3, [.. Enumerable.Range(0, 60).Select(static i => (byte)(i * i))])),
            Make(9, 3, 1, 0, [0, 1, 2, 1, 3, 4, 4, 5, 6], interlaced: false),
            Make(3, 1, 4, 3, [0, 0x13, 0x00], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [255, 7]),
            Make(1, 1, 8, 0, [0, 9], interlaced: true),
        ];
        Mutation.Fuzz(seeds, static mutant => Png.Decode(mutant, "x.png"), RepairChecksums);
    }

    internal static byte[] Make(int width, int height, int depth, int colorType, byte[] rows, byte[]? palette = null, byte[]? transparency = null, bool interlaced = false)
    {
        using MemoryStream file = new();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)depth;
        header[9] = (byte)colorType;
        header[12] = interlaced ? (byte)1 : (byte)0;
        Chunk("IHDR", header);
        Chunk("tEXt", "Comment\0made by a test"u8);
        if (palette is not null) Chunk("PLTE", palette);
        if (transparency is not null) Chunk("tRNS", transparency);
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(rows);
        // In two chunks, as the format allows.
        Chunk("IDAT", packed.ToArray().AsSpan(0, 3));
        Chunk("IDAT", packed.ToArray().AsSpan(3));
        Chunk("IEND", []);
        return file.ToArray();

        void Chunk(string type, ReadOnlySpan<byte> content)
        {
            byte[] word = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(word, content.Length);
            file.Write(word);
            byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
            file.Write(body);
            BinaryPrimitives.WriteUInt32BigEndian(word, Crc32.Of(body));
            file.Write(word);
        }
    }

    private static void RepairChecksums(byte[] file)
    {
        for (int position = 8; position + 12 <= file.Length;)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position));
            if (position + 12 + length > file.Length) return;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(position + 8 + (int)length), Crc32.Of(file.AsSpan(position + 4, (int)length + 4)));
            position += 12 + (int)length;
        }
    }

    private static string Refusal(byte[] file) => Assert.Throws<ElboException>(() => Png.Decode(file, "x.png")).Message;
}
