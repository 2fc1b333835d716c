using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// Sine and cosine in double precision: x = q·π/2 + r with |r| ≤ π/4 by a three-part π/2, then a polynomial each for sine
/// and cosine. Arguments beyond 2^30 take a scalar path.
/// </summary>
internal static unsafe class DoubleTrigonometric<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    private const double Limit = 1073741824d;

    // Adding it leaves the integer part of a small number in the low bits of the mantissa.
    private const double IntegerMagic = 6755399441055744d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sin(TVector x)
    {
        TVector q = Reduce(x, out TVector r);
        TVector result = OfQuadrant(TLanes.Add(q, TLanes.Create(IntegerMagic)), r);
        result = TLanes.Select(TLanes.Equal(x, TLanes.Create(0d)), x, result);
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
        TVector isOdd = TLanes.ShiftRightArithmetic(TLanes.ShiftLeft(bits, 63), 63);
        sine = TLanes.Xor(TLanes.Select(isOdd, c, s), Sign(bits));
        cosine = TLanes.Xor(TLanes.Select(isOdd, s, c), Sign(next));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce(TVector x, out TVector r)
    {
        TVector q = TLanes.Round(TLanes.Multiply(x, TLanes.Create(0.63661977236758134308)));
        // π/2 in three parts of 53 bits; each step is exact but for the last rounding only if it is fused.
        r = TLanes.FusedMultiplyAdd(q, TLanes.Create(-1.5707963267948966), x);
        r = TLanes.FusedMultiplyAdd(q, TLanes.Create(-6.123233995736766e-17), r);
        r = TLanes.FusedMultiplyAdd(q, TLanes.Create(1.4973849048591698e-33), r);
        return q;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfQuadrant(TVector bits, TVector r)
    {
        TVector isOdd = TLanes.ShiftRightArithmetic(TLanes.ShiftLeft(bits, 63), 63);
        return TLanes.Xor(TLanes.Select(isOdd, CosReduced(r), SinReduced(r)), Sign(bits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sign(TVector bits) => TLanes.And(TLanes.ShiftLeft(bits, 62), TLanes.Create(-0d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SinReduced(TVector r)
    {
        TVector square = TLanes.Multiply(r, r);
        // Minimax of (sin r - r)/r³ in r²: 3.5e-18.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            square, -0.16666666666666632497, 0.0083333333333225018019, -0.00019841269829865412674, 2.7557313708992886639e-6, -2.5050760467581270557e-8, 1.5896918091814603566e-10);
        return TLanes.MultiplyAdd(TLanes.Multiply(square, r), p, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector CosReduced(TVector r)
    {
        TVector square = TLanes.Multiply(r, r);
        // Minimax of (cos r - 1 + r²/2)/r⁴ in r²: 4.8e-20.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            square, 0.041666666666666602706, -0.0013888888888874593754, 0.000024801587289737307116, -2.7557314417955736054e-7, 2.087573135298168126e-9, -1.1360031671911737596e-11);
        p = TLanes.MultiplyAdd(square, p, TLanes.Create(-0.5));
        return TLanes.MultiplyAdd(square, p, TLanes.Create(1d));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector SinScalar(TVector x)
    {
        double* buffer = stackalloc double[TLanes.Count];
        TLanes.Store(x, buffer);
        for (int i = 0; i < TLanes.Count; i++)
            buffer[i] = Math.Sin(buffer[i]);
        return TLanes.Load(buffer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector CosScalar(TVector x)
    {
        double* buffer = stackalloc double[TLanes.Count];
        TLanes.Store(x, buffer);
        for (int i = 0; i < TLanes.Count; i++)
            buffer[i] = Math.Cos(buffer[i]);
        return TLanes.Load(buffer);
    }
}
