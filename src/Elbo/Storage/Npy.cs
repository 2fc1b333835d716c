using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>
/// The npy format of NumPy, versions 1 to 3: one array of booleans, integers or floats, of either byte order and memory order.
/// </summary>
/// <remarks>Arrays of Python objects are pickles, which run code when loaded: they are refused by name.</remarks>
public static class Npy
{
    private const int Alignment = 64;
    private const int LongestHeader = 1 << 20;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array, in row-major order whatever the file's.</returns>
    /// <exception cref="ElboException">The file is missing, truncated, not npy, or holds something other than numbers.</exception>
    public static NumericArray Load(string path) => FileFailure.Guard(path, () =>
    {
        using FileStream stream = StreamReading.OpenRead(path);
        return Read(stream, path);
    });

    /// <summary>Reads an array that must fill the rest of a stream.</summary>
    /// <param name="stream">The stream, at the magic number.</param>
    /// <param name="name">What to call the stream in messages.</param>
    /// <returns>The array, in row-major order whatever the stream's.</returns>
    /// <exception cref="ElboException">The stream is truncated, not npy, or holds something other than numbers.</exception>
    public static NumericArray Read(Stream stream, string name) => FileFailure.Guard(name, () => ReadCore(stream, name));

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="ElboException">The file cannot be written; one that was there before is unchanged.</exception>
    public static void Save(string path, NumericArray array) => AtomicFile.Write(path, stream => Write(stream, array));

    /// <summary>Writes an array in version 1 of the format, row-major and little-endian.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="array">The array.</param>
    public static void Write(Stream stream, NumericArray array)
    {
        WriteHeader(stream, array.Type, array.Shape);
        stream.Write(array.Bytes);
    }

    /// <summary>Writes a file of doubles whose values come piece by piece, whole or not at all; it may be larger than an array.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">The extents.</param>
    /// <param name="pieces">The values in row-major order.</param>
    /// <exception cref="ElboException">The file cannot be written; one that was there before is unchanged.</exception>
    /// <exception cref="ArgumentException">There are not as many values as the extents say.</exception>
    public static void Save(string path, ReadOnlySpan<int> shape, IEnumerable<Matrix> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        long expected = 1;
        foreach (int extent in shape) expected *= extent;
        int[] extents = shape.ToArray();
        AtomicFile.Write(path, stream =>
        {
            long written = 0;
            WriteHeader(stream, NumericType.Float64, extents);
            foreach (Matrix piece in pieces)
            {
                stream.Write(MemoryMarshal.AsBytes(piece.Values));
                written += piece.Values.Length;
            }

            if (written != expected) throw new ArgumentException($"{written} values were given for the shape {NumericArray.FormatShape(extents)}.", nameof(pieces));
        });
    }

    private static void WriteHeader(Stream stream, NumericType type, ReadOnlySpan<int> shape)
    {
        string text = NpyHeader.Format(type, shape);
        int before = Magic.Length + 4;
        int length = (before + text.Length + 1 + Alignment - 1) / Alignment * Alignment - before;
        Span<byte> prefix = stackalloc byte[before];
        Magic.CopyTo(prefix);
        prefix[6] = 1;
        prefix[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(prefix[8..], checked((ushort)length));
        stream.Write(prefix);
        stream.Write(Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n"));
    }

    /// <summary>Reads the header of a file, and where its values begin.</summary>
    internal static (NpyHeader Header, long DataStart) ReadHeader(string path)
    {
        using FileStream stream = StreamReading.OpenRead(path);
        return ReadHeader(stream, path);
    }

    private static (NpyHeader Header, long DataStart) ReadHeader(Stream stream, string name)
    {
        byte[] prefix = StreamReading.ReadExactly(stream, 8, name);
        if (!prefix.AsSpan(0, 6).SequenceEqual(Magic))
            throw FileFailure.Mismatch(name, "is not an npy file: it does not start with the npy magic number", "save the array with numpy.save");
        if (prefix[6] is < 1 or > 3)
            throw FileFailure.Mismatch(name, $"is of npy version {prefix[6]}, and versions 1 to 3 are known", "save it again with a current NumPy");
        int lengthBytes = prefix[6] == 1 ? 2 : 4;
        byte[] lengthField = StreamReading.ReadExactly(stream, lengthBytes, name, prefix.Length);
        long headerLength = lengthBytes == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthField) : BinaryPrimitives.ReadUInt32LittleEndian(lengthField);
        if (headerLength > LongestHeader) throw FileFailure.Broken(name, $"its header claims {headerLength} bytes");
        byte[] headerBytes = StreamReading.ReadExactly(stream, headerLength, name, prefix.Length + lengthBytes);
        return (NpyHeader.Parse((prefix[6] == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(headerBytes), name), prefix.Length + lengthBytes + headerLength);
    }

    private static NumericArray ReadCore(Stream stream, string name)
    {
        (NpyHeader header, long dataStart) = ReadHeader(stream, name);
        long length = NumericArray.ByteLength(header.Type, header.Shape);
        if (length < 0)
            throw FileFailure.Mismatch(name, $"says that its shape is {NumericArray.FormatShape(header.Shape)}, more than the 2 GiB one array can take", "split it into smaller files");
        byte[] data = StreamReading.ReadExactly(stream, length, name, dataStart);
        StreamReading.ExpectEnd(stream, name, dataStart + length);

        int size = NumericTypes.SizeOf(header.Type);
        if (header.BigEndian) ReverseElements(data, size);
        if (header.FortranOrder && header.Shape.Length > 1) data = ToRowMajor(data, header.Shape, size);
        if (header.Type == NumericType.Boolean) Normalize(data);
        return new NumericArray(header.Type, header.Shape, data);
    }

    private static void ReverseElements(Span<byte> data, int size)
    {
        if (size == 1) return;
        for (int i = 0; i < data.Length; i += size) data.Slice(i, size).Reverse();
    }

    private static void Normalize(Span<byte> booleans)
    {
        foreach (ref byte value in booleans) value = value != 0 ? (byte)1 : (byte)0;
    }

    private static byte[] ToRowMajor(byte[] data, int[] shape, int size)
    {
        byte[] result = new byte[data.Length];
        int[] strides = new int[shape.Length];
        int stride = size;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        int[] index = new int[shape.Length];
        int source = 0;
        for (int target = 0; target < result.Length; target += size)
        {
            data.AsSpan(source, size).CopyTo(result.AsSpan(target, size));
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                source += strides[axis];
                if (++index[axis] < shape[axis]) break;
                source -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return result;
    }
}
