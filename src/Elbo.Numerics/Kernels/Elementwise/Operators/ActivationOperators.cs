using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>max(x, 0)</c>; NaN stays NaN.</summary>
internal readonly struct ReluOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.MaxNative(TLanes.Create(0f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.MaxNative(TLanes.Create(0d), x);
}

/// <summary><c>tanh x</c>, never beyond ±1.</summary>
internal readonly struct TanhOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleSigmoid<TLanes, TVector>.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleSigmoid<TLanes, TVector>.Tanh(x);
}

/// <summary><c>1 / (1 + e^−x)</c>.</summary>
internal readonly struct SigmoidOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleSigmoid<TLanes, TVector>.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleSigmoid<TLanes, TVector>.Sigmoid(x);
}

/// <summary><c>log(1 + e^x)</c>, the negative log of a Bernoulli failure with logit x.</summary>
internal readonly struct SoftplusOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleSigmoid<TLanes, TVector>.Softplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleSigmoid<TLanes, TVector>.Softplus(x);
}

/// <summary><c>log(1 / (1 + e^−x)) = −softplus(−x)</c>.</summary>
internal readonly struct LogSigmoidOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleSigmoid<TLanes, TVector>.LogSigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleSigmoid<TLanes, TVector>.LogSigmoid(x);
}

/// <summary><c>x / (1 + e^−x)</c> (Elfwing et al. 2018).</summary>
internal readonly struct SiluOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        SingleSigmoid<TLanes, TVector>.Silu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        DoubleSigmoid<TLanes, TVector>.Silu(x);
}
