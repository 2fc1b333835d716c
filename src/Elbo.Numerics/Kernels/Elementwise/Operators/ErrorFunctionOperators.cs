using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>erf x</c>.</summary>
internal readonly struct ErfOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleErrorFunction<TLanes, TVector>.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleErrorFunction<TLanes, TVector>.Erf(x);
}

/// <summary><c>erfc x = 1 − erf x</c>, accurate in its tail.</summary>
internal readonly struct ErfcOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleErrorFunction<TLanes, TVector>.Erfc(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleErrorFunction<TLanes, TVector>.Erfc(x);
}

/// <summary><c>x · Φ(x)</c> with the exact normal distribution function (Hendrycks and Gimpel 2016).</summary>
internal readonly struct GeluOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleErrorFunction<TLanes, TVector>.Gelu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleErrorFunction<TLanes, TVector>.Gelu(x);
}
