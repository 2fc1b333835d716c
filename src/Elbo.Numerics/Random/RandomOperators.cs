using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>Random bits to uniforms in the open interval (0, 1): odd multiples of 2^−24 (float) or 2^−53 (double), all exact.</summary>
internal readonly struct UniformOfBitsOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x)
    {
        // The top bits become the mantissa of a number in [1, 2).
        TVector shifted = TLanes.Or(TLanes.ShiftRight(x, 9), TLanes.Create(1f));
        return TLanes.Subtract(shifted, TLanes.Create(1f - 5.9604644775390625e-8f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x)
    {
        TVector shifted = TLanes.Or(TLanes.ShiftRight(x, 12), TLanes.Create(1d));
        return TLanes.Subtract(shifted, TLanes.Create(1d - 1.1102230246251565e-16));
    }
}

/// <summary>
/// Random bits to standard Gumbel draws −log(−log(1 − w)), with w uniform at a finer grain near 0 so that the long upper
/// tail is not cut off.
/// </summary>
internal readonly struct GumbelOfBitsOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x)
    {
        TVector w = TLanes.MultiplyAdd(
            TLanes.ConvertBits(TLanes.ShiftRight(x, 1)), TLanes.Create(4.6566128730773926e-10f), TLanes.Create(2.3283064365386963e-10f));
        w = TLanes.MinNative(TLanes.Create(1f - 5.9604644775390625e-8f), w);
        TVector exponential = TLanes.Negate(SingleLogarithm<TLanes, TVector>.Log1p(TLanes.Negate(w)));
        return TLanes.Negate(SingleLogarithm<TLanes, TVector>.Log(exponential));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x)
    {
        TVector w = TLanes.MultiplyAdd(
            TLanes.ConvertBits(TLanes.ShiftRight(x, 11)), TLanes.Create(1.1102230246251565e-16), TLanes.Create(5.5511151231257827e-17));
        w = TLanes.MinNative(TLanes.Create(1d - 1.1102230246251565e-16), w);
        TVector exponential = TLanes.Negate(DoubleLogarithm<TLanes, TVector>.Log1p(TLanes.Negate(w)));
        return TLanes.Negate(DoubleLogarithm<TLanes, TVector>.Log(exponential));
    }
}
