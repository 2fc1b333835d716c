namespace Elbo.Storage;

/// <summary>Sizes and CLR counterparts of <see cref="NumericType"/>.</summary>
public static class NumericTypes
{
    /// <summary>Bytes one element takes.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public static int SizeOf(NumericType type) => type switch
    {
        NumericType.Boolean or NumericType.UInt8 or NumericType.Int8 => 1,
        NumericType.UInt16 or NumericType.Int16 or NumericType.Float16 => 2,
        NumericType.UInt32 or NumericType.Int32 or NumericType.Float32 => 4,
        NumericType.UInt64 or NumericType.Int64 or NumericType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type."),
    };

    /// <summary>The element type that stores values of <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">A CLR number or <see cref="bool"/>.</typeparam>
    /// <returns>The matching member.</returns>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> has no counterpart.</exception>
    public static NumericType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(bool)) return NumericType.Boolean;
        if (typeof(T) == typeof(byte)) return NumericType.UInt8;
        if (typeof(T) == typeof(sbyte)) return NumericType.Int8;
        if (typeof(T) == typeof(ushort)) return NumericType.UInt16;
        if (typeof(T) == typeof(short)) return NumericType.Int16;
        if (typeof(T) == typeof(uint)) return NumericType.UInt32;
        if (typeof(T) == typeof(int)) return NumericType.Int32;
        if (typeof(T) == typeof(ulong)) return NumericType.UInt64;
        if (typeof(T) == typeof(long)) return NumericType.Int64;
        if (typeof(T) == typeof(Half)) return NumericType.Float16;
        if (typeof(T) == typeof(float)) return NumericType.Float32;
        if (typeof(T) == typeof(double)) return NumericType.Float64;
        throw new ArgumentException($"{typeof(T).Name} is not an element type of a numeric array; use a number of 8 to 64 bits or bool.");
    }
}
