using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>e^x</c>.</summary>
internal readonly struct ExpOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleExponential<TLanes, TVector>.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleExponential<TLanes, TVector>.Exp(x);
}

/// <summary><c>e^x − 1</c>, accurate near 0.</summary>
internal readonly struct Expm1Operator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleExponential<TLanes, TVector>.Expm1(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleExponential<TLanes, TVector>.Expm1(x);
}

/// <summary><c>log x</c>; −∞ at 0, NaN below.</summary>
internal readonly struct LogOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleLogarithm<TLanes, TVector>.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleLogarithm<TLanes, TVector>.Log(x);
}

/// <summary><c>log(1 + x)</c>, accurate near 0; −∞ at −1, NaN below.</summary>
internal readonly struct Log1pOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleLogarithm<TLanes, TVector>.Log1p(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleLogarithm<TLanes, TVector>.Log1p(x);
}

/// <summary><c>sin x</c>.</summary>
internal readonly struct SinOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleTrigonometric<TLanes, TVector>.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleTrigonometric<TLanes, TVector>.Sin(x);
}

/// <summary><c>cos x</c>.</summary>
internal readonly struct CosOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleTrigonometric<TLanes, TVector>.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleTrigonometric<TLanes, TVector>.Cos(x);
}
