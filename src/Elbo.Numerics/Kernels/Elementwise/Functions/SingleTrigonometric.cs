using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// Sine and cosine in single precision: x = q·π/2 + r with |r| ≤ π/4 by a three-part π/2, then a polynomial each for sine
/// and cosine. Arguments beyond 2^17 take a scalar path in double precision.
/// </summary>
internal static unsafe class SingleTrigonometric<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, float>
    where TVector : unmanaged
{
    private const float Limit = 131072f;

    // Adding it leaves the integer part of a small number in the low bits of the mantissa.
    private const float IntegerMagic = 12582912f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sin(TVector x)
    {
        TVector q = Reduce(x, out TVector r);
        TVector result = OfQuadrant(TLanes.Add(q, TLanes.Create(IntegerMagic)), r);
        result = TLanes.Select(TLanes.Equal(x, TLanes.Create(0f)), x, result);
        TVector isLarge = TLanes.LessThan(TLanes.Create(Limit), TLanes.Abs(x));
        return TLanes.Any(isLarge) ? TLanes.Select(isLarge, SinScalar(x), result) : result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Cos(TVector x)
    {
        TVector q = Reduce(x, out TVector r);
        TVector result = OfQuadrant(TLanes.Add(q, TLanes.Create(IntegerMagic + 1)), r);
        TVector isLarge = TLanes.LessThan(TLanes.Create(Limit), TLanes.Abs(x));
        return TLanes.Any(isLarge) ? TLanes.Select(isLarge, CosScalar(x), result) : result;
    }

    /// <summary>Both functions of <c>q·π/2 + r</c> for small integers <paramref name="q"/> and |r| ≤ π/4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos(TVector q, TVector r, out TVector sine, out TVector cosine)
    {
        TVector bits = TLanes.Add(q, TLanes.Create(IntegerMagic));
        TVector next = TLanes.Add(q, TLanes.Create(IntegerMagic + 1));
        TVector s = SinReduced(r);
        TVector c = CosReduced(r);
        TVector isOdd = TLanes.ShiftRightArithmetic(TLanes.ShiftLeft(bits, 31), 31);
        sine = TLanes.Xor(TLanes.Select(isOdd, c, s), Sign(bits));
        cosine = TLanes.Xor(TLanes.Select(isOdd, s, c), Sign(next));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce(TVector x, out TVector r)
    {
        TVector q = TLanes.Round(TLanes.Multiply(x, TLanes.Create(0.636619772f)));
        // π/2 in three parts of 24 bits; each step is exact but for the last rounding only if it is fused.
        r = TLanes.FusedMultiplyAdd(q, TLanes.Create(-1.57079637f), x);
        r = TLanes.FusedMultiplyAdd(q, TLanes.Create(4.37113883e-8f), r);
        r = TLanes.FusedMultiplyAdd(q, TLanes.Create(1.71512512e-15f), r);
        return q;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfQuadrant(TVector bits, TVector r)
    {
        TVector isOdd = TLanes.ShiftRightArithmetic(TLanes.ShiftLeft(bits, 31), 31);
        return TLanes.Xor(TLanes.Select(isOdd, CosReduced(r), SinReduced(r)), Sign(bits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sign(TVector bits) => TLanes.And(TLanes.ShiftLeft(bits, 30), TLanes.Create(-0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SinReduced(TVector r)
    {
        TVector square = TLanes.Multiply(r, r);
        // Minimax of (sin r - r)/r³ in r²: 3.6e-9.
        TVector p = Polynomial<TLanes, TVector, float>.Evaluate(square, -0.1666665497f, 0.008332179374f, -0.000195174178f);
        return TLanes.MultiplyAdd(TLanes.Multiply(square, r), p, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector CosReduced(TVector r)
    {
        TVector square = TLanes.Multiply(r, r);
        // Minimax of (cos r - 1 + r²/2)/r⁴ in r²: 9.6e-11.
        TVector p = Polynomial<TLanes, TVector, float>.Evaluate(square, 0.04166664695f, -0.001388737084f, 2.443876926e-5f);
        p = TLanes.MultiplyAdd(square, p, TLanes.Create(-0.5f));
        return TLanes.MultiplyAdd(square, p, TLanes.Create(1f));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector SinScalar(TVector x)
    {
        float* buffer = stackalloc float[TLanes.Count];
        TLanes.Store(x, buffer);
        for (int i = 0; i < TLanes.Count; i++)
            buffer[i] = (float)Math.Sin(buffer[i]);
        return TLanes.Load(buffer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector CosScalar(TVector x)
    {
        float* buffer = stackalloc float[TLanes.Count];
        TLanes.Store(x, buffer);
        for (int i = 0; i < TLanes.Count; i++)
            buffer[i] = (float)Math.Cos(buffer[i]);
        return TLanes.Load(buffer);
    }
}
