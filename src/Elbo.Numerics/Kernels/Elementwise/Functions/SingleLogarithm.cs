using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// Logarithms in single precision: x = 2^e·(1 + f) with f in [−1/3, 1/3], then f − f²/2 + f³·P(f) + e·ln 2.
/// </summary>
internal static class SingleLogarithm<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, float>
    where TVector : unmanaged
{
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    private static TVector TwoThirds
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Create(2f / 3f);
    }

    private static TVector ExponentMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Create(float.NegativeInfinity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log(TVector x)
    {
        TVector isSubnormal = TLanes.LessThan(x, TLanes.Create(1.17549435e-38f));
        TVector normal = TLanes.Select(isSubnormal, TLanes.Multiply(x, TLanes.Create(8388608f)), x);
        TVector excess = TLanes.SubtractBits(normal, TwoThirds);
        TVector e = TLanes.ConvertBits(TLanes.ShiftRightArithmetic(excess, 23));
        e = TLanes.Subtract(e, TLanes.And(isSubnormal, TLanes.Create(23f)));
        TVector mantissa = TLanes.SubtractBits(normal, TLanes.And(excess, ExponentMask));
        return WithSpecialCases(x, Reduced(TLanes.Subtract(mantissa, TLanes.Create(1f)), e));
    }

    /// <summary>log x for normal x in (0, 1], without the checks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogOfUnit(TVector x)
    {
        TVector excess = TLanes.SubtractBits(x, TwoThirds);
        TVector e = TLanes.ConvertBits(TLanes.ShiftRightArithmetic(excess, 23));
        TVector mantissa = TLanes.SubtractBits(x, TLanes.And(excess, ExponentMask));
        return Reduced(TLanes.Subtract(mantissa, TLanes.Create(1f)), e);
    }

    /// <summary>log(1 + x): the rounding error of 1 + x is carried into the reduced argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log1p(TVector x)
    {
        TVector one = TLanes.Create(1f);
        TVector u = TLanes.Add(one, x);
        TVector back = TLanes.Subtract(u, one);
        TVector error = TLanes.Add(TLanes.Subtract(one, TLanes.Subtract(u, back)), TLanes.Subtract(x, back));
        TVector excess = TLanes.SubtractBits(u, TwoThirds);
        TVector exponent = TLanes.And(excess, ExponentMask);
        TVector e = TLanes.ConvertBits(TLanes.ShiftRightArithmetic(excess, 23));
        TVector mantissa = TLanes.SubtractBits(u, exponent);
        // 2^-e; where the error no longer reaches u's last place, 0 instead, before the power leaves the normal range.
        TVector scale = TLanes.And(TLanes.LessThan(u, TLanes.Create(1073741824f)), TLanes.SubtractBits(one, exponent));
        TVector f = TLanes.MultiplyAdd(error, scale, TLanes.Subtract(mantissa, one));
        return TLanes.Select(TLanes.Equal(x, TLanes.Create(0f)), x, WithSpecialCases(u, Reduced(f, e)));
    }

    /// <summary>log(1 + y) for y in [0, 1] as 2·atanh(y / (2 + y)), written so that a subnormal y keeps its bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log1pOfUnit(TVector y)
    {
        TVector w = TLanes.Divide(y, TLanes.MultiplyAdd(y, TLanes.Create(0.5f), TLanes.Create(1f)));
        TVector square = TLanes.Multiply(w, w);
        // Minimax of (2 atanh s - 2s)/s³ in s² for s = w/2, 2.3e-10; the powers of two go into the coefficients.
        TVector p = Polynomial<TLanes, TVector, float>.Evaluate(
            square, 0.6666667553f / 8, 0.3999888452f / 32, 0.2861672536f / 128, 0.214291783f / 512, 0.2429582945f / 2048);
        return TLanes.MultiplyAdd(TLanes.Multiply(square, w), p, w);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduced(TVector f, TVector e)
    {
        // Minimax of (log(1+f) - f + f²/2)/f³ weighted by f²: 8.9e-10.
        TVector p = Polynomial<TLanes, TVector, float>.Evaluate(
            f, 0.3333333866f, -0.2499981976f, 0.1999931069f, -0.1667959958f, 0.1431273717f, -0.121955f, 0.1066227642f, -0.1284621706f, 0.1235505983f);
        TVector square = TLanes.Multiply(f, f);
        TVector y = TLanes.MultiplyAdd(TLanes.Multiply(square, f), p, TLanes.Multiply(e, TLanes.Create(Ln2Low)));
        y = TLanes.MultiplyAdd(square, TLanes.Create(-0.5f), y);
        return TLanes.MultiplyAdd(e, TLanes.Create(Ln2High), TLanes.Add(f, y));
    }

    /// <summary>log 0 = −∞, log ∞ = ∞, and NaN for a negative or NaN argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector WithSpecialCases(TVector x, TVector result)
    {
        TVector zero = TLanes.Create(0f);
        TVector infinity = TLanes.Create(float.PositiveInfinity);
        TVector special = TLanes.Select(TLanes.LessThan(x, zero), TLanes.Create(float.NaN), x);
        special = TLanes.Select(TLanes.Equal(x, zero), TLanes.Create(float.NegativeInfinity), special);
        TVector isOrdinary = TLanes.And(TLanes.LessThan(zero, x), TLanes.LessThan(x, infinity));
        return TLanes.Select(isOrdinary, result, special);
    }
}
