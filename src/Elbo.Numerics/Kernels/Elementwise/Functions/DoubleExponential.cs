using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// e^x and its relatives in double precision: x = n·ln 2 + r with |r| ≤ ln 2 / 2, a minimax polynomial in r, and a scaling
/// by 2^n that rounds once, so subnormal results are right too.
/// </summary>
internal static class DoubleExponential<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    private const double Log2E = 1.44269504088896340736;

    // ln 2 split so that n times the first part is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        TVector r = Reduce(x, out TVector n);
        return TLanes.Scale(OfReduced(r), n);
    }

    /// <summary>e^−|x|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOfNegatedMagnitude(TVector x)
    {
        TVector negated = TLanes.Or(x, TLanes.Create(-0d));
        TVector r = ReduceBounded(TLanes.MaxNative(TLanes.Create(-746d), negated), out TVector n);
        return TLanes.Scale(OfReduced(r), n);
    }

    /// <summary><c>factor · e^(x + low)</c> for |low| ≪ 1, without losing the bits of a subnormal power before the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ScaledExp(TVector x, TVector low, TVector factor)
    {
        TVector r = Reduce(x, out TVector n);
        return TLanes.Scale(TLanes.Multiply(OfReduced(TLanes.Add(r, low)), factor), n);
    }

    /// <summary>e^x − 1 = 2^n·((1 − 2^−n) + (e^r − 1)), exact where x is small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Expm1(TVector x)
    {
        TVector clamped = TLanes.MinNative(TLanes.Create(710d), TLanes.MaxNative(TLanes.Create(-50d), x));
        TVector p = Expm1Reduced(clamped, out TVector n);
        TVector offset = TLanes.Subtract(TLanes.Create(1d), TLanes.Scale(TLanes.Create(1d), TLanes.Negate(n)));
        TVector result = TLanes.Scale(TLanes.Add(offset, p), n);
        return TLanes.Select(TLanes.Equal(x, TLanes.Create(0d)), x, result);
    }

    /// <summary>e^x − 1 for x in [0, 60], where 2^n·(e^r − 1) + (2^n − 1) needs no care.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Expm1OfModerate(TVector x)
    {
        TVector p = Expm1Reduced(x, out TVector n);
        TVector power = TLanes.Scale(TLanes.Create(1d), n);
        return TLanes.MultiplyAdd(power, p, TLanes.Subtract(power, TLanes.Create(1d)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Expm1Reduced(TVector x, out TVector n)
    {
        n = TLanes.Round(TLanes.Multiply(x, TLanes.Create(Log2E)));
        TVector r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2High), x);
        r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2Low), r);
        // The same function weighted by r, for accuracy relative to e^r - 1: 2.6e-19.
        TVector q = Polynomial<TLanes, TVector, double>.Evaluate(
            r, 0.5, 0.16666666666666676574, 0.041666666666666701449, 0.0083333333333216362144, 0.0013888888888866802318, 0.00019841269886106366986,
            0.000024801587360614006093, 2.7557244235346138754e-6, 2.7557242719907707846e-7, 2.5109025884149357939e-8, 2.0924452985444036622e-9);
        return TLanes.MultiplyAdd(TLanes.Multiply(r, r), q, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce(TVector x, out TVector n)
    {
        // Beyond these the result is 0 or infinite anyway, and within them 2^n stays in Scale's range.
        return ReduceBounded(TLanes.MinNative(TLanes.Create(710d), TLanes.MaxNative(TLanes.Create(-746d), x)), out n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ReduceBounded(TVector x, out TVector n)
    {
        n = TLanes.Round(TLanes.Multiply(x, TLanes.Create(Log2E)));
        TVector r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2High), x);
        return TLanes.MultiplyAdd(n, TLanes.Create(-Ln2Low), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfReduced(TVector r)
    {
        // Minimax of (e^r - 1 - r)/r² weighted by r²/e^r: 3.6e-18.
        TVector q = Polynomial<TLanes, TVector, double>.Evaluate(
            r, 0.50000000000000106134, 0.1666666666666641217, 0.041666666666530217627, 0.0083333333334944247364, 0.0013888888943617609735,
            0.00019841269507057019076, 0.00002480149311251374493, 2.7557585700242402503e-6, 2.763024282406176347e-7, 2.5000328033177268128e-8);
        return TLanes.Add(TLanes.MultiplyAdd(TLanes.Multiply(r, r), q, r), TLanes.Create(1d));
    }
}
