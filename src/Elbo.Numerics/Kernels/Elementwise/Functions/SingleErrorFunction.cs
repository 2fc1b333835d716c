using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// The error function and its kin in single precision: erfc y = e^(−y²)·erfcx(y) with a rational erfcx, and y² carried in two parts,
/// so that the tails are accurate in relative terms down to their subnormal end.
/// </summary>
internal static class SingleErrorFunction<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, float>
    where TVector : unmanaged
{
    /// <summary>erf x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Erf(TVector x)
    {
        TVector magnitude = TLanes.Abs(x);
        TVector square = TLanes.Multiply(x, x);
        // Minimax of erf(x)/x in x² on [0, 0.5], less 1, relative: 1.4e-9.
        TVector small = Polynomial<TLanes, TVector, float>.Evaluate(
            square, 0.128379166f, -0.3761260857f, 0.1128282262f, -0.02675717085f, 0.00471796354f);
        TVector sign = TLanes.And(x, TLanes.Create(-0f));
        TVector large = TLanes.Or(TLanes.Subtract(TLanes.Create(1f), Complement(magnitude)), sign);
        return TLanes.Select(TLanes.LessThan(magnitude, TLanes.Create(0.5f)), TLanes.MultiplyAdd(x, small, x), large);
    }

    /// <summary>erfc x = 1 − erf x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Erfc(TVector x)
    {
        TVector tail = Complement(TLanes.Abs(x));
        return TLanes.Select(TLanes.LessThan(x, TLanes.Create(0f)), TLanes.Subtract(TLanes.Create(2f), tail), tail);
    }

    /// <summary>x·Φ(x) = max(x, 0) − |x|·Φ(−|x|), which is −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Gelu(TVector x)
    {
        // Φ(-y) = erfc(y/√2)/2 vanishes before the clamp.
        TVector y = TLanes.MinNative(TLanes.Create(15f), TLanes.Abs(x));
        TVector half = TLanes.Multiply(y, TLanes.Create(-0.5f));
        TVector exponent = TLanes.Multiply(half, y);
        TVector low = TLanes.FusedMultiplyAdd(half, y, TLanes.Negate(exponent));
        TVector scaled = ScaledComplement(TLanes.Multiply(y, TLanes.Create(0.707106781f)));
        TVector tail = SingleExponential<TLanes, TVector>.ScaledExp(exponent, low, TLanes.Multiply(scaled, TLanes.Multiply(y, TLanes.Create(0.5f))));
        return TLanes.Subtract(TLanes.MaxNative(TLanes.Create(-0f), x), tail);
    }

    /// <summary>erfc y for y ≥ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Complement(TVector y)
    {
        y = TLanes.MinNative(TLanes.Create(10.5f), y);
        TVector negated = TLanes.Negate(y);
        TVector exponent = TLanes.Multiply(negated, y);
        TVector low = TLanes.FusedMultiplyAdd(negated, y, TLanes.Negate(exponent));
        return SingleExponential<TLanes, TVector>.ScaledExp(exponent, low, ScaledComplement(y));
    }

    /// <summary>erfcx y = e^(y²)·erfc y for 0 ≤ y ≤ 10.5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ScaledComplement(TVector y)
    {
        // Near-minimax [4/5], relative: 6.4e-9; no coefficient is negative, so nothing cancels.
        TVector p = Polynomial<TLanes, TVector, float>.Evaluate(
            y, 1.000000006f, 1.241639308f, 0.7349832723f, 0.2308280884f, 0.0331336109f);
        TVector q = Polynomial<TLanes, TVector, float>.Evaluate(
            y, 1f, 2.370019088f, 2.409253563f, 1.331675654f, 0.4091569633f, 0.05872715214f);
        return TLanes.Divide(p, q);
    }
}
