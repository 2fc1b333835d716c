using System.Runtime.InteropServices;

namespace Elbo.Storage;

/// <summary>
/// A dense array of numbers of shape <c>[d0, d1, ...]</c> in row-major order: what the npy, npz and safetensors files hold.
/// </summary>
/// <remarks>The bytes are little-endian whatever the file had, so they can be viewed as their CLR type without a copy.</remarks>
public sealed class NumericArray
{
    private readonly int[] shape;
    private readonly byte[] bytes;

    /// <summary>Makes an array of zeros.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The extents, none negative; empty for a scalar.</param>
    /// <exception cref="ArgumentException">An extent is negative, or the array would pass 2 GiB.</exception>
    public NumericArray(NumericType type, params ReadOnlySpan<int> shape)
        : this(type, shape.ToArray(), new byte[CheckedByteLength(type, shape)])
    {
    }

    internal NumericArray(NumericType type, int[] shape, byte[] bytes)
    {
        Type = type;
        this.shape = shape;
        this.bytes = bytes;
        Count = bytes.Length / NumericTypes.SizeOf(type);
    }

    /// <summary>The element type.</summary>
    public NumericType Type { get; }

    /// <summary>The number of elements: the product of the extents.</summary>
    public int Count { get; }

    /// <summary>The number of extents.</summary>
    public int Rank => shape.Length;

    /// <summary>The extents <c>[d0, d1, ...]</c>; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => shape;

    /// <summary>The elements as little-endian bytes in row-major order.</summary>
    public Span<byte> Bytes => bytes;

    internal byte[] RawBytes => bytes;

    /// <summary>Copies values into a new array.</summary>
    /// <typeparam name="T">A CLR number or <see cref="bool"/>.</typeparam>
    /// <param name="values">The elements in row-major order.</param>
    /// <param name="shape">The extents; their product must be the number of values. None given means one dimension.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ArgumentException">The shape does not hold that many values, or the type is not supported.</exception>
    public static NumericArray From<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        int[] extents = shape.Length == 0 ? [values.Length] : shape.ToArray();
        NumericArray array = new(NumericTypes.Of<T>(), extents);
        if (array.Count != values.Length)
            throw new ArgumentException($"Shape {FormatShape(extents)} holds {array.Count} elements, but {values.Length} were given.", nameof(shape));
        values.CopyTo(MemoryMarshal.Cast<byte, T>(array.bytes.AsSpan()));
        return array;
    }

    /// <summary>Views the elements as <typeparamref name="T"/>, without a copy.</summary>
    /// <typeparam name="T">The CLR type of <see cref="Type"/>.</typeparam>
    /// <returns>All elements in row-major order.</returns>
    /// <exception cref="InvalidOperationException">The array has another element type.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        if (NumericTypes.Of<T>() != Type)
            throw new InvalidOperationException($"The array holds {Type}, not {NumericTypes.Of<T>()}; call ToFloat or ToDouble to convert.");
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
    }

    /// <summary>Converts every element to single precision (nearest value; true is 1).</summary>
    /// <returns>A new array of <see cref="Count"/> values in row-major order.</returns>
    public float[] ToFloat()
    {
        float[] result = new float[Count];
        if (Type == NumericType.Float32)
            AsSpan<float>().CopyTo(result);
        else if (Type == NumericType.UInt8)
            Convert(bytes, result, static x => x);
        else
            Convert(ToDouble(), result, static x => (float)x);
        return result;
    }

    /// <summary>Converts every element to double precision (nearest value; true is 1).</summary>
    /// <returns>A new array of <see cref="Count"/> values in row-major order.</returns>
    public double[] ToDouble()
    {
        double[] result = new double[Count];
        switch (Type)
        {
            case NumericType.Boolean: Convert(bytes, result, static x => x != 0 ? 1d : 0d); break;
            case NumericType.UInt8: Convert(bytes, result, static x => (double)x); break;
            case NumericType.Int8: Convert(AsSpan<sbyte>(), result, static x => (double)x); break;
            case NumericType.UInt16: Convert(AsSpan<ushort>(), result, static x => (double)x); break;
            case NumericType.Int16: Convert(AsSpan<short>(), result, static x => (double)x); break;
            case NumericType.UInt32: Convert(AsSpan<uint>(), result, static x => (double)x); break;
            case NumericType.Int32: Convert(AsSpan<int>(), result, static x => (double)x); break;
            case NumericType.UInt64: Convert(AsSpan<ulong>(), result, static x => (double)x); break;
            case NumericType.Int64: Convert(AsSpan<long>(), result, static x => (double)x); break;
            case NumericType.Float16: Convert(AsSpan<Half>(), result, static x => (double)x); break;
            case NumericType.Float32: Convert(AsSpan<float>(), result, static x => (double)x); break;
            default: AsSpan<double>().CopyTo(result); break;
        }

        return result;
    }

    internal static string FormatShape(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    /// <summary>Bytes an array of this type and shape takes, or -1 where an extent is negative or the array passes what one block of memory can hold.</summary>
    internal static long ByteLength(NumericType type, ReadOnlySpan<int> shape)
    {
        bool empty = false;
        foreach (int extent in shape)
        {
            if (extent < 0) return -1;
            empty |= extent == 0;
        }

        if (empty) return 0;
        long length = NumericTypes.SizeOf(type);
        foreach (int extent in shape)
        {
            length *= extent;
            if (length > Array.MaxLength) return -1;
        }

        return length;
    }

    private static long CheckedByteLength(NumericType type, ReadOnlySpan<int> shape)
    {
        long length = ByteLength(type, shape);
        return length >= 0
            ? length
            : throw new ArgumentException($"Shape {FormatShape(shape)} of {type} has a negative extent or takes more than 2 GiB.", nameof(shape));
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> destination, Func<TFrom, TTo> convert)
    {
        for (int i = 0; i < source.Length; i++) destination[i] = convert(source[i]);
    }
}
