using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>x</c>.</summary>
internal readonly struct IdentityOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) => x;
}

/// <summary><c>a</c> where <c>b &gt; 0</c>, else 0.</summary>
internal readonly struct ReluMaskOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.And(TLanes.LessThan(TLanes.Create(0f), b), a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.And(TLanes.LessThan(TLanes.Create(0d), b), a);
}

/// <summary><c>a (1 − b²)</c>.</summary>
internal readonly struct TanhMaskOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Multiply(a, TLanes.Subtract(TLanes.Create(1f), TLanes.Multiply(b, b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Multiply(a, TLanes.Subtract(TLanes.Create(1d), TLanes.Multiply(b, b)));
}

/// <summary><c>a b (1 − b)</c>.</summary>
internal readonly struct SigmoidMaskOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Multiply(a, TLanes.Multiply(b, TLanes.Subtract(TLanes.Create(1f), b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Multiply(a, TLanes.Multiply(b, TLanes.Subtract(TLanes.Create(1d), b)));
}
