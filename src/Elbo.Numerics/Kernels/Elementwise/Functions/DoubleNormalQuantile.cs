using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// The inverse of the normal distribution function in double precision, with the three ranges of Wichura's AS 241 ("The
/// percentage points of the normal distribution", 1988) and rational fits of our own.
/// </summary>
internal static class DoubleNormalQuantile<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    /// <summary>Φ⁻¹(p): −∞ at 0, ∞ at 1, NaN outside [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector NormalQuantile(TVector p)
    {
        TVector upper = TLanes.Subtract(TLanes.Create(1d), p);
        return OfParts(TLanes.Subtract(p, TLanes.Create(0.5)), TLanes.MinNative(upper, p));
    }

    /// <summary>Φ⁻¹(½ + q), given the distance of ½ + q to the nearer of 0 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfParts(TVector q, TVector tail)
    {
        TVector r = TLanes.Sqrt(TLanes.Negate(DoubleLogarithm<TLanes, TVector>.Log(tail)));
        TVector infinity = TLanes.Create(double.PositiveInfinity);
        TVector distance = TLanes.Select(TLanes.LessThan(r, TLanes.Create(5d)), Tail(r), FarTail(r));
        distance = TLanes.Select(TLanes.Equal(r, infinity), infinity, distance);
        TVector outer = TLanes.Or(distance, TLanes.And(q, TLanes.Create(-0d)));
        return TLanes.Select(TLanes.LessThanOrEqual(TLanes.Abs(q), TLanes.Create(0.425)), Centre(q), outer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Centre(TVector q)
    {
        TVector t = TLanes.Subtract(TLanes.Create(0.180625), TLanes.Multiply(q, q));
        // Near-minimax [7/7] of the quantile over q on [0, 0.425], relative: 7.51e-17.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            t, 3.3871328727963666096, 133.1449807163156423, 1971.6986175936728574, 13732.932639353203553, 45928.049720556294109,
            67278.075591000034237, 33438.628116068833724, 2509.8483233699249434);
        TVector d = Polynomial<TLanes, TVector, double>.Evaluate(
            t, 1.0, 42.314308763181511868, 687.22173396466483173, 5394.644568192560843, 21216.379717516124808, 39314.475619117131286,
            28735.402500755130295, 5227.9513545359791105);
        return TLanes.Multiply(q, TLanes.Divide(p, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Tail(TVector r)
    {
        TVector t = TLanes.Subtract(r, TLanes.Create(1.6));
        // Near-minimax [7/7] of −Φ⁻¹(e^−r²) on [1.58, 5], relative: 1.97e-17.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            t, 1.4234371107496835268, 4.6233135103346026484, 5.747963925448504691, 3.623919129979125903, 1.2581766431754246379,
            0.23877877694398620839, 0.022406475684920117419, 0.00076405567459104568641);
        TVector d = Polynomial<TLanes, TVector, double>.Evaluate(
            t, 1.0, 2.04825685588540001, 1.6671775756949530714, 0.68357610761256624653, 0.14630124067124428617, 0.014986048671969626442,
            0.00054017726060853775687, 1.0506674052669984258e-9);
        return TLanes.Divide(p, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector FarTail(TVector r)
    {
        TVector t = TLanes.Subtract(r, TLanes.Create(5d));
        // Near-minimax [7/7] of −Φ⁻¹(e^−r²) on [5, 27.4], relative: 3.44e-17.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            t, 6.6579046435011038145, 5.4617255169131439983, 1.7832807696441091031, 0.29611153886874652863, 0.026468617105022958289,
            0.0012381501775756345708, 0.000026969382057594536339, 1.9944396736885827611e-7);
        TVector d = Polynomial<TLanes, TVector, double>.Evaluate(
            t, 1.0, 0.59952289088357974889, 0.13676601150342124576, 0.014843698734453467838, 0.00078416460060730314941,
            0.000018365438375367698011, 1.4102726423176243071e-7, 1.9990468767855926086e-15);
        return TLanes.Divide(p, d);
    }
}
