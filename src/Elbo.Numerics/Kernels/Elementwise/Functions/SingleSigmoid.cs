using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>The saturating functions in single precision: each accurate in relative terms down to its subnormal tail.</summary>
internal static class SingleSigmoid<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, float>
    where TVector : unmanaged
{
    /// <summary>1 / (1 + e^−x) as e^x / (1 + e^x) on the left, so neither tail cancels or overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x)
    {
        TVector one = TLanes.Create(1f);
        TVector e = SingleExponential<TLanes, TVector>.ExpOfNegatedMagnitude(x);
        TVector numerator = TLanes.Select(TLanes.LessThan(x, TLanes.Create(0f)), e, one);
        return TLanes.Divide(numerator, TLanes.Add(one, e));
    }

    /// <summary>log(1 + e^x) = max(x, 0) + log(1 + e^−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Softplus(TVector x) => TLanes.Add(TLanes.MaxNative(TLanes.Create(0f), x), Overlap(x));

    /// <summary>log(1 / (1 + e^−x)) = min(x, 0) − log(1 + e^−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogSigmoid(TVector x) => TLanes.Subtract(TLanes.MinNative(TLanes.Create(-0f), x), Overlap(x));

    /// <summary>x / (1 + e^−x), which is −0 at −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Silu(TVector x)
    {
        TVector one = TLanes.Create(1f);
        TVector e = SingleExponential<TLanes, TVector>.ExpOfNegatedMagnitude(x);
        TVector factor = TLanes.Select(TLanes.LessThan(x, TLanes.Create(0f)), e, one);
        // A finite stand-in for -∞, far below where the factor vanishes.
        TVector finite = TLanes.MaxNative(TLanes.Create(-10000f), x);
        return TLanes.Divide(TLanes.Multiply(finite, factor), TLanes.Add(one, e));
    }

    /// <summary>(e^2|x| − 1) / (e^2|x| + 1) with the sign of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        TVector sign = TLanes.And(x, TLanes.Create(-0f));
        // From here on the quotient rounds to 1.
        TVector magnitude = TLanes.MinNative(TLanes.Create(10f), TLanes.Abs(x));
        TVector t = SingleExponential<TLanes, TVector>.Expm1OfModerate(TLanes.Add(magnitude, magnitude));
        return TLanes.Or(TLanes.Divide(t, TLanes.Add(t, TLanes.Create(2f))), sign);
    }

    /// <summary>log(1 + e^−|x|): what the maximum of 0 and x lacks of the logarithm of the sum of their exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Overlap(TVector x) =>
        SingleLogarithm<TLanes, TVector>.Log1pOfUnit(SingleExponential<TLanes, TVector>.ExpOfNegatedMagnitude(x));
}
