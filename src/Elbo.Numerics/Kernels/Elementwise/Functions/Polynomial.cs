using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// Polynomials by Horner's rule, coefficients from the constant term up. Written out per length so that every coefficient
/// stays a constant of the compiled loop.
/// </summary>
internal static class Polynomial<TLanes, TVector, T>
    where TLanes : struct, IElementLanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c1), x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c2), x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2, T c3)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c3), x, TLanes.Create(c2));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2, T c3, T c4)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c4), x, TLanes.Create(c3));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c2));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2, T c3, T c4, T c5)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c5), x, TLanes.Create(c4));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c3));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c2));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2, T c3, T c4, T c5, T c6)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c6), x, TLanes.Create(c5));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c4));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c3));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c2));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2, T c3, T c4, T c5, T c6, T c7)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c7), x, TLanes.Create(c6));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c5));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c4));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c3));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c2));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2, T c3, T c4, T c5, T c6, T c7, T c8)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c8), x, TLanes.Create(c7));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c6));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c5));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c4));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c3));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c2));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2, T c3, T c4, T c5, T c6, T c7, T c8, T c9)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c9), x, TLanes.Create(c8));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c7));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c6));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c5));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c4));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c3));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c2));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2, T c3, T c4, T c5, T c6, T c7, T c8, T c9, T c10)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c10), x, TLanes.Create(c9));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c8));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c7));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c6));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c5));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c4));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c3));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c2));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2, T c3, T c4, T c5, T c6, T c7, T c8, T c9, T c10, T c11)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c11), x, TLanes.Create(c10));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c9));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c8));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c7));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c6));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c5));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c4));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c3));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c2));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Evaluate(TVector x, T c0, T c1, T c2, T c3, T c4, T c5, T c6, T c7, T c8, T c9, T c10, T c11, T c12)
    {
        TVector sum = TLanes.MultiplyAdd(TLanes.Create(c12), x, TLanes.Create(c11));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c10));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c9));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c8));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c7));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c6));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c5));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c4));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c3));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c2));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c1));
        sum = TLanes.MultiplyAdd(sum, x, TLanes.Create(c0));
        return sum;
    }
}
