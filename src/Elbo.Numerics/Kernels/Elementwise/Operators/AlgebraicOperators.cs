using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>−x</c>.</summary>
internal readonly struct NegateOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Negate(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Negate(x);
}

/// <summary><c>|x|</c>.</summary>
internal readonly struct AbsOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Abs(x);
}

/// <summary>−1, 0 or 1; a zero keeps its sign and NaN stays NaN.</summary>
internal readonly struct SignOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Select(TLanes.LessThan(TLanes.Create(0f), TLanes.Abs(x)), TLanes.Or(TLanes.And(x, TLanes.Create(-0f)), TLanes.Create(1f)), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Select(TLanes.LessThan(TLanes.Create(0d), TLanes.Abs(x)), TLanes.Or(TLanes.And(x, TLanes.Create(-0d)), TLanes.Create(1d)), x);
}

/// <summary><c>x²</c>.</summary>
internal readonly struct SquareOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Multiply(x, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Multiply(x, x);
}

/// <summary><c>√x</c>, correctly rounded.</summary>
internal readonly struct SqrtOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Sqrt(x);
}

/// <summary><c>1/x</c>, correctly rounded.</summary>
internal readonly struct ReciprocalOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Divide(TLanes.Create(1f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Divide(TLanes.Create(1d), x);
}

/// <summary><c>1/√x</c>, two roundings.</summary>
internal readonly struct ReciprocalSqrtOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Divide(TLanes.Create(1f), TLanes.Sqrt(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Divide(TLanes.Create(1d), TLanes.Sqrt(x));
}

/// <summary>The largest integer not above x.</summary>
internal readonly struct FloorOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Floor(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Floor(x);
}

/// <summary>The nearest integer, ties to even.</summary>
internal readonly struct RoundOperator : IUnaryOperator<float>, IUnaryOperator<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<float>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Round(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IUnaryOperator<double>.Invoke<TLanes, TVector>(TVector x) =>
        TLanes.Round(x);
}
