using System.Buffers.Binary;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>
/// The idx format of the MNIST files, plain or in gzip: two zero bytes, a type, a rank, the extents, the elements, all big-endian.
/// </summary>
public static class Idx
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, plain or in gzip.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ElboException">The file is missing, truncated, broken, or not idx.</exception>
    public static NumericArray Load(string path) => FileFailure.Guard(path, () =>
    {
        using Stream stream = CompressedFile.Open(path);
        return Read(stream, path);
    });

    /// <summary>Reads a file of images: bytes of rank 3, <c>[images, height, width]</c>.</summary>
    /// <param name="path">The file, plain or in gzip.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ElboException">The file cannot be read, or holds labels or other things.</exception>
    public static NumericArray LoadImages(string path) => RequireRank(Load(path), path, 3, "images");

    /// <summary>Reads a file of labels: bytes of rank 1, <c>[labels]</c>.</summary>
    /// <param name="path">The file, plain or in gzip.</param>
    /// <returns>The labels.</returns>
    /// <exception cref="ElboException">The file cannot be read, or holds images or other things.</exception>
    public static int[] LoadLabels(string path)
    {
        NumericArray array = RequireRank(Load(path), path, 1, "labels");
        return Array.ConvertAll(array.RawBytes, static label => (int)label);
    }

    internal static NumericArray Read(Stream stream, string name) => FileFailure.Guard(name, () => ReadCore(stream, name));

    private static NumericArray ReadCore(Stream stream, string name)
    {
        byte[] magic = StreamReading.ReadExactly(stream, 4, name);
        if (magic[0] != 0 || magic[1] != 0 || FindType(magic[2]) is not { } type || magic[3] == 0 || magic[3] > 8)
            throw FileFailure.Mismatch(name, $"is not an idx file: it starts with the bytes {Convert.ToHexString(magic)}, and 0000, a type and a rank were expected", "check that it is the right file, or download it again");
        byte[] extentBytes = StreamReading.ReadExactly(stream, 4 * magic[3], name, magic.Length);
        int[] shape = new int[magic[3]];
        for (int i = 0; i < shape.Length; i++) shape[i] = BinaryPrimitives.ReadInt32BigEndian(extentBytes.AsSpan(4 * i));
        long length = NumericArray.ByteLength(type, shape);
        if (length < 0) throw FileFailure.Broken(name, $"its header gives the shape {NumericArray.FormatShape(shape)}");
        long start = magic.Length + extentBytes.Length;
        byte[] data = StreamReading.ReadExactly(stream, length, name, start);
        StreamReading.ExpectEnd(stream, name, start + length);
        int size = NumericTypes.SizeOf(type);
        if (size > 1)
            for (int i = 0; i < data.Length; i += size) data.AsSpan(i, size).Reverse();
        return new NumericArray(type, shape, data);
    }

    private static NumericArray RequireRank(NumericArray array, string path, int rank, string expected)
    {
        if (array.Rank == rank && array.Type == NumericType.UInt8) return array;
        string found = (array.Rank, array.Type) switch
        {
            (1, NumericType.UInt8) => "labels (bytes of 1 dimension)",
            (3, NumericType.UInt8) => "images (bytes of 3 dimensions)",
            _ => $"{array.Type} of {array.Rank} dimensions",
        };
        throw FileFailure.Mismatch(path, $"holds {found}, and {expected} (bytes of {rank} dimension{(rank == 1 ? "" : "s")}) were expected", "check that images and labels are not swapped");
    }

    private static NumericType? FindType(byte code) => code switch
    {
        0x08 => NumericType.UInt8,
        0x09 => NumericType.Int8,
        0x0B => NumericType.Int16,
        0x0C => NumericType.Int32,
        0x0D => NumericType.Float32,
        0x0E => NumericType.Float64,
        _ => null,
    };
}
