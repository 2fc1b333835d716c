using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// e^x and its relatives in single precision: x = n·ln 2 + r with |r| ≤ ln 2 / 2, a minimax polynomial in r, and a scaling
/// by 2^n that rounds once, so subnormal results are right too.
/// </summary>
internal static class SingleExponential<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, float>
    where TVector : unmanaged
{
    private const float Log2E = 1.44269504f;

    // ln 2 split so that n times the first part is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

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
        TVector negated = TLanes.Or(x, TLanes.Create(-0f));
        TVector r = ReduceBounded(TLanes.MaxNative(TLanes.Create(-104f), negated), out TVector n);
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
        TVector clamped = TLanes.MinNative(TLanes.Create(89f), TLanes.MaxNative(TLanes.Create(-20f), x));
        TVector p = Expm1Reduced(clamped, out TVector n);
        TVector offset = TLanes.Subtract(TLanes.Create(1f), TLanes.Scale(TLanes.Create(1f), TLanes.Negate(n)));
        TVector result = TLanes.Scale(TLanes.Add(offset, p), n);
        return TLanes.Select(TLanes.Equal(x, TLanes.Create(0f)), x, result);
    }

    /// <summary>e^x − 1 for x in [0, 40], where 2^n·(e^r − 1) + (2^n − 1) needs no care.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Expm1OfModerate(TVector x)
    {
        TVector p = Expm1Reduced(x, out TVector n);
        TVector power = TLanes.Scale(TLanes.Create(1f), n);
        return TLanes.MultiplyAdd(power, p, TLanes.Subtract(power, TLanes.Create(1f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Expm1Reduced(TVector x, out TVector n)
    {
        n = TLanes.Round(TLanes.Multiply(x, TLanes.Create(Log2E)));
        TVector r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2High), x);
        r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2Low), r);
        // The same function weighted by r, for accuracy relative to e^r - 1: 2.4e-10.
        TVector q = Polynomial<TLanes, TVector, float>.Evaluate(r, 0.5f, 0.1666666682f, 0.04166635501f, 0.008333272906f, 0.001394098487f, 0.0001991424297f);
        return TLanes.MultiplyAdd(TLanes.Multiply(r, r), q, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce(TVector x, out TVector n)
    {
        // Beyond these the result is 0 or infinite anyway, and within them 2^n stays in Scale's range.
        return ReduceBounded(TLanes.MinNative(TLanes.Create(89f), TLanes.MaxNative(TLanes.Create(-104f), x)), out n);
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
        // Minimax of (e^r - 1 - r)/r² weighted by r²/e^r: 3.1e-9.
        TVector q = Polynomial<TLanes, TVector, float>.Evaluate(r, 0.4999999346f, 0.1666652069f, 0.04166838635f, 0.008368709942f, 0.001381466622f);
        return TLanes.Add(TLanes.MultiplyAdd(TLanes.Multiply(r, r), q, r), TLanes.Create(1f));
    }
}
