using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>a + b</c>.</summary>
internal readonly struct AddOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Add(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Add(a, b);
}

/// <summary><c>a − b</c>.</summary>
internal readonly struct SubtractOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Subtract(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Subtract(a, b);
}

/// <summary><c>a · b</c>.</summary>
internal readonly struct MultiplyOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Multiply(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Multiply(a, b);
}

/// <summary><c>a / b</c>.</summary>
internal readonly struct DivideOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Divide(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Divide(a, b);
}

/// <summary>The larger; NaN if either is NaN, and +0 over −0.</summary>
internal readonly struct MaximumOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Max(a, b);
}

/// <summary>The smaller; NaN if either is NaN, and −0 under +0.</summary>
internal readonly struct MinimumOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.Min(a, b);
}

/// <summary>1 where <c>a &gt; b</c>, else 0.</summary>
internal readonly struct GreaterOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.And(TLanes.LessThan(b, a), TLanes.Create(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.And(TLanes.LessThan(b, a), TLanes.Create(1d));
}

/// <summary>1 where <c>a ≥ b</c>, else 0.</summary>
internal readonly struct GreaterOrEqualOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.And(TLanes.LessThanOrEqual(b, a), TLanes.Create(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.And(TLanes.LessThanOrEqual(b, a), TLanes.Create(1d));
}

/// <summary>1 where <c>a = b</c>, else 0.</summary>
internal readonly struct EqualOperator : IBinaryOperator<float>, IBinaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<float>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.And(TLanes.Equal(a, b), TLanes.Create(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IBinaryOperator<double>.Invoke<TLanes, TVector>(TVector a, TVector b) =>
        TLanes.And(TLanes.Equal(a, b), TLanes.Create(1d));
}
