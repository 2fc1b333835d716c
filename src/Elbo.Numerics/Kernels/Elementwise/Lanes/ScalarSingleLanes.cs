using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>A single float: the path of machines without vector hardware, bit for bit the same as the wide ones.</summary>
internal readonly unsafe struct ScalarSingleLanes : IElementLanes<float, float>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(float* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float value, float* destination) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Create(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadFirst(float* source, int count, float padding) => count > 0 ? *source : padding;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float value, float* destination, int count)
    {
        if (count > 0)
            *destination = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fold<TReduction>(float value)
        where TReduction : struct, IReductionOperator<float> => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float a, float b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float a, float b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Divide(float a, float b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Negate(float a) => -a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Abs(float a) => MathF.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sqrt(float a) => MathF.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => float.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FusedMultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float a, float b) => MathF.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(float a, float b) => MathF.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxNative(float a, float b) => a > b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinNative(float a, float b) => a < b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Floor(float a) => MathF.Floor(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Round(float a) => MathF.Round(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LessThan(float a, float b) => Mask(a < b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LessThanOrEqual(float a, float b) => Mask(a <= b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Equal(float a, float b) => Mask(a == b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Select(float mask, float a, float b) => Value((Bits(mask) & Bits(a)) | (~Bits(mask) & Bits(b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float And(float a, float b) => Value(Bits(a) & Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Or(float a, float b) => Value(Bits(a) | Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Xor(float a, float b) => Value(Bits(a) ^ Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float AndNot(float a, float b) => Value(Bits(a) & ~Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float AddBits(float a, float b) => Value(Bits(a) + Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SubtractBits(float a, float b) => Value(Bits(a) - Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ShiftLeft(float a, int count) => Value(Bits(a) << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ShiftRight(float a, int count) => Value(Bits(a) >>> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ShiftRightArithmetic(float a, int count) => Value(Bits(a) >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ConvertBits(float a) => Bits(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(float a, float n)
    {
        float first = Floor(n * 0.5f);
        return a * PowerOfTwo(first) * PowerOfTwo(n - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(float mask) => Bits(mask) != 0;

    /// <summary>2^n for integer-valued n of the normal range: the sum's low mantissa bits are the biased exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float PowerOfTwo(float n) => ShiftLeft(n + (12582912f + 127f), 23);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Value(int bits) => BitConverter.Int32BitsToSingle(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Mask(bool value) => Value(value ? -1 : 0);
}
