using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// Logarithms in double precision: x = 2^e·(1 + f) with 1 + f in [√½, √2], then with s = f/(2 + f)
/// log(1 + f) = 2·atanh(s) = f − f²/2 + s·(f²/2 + s²·P(s²)).
/// </summary>
internal static class DoubleLogarithm<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    private static TVector HalfRoot
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Create(0.70710678118654752440);
    }

    private static TVector ExponentMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Create(double.NegativeInfinity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log(TVector x)
    {
        TVector isSubnormal = TLanes.LessThan(x, TLanes.Create(2.2250738585072014e-308));
        TVector normal = TLanes.Select(isSubnormal, TLanes.Multiply(x, TLanes.Create(4503599627370496d)), x);
        TVector excess = TLanes.SubtractBits(normal, HalfRoot);
        TVector e = TLanes.ConvertBits(TLanes.ShiftRightArithmetic(excess, 52));
        e = TLanes.Subtract(e, TLanes.And(isSubnormal, TLanes.Create(52d)));
        TVector mantissa = TLanes.SubtractBits(normal, TLanes.And(excess, ExponentMask));
        return WithSpecialCases(x, Reduced(TLanes.Subtract(mantissa, TLanes.Create(1d)), e));
    }

    /// <summary>log x for normal x in (0, 1], without the checks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogOfUnit(TVector x)
    {
        TVector excess = TLanes.SubtractBits(x, HalfRoot);
        TVector e = TLanes.ConvertBits(TLanes.ShiftRightArithmetic(excess, 52));
        TVector mantissa = TLanes.SubtractBits(x, TLanes.And(excess, ExponentMask));
        return Reduced(TLanes.Subtract(mantissa, TLanes.Create(1d)), e);
    }

    /// <summary>log(1 + x): the rounding error of 1 + x is carried into the reduced argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log1p(TVector x)
    {
        TVector one = TLanes.Create(1d);
        TVector u = TLanes.Add(one, x);
        TVector back = TLanes.Subtract(u, one);
        TVector error = TLanes.Add(TLanes.Subtract(one, TLanes.Subtract(u, back)), TLanes.Subtract(x, back));
        TVector excess = TLanes.SubtractBits(u, HalfRoot);
        TVector exponent = TLanes.And(excess, ExponentMask);
        TVector e = TLanes.ConvertBits(TLanes.ShiftRightArithmetic(excess, 52));
        TVector mantissa = TLanes.SubtractBits(u, exponent);
        // 2^-e; where the error no longer reaches u's last place, 0 instead, before the power leaves the normal range.
        TVector scale = TLanes.And(TLanes.LessThan(u, TLanes.Create(1152921504606846976d)), TLanes.SubtractBits(one, exponent));
        TVector f = TLanes.MultiplyAdd(error, scale, TLanes.Subtract(mantissa, one));
        return TLanes.Select(TLanes.Equal(x, TLanes.Create(0d)), x, WithSpecialCases(u, Reduced(f, e)));
    }

    /// <summary>log(1 + y) for y in [0, 1] as 2·atanh(y / (2 + y)), written so that a subnormal y keeps its bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log1pOfUnit(TVector y)
    {
        TVector w = TLanes.Divide(y, TLanes.MultiplyAdd(y, TLanes.Create(0.5), TLanes.Create(1d)));
        TVector square = TLanes.Multiply(w, w);
        // Minimax of (2 atanh s - 2s)/s³ in s² for s = w/2, 2.0e-21; the powers of two go into the coefficients.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            square, 0.66666666666666666316 / 8, 0.40000000000000217583 / 32, 0.28571428571381983971 / 128, 0.22222222227200842885 / 512,
            0.18181817871091883083 / 2048, 0.15384627691874315876 / 8192, 0.13333009483259480113 / 32768, 0.11770491472768229914 / 131072,
            0.10456031631200566257 / 524288, 0.10092261297233381456 / 2097152, 0.058041602716681464198 / 8388608, 0.16046419052159825326 / 33554432);
        return TLanes.MultiplyAdd(TLanes.Multiply(square, w), p, w);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduced(TVector f, TVector e)
    {
        TVector s = TLanes.Divide(f, TLanes.Add(f, TLanes.Create(2d)));
        TVector square = TLanes.Multiply(s, s);
        // Minimax of (2 atanh s - 2s)/s³ in s²: 2.5e-18.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            square, 0.66666666666667331054, 0.39999999999421621161, 0.28571428741068535111, 0.2222219869287510965,
            0.1818355870284074007, 0.15314182656758632669, 0.14794721744781324832);
        TVector half = TLanes.Multiply(TLanes.Multiply(f, f), TLanes.Create(0.5));
        TVector y = TLanes.MultiplyAdd(s, TLanes.MultiplyAdd(square, p, half), TLanes.Multiply(e, TLanes.Create(Ln2Low)));
        return TLanes.MultiplyAdd(e, TLanes.Create(Ln2High), TLanes.Add(f, TLanes.Subtract(y, half)));
    }

    /// <summary>log 0 = −∞, log ∞ = ∞, and NaN for a negative or NaN argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector WithSpecialCases(TVector x, TVector result)
    {
        TVector zero = TLanes.Create(0d);
        TVector infinity = TLanes.Create(double.PositiveInfinity);
        TVector special = TLanes.Select(TLanes.LessThan(x, zero), TLanes.Create(double.NaN), x);
        special = TLanes.Select(TLanes.Equal(x, zero), TLanes.Create(double.NegativeInfinity), special);
        TVector isOrdinary = TLanes.And(TLanes.LessThan(zero, x), TLanes.LessThan(x, infinity));
        return TLanes.Select(isOrdinary, result, special);
    }
}
