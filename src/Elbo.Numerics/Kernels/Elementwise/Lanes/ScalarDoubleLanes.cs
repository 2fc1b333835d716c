using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>A single double: the path of machines without vector hardware, bit for bit the same as the wide ones.</summary>
internal readonly unsafe struct ScalarDoubleLanes : IElementLanes<double, double>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Load(double* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double value, double* destination) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Create(double value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double LoadFirst(double* source, int count, double padding) => count > 0 ? *source : padding;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(double value, double* destination, int count)
    {
        if (count > 0)
            *destination = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Fold<TReduction>(double value)
        where TReduction : struct, IReductionOperator<double> => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Add(double a, double b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Subtract(double a, double b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Multiply(double a, double b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Divide(double a, double b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Negate(double a) => -a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Abs(double a) => Math.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sqrt(double a) => Math.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MultiplyAdd(double a, double b, double c) => double.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double FusedMultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Max(double a, double b) => Math.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Min(double a, double b) => Math.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MaxNative(double a, double b) => a > b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MinNative(double a, double b) => a < b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Floor(double a) => Math.Floor(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Round(double a) => Math.Round(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double LessThan(double a, double b) => Mask(a < b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double LessThanOrEqual(double a, double b) => Mask(a <= b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Equal(double a, double b) => Mask(a == b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Select(double mask, double a, double b) => Value((Bits(mask) & Bits(a)) | (~Bits(mask) & Bits(b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double And(double a, double b) => Value(Bits(a) & Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Or(double a, double b) => Value(Bits(a) | Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Xor(double a, double b) => Value(Bits(a) ^ Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double AndNot(double a, double b) => Value(Bits(a) & ~Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double AddBits(double a, double b) => Value(Bits(a) + Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SubtractBits(double a, double b) => Value(Bits(a) - Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ShiftLeft(double a, int count) => Value(Bits(a) << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ShiftRight(double a, int count) => Value(Bits(a) >>> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ShiftRightArithmetic(double a, int count) => Value(Bits(a) >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ConvertBits(double a) => Bits(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Scale(double a, double n)
    {
        double first = Floor(n * 0.5);
        return a * PowerOfTwo(first) * PowerOfTwo(n - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(double mask) => Bits(mask) != 0;

    /// <summary>2^n for integer-valued n of the normal range: the sum's low mantissa bits are the biased exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double PowerOfTwo(double n) => ShiftLeft(n + (6755399441055744d + 1023d), 52);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Value(long bits) => BitConverter.Int64BitsToDouble(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Mask(bool value) => Value(value ? -1 : 0);
}
