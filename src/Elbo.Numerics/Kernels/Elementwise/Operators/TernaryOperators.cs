using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>a ≠ 0 ? b : c</c>; a NaN condition selects <c>b</c>.</summary>
internal readonly struct SelectOperator : ITernaryOperator<float>, ITernaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector ITernaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b, TVector c) =>
        TLanes.Select(TLanes.Equal(a, TLanes.Create(0f)), c, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector ITernaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b, TVector c) =>
        TLanes.Select(TLanes.Equal(a, TLanes.Create(0d)), c, b);
}

/// <summary><c>a · b + c</c>, one rounding where the hardware fuses.</summary>
internal readonly struct MultiplyAddOperator : ITernaryOperator<float>, ITernaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector ITernaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b, TVector c) =>
        TLanes.MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector ITernaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b, TVector c) =>
        TLanes.MultiplyAdd(a, b, c);
}
