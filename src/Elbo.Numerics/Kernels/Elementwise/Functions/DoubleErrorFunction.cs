using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// The error function and its kin in double precision: erfc y = e^(−y²)·erfcx(y) with a rational erfcx, and y² carried in two parts,
/// so that the tails are accurate in relative terms down to their subnormal end.
/// </summary>
internal static class DoubleErrorFunction<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    /// <summary>erf x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Erf(TVector x)
    {
        TVector magnitude = TLanes.Abs(x);
        TVector square = TLanes.Multiply(x, x);
        // Minimax of erf(x)/x in x² on [0, 0.5], less 1, relative: 2.2e-20.
        TVector small = Polynomial<TLanes, TVector, double>.Evaluate(
            square, 0.1283791670955125739, -0.37612638903183750473, 0.11283791670954864122, -0.026866170644997688329, 0.005223977621975329789,
            -0.00085483265059332209272, 0.00012055285877621206092, -0.000014922990562517980912, 1.6370961712251029728e-6, -1.4618492813587624707e-7);
        TVector sign = TLanes.And(x, TLanes.Create(-0d));
        TVector large = TLanes.Or(TLanes.Subtract(TLanes.Create(1d), Complement(magnitude)), sign);
        return TLanes.Select(TLanes.LessThan(magnitude, TLanes.Create(0.5)), TLanes.MultiplyAdd(x, small, x), large);
    }

    /// <summary>erfc x = 1 − erf x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Erfc(TVector x)
    {
        TVector tail = Complement(TLanes.Abs(x));
        return TLanes.Select(TLanes.LessThan(x, TLanes.Create(0d)), TLanes.Subtract(TLanes.Create(2d), tail), tail);
    }

    /// <summary>x·Φ(x) = max(x, 0) − |x|·Φ(−|x|), which is −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Gelu(TVector x)
    {
        // Φ(-y) = erfc(y/√2)/2 vanishes before the clamp.
        TVector y = TLanes.MinNative(TLanes.Create(39d), TLanes.Abs(x));
        TVector half = TLanes.Multiply(y, TLanes.Create(-0.5));
        TVector exponent = TLanes.Multiply(half, y);
        TVector low = TLanes.FusedMultiplyAdd(half, y, TLanes.Negate(exponent));
        TVector scaled = ScaledComplement(TLanes.Multiply(y, TLanes.Create(0.70710678118654752440)));
        TVector tail = DoubleExponential<TLanes, TVector>.ScaledExp(exponent, low, TLanes.Multiply(scaled, TLanes.Multiply(y, TLanes.Create(0.5))));
        return TLanes.Subtract(TLanes.MaxNative(TLanes.Create(-0d), x), tail);
    }

    /// <summary>erfc y for y ≥ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Complement(TVector y)
    {
        y = TLanes.MinNative(TLanes.Create(27.5), y);
        TVector negated = TLanes.Negate(y);
        TVector exponent = TLanes.Multiply(negated, y);
        TVector low = TLanes.FusedMultiplyAdd(negated, y, TLanes.Negate(exponent));
        return DoubleExponential<TLanes, TVector>.ScaledExp(exponent, low, ScaledComplement(y));
    }

    /// <summary>erfcx y = e^(y²)·erfc y for 0 ≤ y ≤ 27.5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ScaledComplement(TVector y)
    {
        // Near-minimax [10/11], relative: 9.5e-19; no coefficient is negative, so nothing cancels.
        TVector p = Polynomial<TLanes, TVector, double>.Evaluate(
            y, 1.000000000000000001, 2.3416213494193275088, 2.7182133315551314597, 2.0212106082317880639, 1.0562088035831658682, 0.40345964404723022289,
            0.11394052984262318014, 0.023519884400901839104, 0.0034092801431211222716, 0.00031558405775680762569, 0.000014341837756521738258);
        TVector q = Polynomial<TLanes, TVector, double>.Evaluate(
            y, 1.0, 3.4700005165148403846, 5.6336896242011296063, 5.6604008756116508171, 3.9199151332585703594, 1.9700688651322463069,
            0.73567787787550640766, 0.2049630165275277382, 0.041967588771747022451, 0.0060555018411989077923, 0.00055935817845640553332,
            0.000025420245560603214254);
        return TLanes.Divide(p, q);
    }
}
