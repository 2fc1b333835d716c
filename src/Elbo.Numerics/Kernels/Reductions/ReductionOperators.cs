using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>Σ x.</summary>
internal readonly struct SumReduction : IReductionOperator<float>, IReductionOperator<double>
{
    static float IReductionOperator<float>.Initial => 0;

    static float IReductionOperator<float>.Padding(float parameter) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter) =>
        TLanes.Add(sum, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Add(a, b);

    static double IReductionOperator<double>.Initial => 0;

    static double IReductionOperator<double>.Padding(double parameter) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter) =>
        TLanes.Add(sum, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Add(a, b);
}

/// <summary>Σ x².</summary>
internal readonly struct SumOfSquaresReduction : IReductionOperator<float>, IReductionOperator<double>
{
    static float IReductionOperator<float>.Initial => 0;

    static float IReductionOperator<float>.Padding(float parameter) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter) =>
        TLanes.MultiplyAdd(x, x, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Add(a, b);

    static double IReductionOperator<double>.Initial => 0;

    static double IReductionOperator<double>.Padding(double parameter) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter) =>
        TLanes.MultiplyAdd(x, x, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Add(a, b);
}

/// <summary>max x.</summary>
internal readonly struct MaximumReduction : IReductionOperator<float>, IReductionOperator<double>
{
    static float IReductionOperator<float>.Initial => float.NegativeInfinity;

    static float IReductionOperator<float>.Padding(float parameter) => float.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter) =>
        TLanes.Max(sum, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Max(a, b);

    static double IReductionOperator<double>.Initial => double.NegativeInfinity;

    static double IReductionOperator<double>.Padding(double parameter) => double.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter) =>
        TLanes.Max(sum, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Max(a, b);
}

/// <summary>min x.</summary>
internal readonly struct MinimumReduction : IReductionOperator<float>, IReductionOperator<double>
{
    static float IReductionOperator<float>.Initial => float.PositiveInfinity;

    static float IReductionOperator<float>.Padding(float parameter) => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter) =>
        TLanes.Min(sum, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<float>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Min(a, b);

    static double IReductionOperator<double>.Initial => double.PositiveInfinity;

    static double IReductionOperator<double>.Padding(double parameter) => double.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Accumulate<TLanes, TVector>(TVector sum, TVector x, TVector parameter) =>
        TLanes.Min(sum, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IReductionOperator<double>.Combine<TLanes, TVector>(TVector a, TVector b) => TLanes.Min(a, b);
}
