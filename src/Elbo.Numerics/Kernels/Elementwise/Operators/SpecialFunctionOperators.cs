using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>Φ⁻¹(x)</c>; −∞ at 0, ∞ at 1, NaN outside [0, 1].</summary>
internal readonly struct NormalQuantileOperator : IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleNormalQuantile<TLanes, TVector>.NormalQuantile(x);
}

/// <summary><c>log |Γ(x)|</c>; ∞ at its poles.</summary>
internal readonly struct LogGammaOperator : IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleGammaFunction<TLanes, TVector>.LogGamma(x);
}

/// <summary><c>ψ(x)</c>; ∓∞ at ±0, NaN at its other poles.</summary>
internal readonly struct DigammaOperator : IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleGammaFunction<TLanes, TVector>.Digamma(x);
}

/// <summary><c>ψ′(x)</c>; ∞ at its poles.</summary>
internal readonly struct TrigammaOperator : IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleGammaFunction<TLanes, TVector>.Trigamma(x);
}
