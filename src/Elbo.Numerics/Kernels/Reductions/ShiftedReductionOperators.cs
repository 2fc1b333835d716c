using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>Σ exp(x − p).</summary>
internal readonly struct SumOfExponentialsReduction : IReductionOperator<float>, IReductionOperator<double>
{
    static float IReductionOperator<float>.Initial => 0;

    static float IReductionOperator<float>.Padding(float parameter) => float.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter) =>
        TLanes.Add(sum, SingleExponential<TLanes, TVector>.Exp(TLanes.Subtract(x, parameter)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Add(a, b);

    static double IReductionOperator<double>.Initial => 0;

    static double IReductionOperator<double>.Padding(double parameter) => double.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter) =>
        TLanes.Add(sum, DoubleExponential<TLanes, TVector>.Exp(TLanes.Subtract(x, parameter)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Add(a, b);
}

/// <summary>Σ (x − p)².</summary>
internal readonly struct SumOfSquaredDeviationsReduction : IReductionOperator<float>, IReductionOperator<double>
{
    static float IReductionOperator<float>.Initial => 0;

    static float IReductionOperator<float>.Padding(float parameter) => parameter;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter)
    {
        TVector deviation = TLanes.Subtract(x, parameter);
        return TLanes.MultiplyAdd(deviation, deviation, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Add(a, b);

    static double IReductionOperator<double>.Initial => 0;

    static double IReductionOperator<double>.Padding(double parameter) => parameter;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter)
    {
        TVector deviation = TLanes.Subtract(x, parameter);
        return TLanes.MultiplyAdd(deviation, deviation, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Add(a, b);
}
