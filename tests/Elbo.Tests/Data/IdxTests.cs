using System.IO.Compression;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Tests.Storage;

namespace Elbo.Tests.Data;

public class IdxTests
{
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9];

    [Fact]
    public void Reads_images_and_labels_plain_and_in_gzip()
    {
        using TemporaryFolder folder = new();
        foreach (byte[] file in (byte[][])[Images, Gzip(Images)])
        {
            NumericArray array = Idx.LoadImages(folder.Write("images", file));
            Assert.Equal([2, 1, 3], array.Shape.ToArray());
            Assert.Equal([1, 2, 3, 4, 5, 6], array.AsSpan<byte>().ToArray());
        }

        Assert.Equal([7, 9], Idx.LoadLabels(folder.Write("labels", Gzip(Labels))));
    }

    [Fact]
    public void Reads_every_element_type()
    {
        Assert.Equal([-1f], Read([0, 0, 9, 1, 0, 0, 0, 1, 255]).ToFloat());
        Assert.Equal([-2f], Read([0, 0, 11, 1, 0, 0, 0, 1, 255, 254]).ToFloat());
        Assert.Equal([65536f], Read([0, 0, 12, 1, 0, 0, 0, 1, 0, 1, 0, 0]).ToFloat());
        Assert.Equal([1.5f], Read([0, 0, 13, 1, 0, 0, 0, 1, 0x3F, 0xC0, 0, 0]).ToFloat());
        Assert.Equal([1.5f], Read([0, 0, 14, 1, 0, 0, 0, 1, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]).ToFloat());
    }

    [Fact]
    public void Labels_given_as_images_are_told_apart()
    {
        using TemporaryFolder folder = new();
        string labels = folder.Write("labels", Labels);
        Assert.Equal($"'{labels}' holds labels (bytes of 1 dimension), and images (bytes of 3 dimensions) were expected; check that images and labels are not swapped.", Refusal(() => Idx.LoadImages(labels)));
        string images = folder.Write("images", Images);
        Assert.Equal($"'{images}' holds images (bytes of 3 dimensions), and labels (bytes of 1 dimension) were expected; check that images and labels are not swapped.", Refusal(() => Idx.LoadLabels(images)));
    }

    [Fact]
    public void Truncated_files_are_named_plain_and_in_gzip()
    {
        using TemporaryFolder folder = new();
        string plain = folder.Write("plain", Images.AsSpan(0, 20));
        Assert.Equal($"'{plain}' is truncated: 22 bytes were expected, 20 are there; copy or download it again.", Refusal(() => Idx.Load(plain)));
        string inner = folder.Write("inner", Gzip(Images[..20]));
        Assert.Equal($"'{inner}' is truncated: 22 bytes were expected, 20 are there; copy or download it again.", Refusal(() => Idx.Load(inner)));
        byte[] random = new byte[10000];
        new Random(3).NextBytes(random);
        byte[] packed = Gzip([0, 0, 8, 1, 0, 0, 0x27, 0x10, .. random]);
        Assert.Contains("is truncated", Refusal(() => Idx.Load(folder.Write("outer", packed.AsSpan(0, 5000)))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_gzip_is_named()
    {
        using TemporaryFolder folder = new();
        byte[] packed = Gzip([0, 0, 8, 1, 0, 0, 0x03, 0xE8, .. Enumerable.Range(0, 1000).Select(static i => (byte)(i * i * 31 >> 3))]);
        byte[] damaged = [.. packed];
        damaged[packed.Length - 6] ^= 0xFF;
        Assert.Contains("is broken: its compressed data cannot be unpacked", Refusal(() => Idx.Load(folder.Write("crc.gz", damaged))), StringComparison.Ordinal);
        packed[12] ^= 0xFF;
        packed[13] ^= 0x55;
        string message = Refusal(() => Idx.Load(folder.Write("bits.gz", packed)));
        Assert.Matches("is broken|is truncated|is not an idx file", message);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        Assert.Contains("is not an idx file: it starts with the bytes 89504E47", Refusal(() => Read([0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3, 4])), StringComparison.Ordinal);
        Assert.Contains("longer than its header says", Refusal(() => Read([.. Labels, 1])), StringComparison.Ordinal);
        Assert.Contains("gives the shape [-1]", Refusal(() => Read([0, 0, 8, 1, 255, 255, 255, 255])), StringComparison.Ordinal);
    }

    [Fact]
    public void Survives_ten_thousand_mutants() => Mutation.Fuzz([Images, Labels, [0, 0, 13, 2, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4]], static mutant => Read(mutant));

    [Fact]
    public void Survives_ten_thousand_mutants_in_gzip() => Mutation.Fuzz(
        [Gzip(Images), Gzip([0, 0, 8, 1, 0, 0, 4, 0, .. new byte[1024]])],
        static mutant => Idx.Read(CompressedFile.Unwrap(new MemoryStream(mutant)), "x.gz"));

    internal static byte[] Gzip(byte[] content)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(content);
        return stream.ToArray();
    }

    private static NumericArray Read(byte[] file) => Idx.Read(new MemoryStream(file), "x");

    private static string Refusal(Action read) => Assert.Throws<ElboException>(read).Message;
}
