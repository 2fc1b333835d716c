using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>log(e^a + e^b) = max(a, b) + log(1 + e^−|a − b|)</c>; two equal infinities give themselves.</summary>
internal readonly struct LogAddExpOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b)
    {
        TVector larger = TLanes.Max(a, b);
        // Equal arguments differ by 0, also where the subtraction of two infinities would be NaN.
        TVector difference = TLanes.AndNot(TLanes.Subtract(a, b), TLanes.Equal(a, b));
        TVector e = SingleExponential<TLanes, TVector>.ExpOfNegatedMagnitude(difference);
        return TLanes.Add(larger, SingleLogarithm<TLanes, TVector>.Log1pOfUnit(e));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b)
    {
        TVector larger = TLanes.Max(a, b);
        TVector difference = TLanes.AndNot(TLanes.Subtract(a, b), TLanes.Equal(a, b));
        TVector e = DoubleExponential<TLanes, TVector>.ExpOfNegatedMagnitude(difference);
        return TLanes.Add(larger, DoubleLogarithm<TLanes, TVector>.Log1pOfUnit(e));
    }
}
