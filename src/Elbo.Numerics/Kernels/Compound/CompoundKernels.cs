using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>Short expressions that every optimizer step computes for every parameter, worth one pass instead of several.</summary>
internal enum CompoundOpcode
{
    /// <summary>a·s₀ + b·s₁: a moving average.</summary>
    WeightedSum,

    /// <summary>a·s₀ + b²·s₁: a moving average of squares.</summary>
    WeightedSquareSum,

    /// <summary>a − b·s₀ / (√c·s₁ + s₂): a step against a gradient scaled by its root mean square.</summary>
    AdaptiveStep,
}

/// <summary>Loops <c>(a, b, c, s₀, s₁, s₂, destination, count)</c>; unused vectors may be any readable memory. Float and double, at every width.</summary>
internal static unsafe class CompoundKernels<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The loop of an expression.</summary>
    public static delegate*<T*, T*, T*, T, T, T, T*, int, void> Loop(CompoundOpcode opcode) => Loop(opcode, VectorWidths.Widest);

    /// <summary>The loop of a forced width, for tests.</summary>
    internal static delegate*<T*, T*, T*, T, T, T, T*, int, void> Loop(CompoundOpcode opcode, VectorWidth width)
    {
        if (typeof(T) == typeof(float))
        {
            return (delegate*<T*, T*, T*, T, T, T, T*, int, void>)(width switch
            {
                VectorWidth.Vector512 => (void*)CompoundLoops<SingleLanes512, Vector512<float>, float>.Of(opcode),
                VectorWidth.Vector256 => (void*)CompoundLoops<SingleLanes256, Vector256<float>, float>.Of(opcode),
                VectorWidth.Vector128 => (void*)CompoundLoops<SingleLanes128, Vector128<float>, float>.Of(opcode),
                _ => (void*)CompoundLoops<ScalarSingleLanes, float, float>.Of(opcode),
            });
        }

        return (delegate*<T*, T*, T*, T, T, T, T*, int, void>)(width switch
        {
            VectorWidth.Vector512 => (void*)CompoundLoops<DoubleLanes512, Vector512<double>, double>.Of(opcode),
            VectorWidth.Vector256 => (void*)CompoundLoops<DoubleLanes256, Vector256<double>, double>.Of(opcode),
            VectorWidth.Vector128 => (void*)CompoundLoops<DoubleLanes128, Vector128<double>, double>.Of(opcode),
            _ => (void*)CompoundLoops<ScalarDoubleLanes, double, double>.Of(opcode),
        });
    }
}

/// <summary>The loops of one width.</summary>
internal static unsafe class CompoundLoops<TLanes, TVector, T>
    where TLanes : struct, IElementLanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    private interface IExpression
    {
        static abstract TVector Invoke(TVector a, TVector b, TVector c, TVector s0, TVector s1, TVector s2);
    }

    public static delegate*<T*, T*, T*, T, T, T, T*, int, void> Of(CompoundOpcode opcode) => opcode switch
    {
        CompoundOpcode.WeightedSum => &Run<WeightedSum>,
        CompoundOpcode.WeightedSquareSum => &Run<WeightedSquareSum>,
        _ => &Run<AdaptiveStep>,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<TExpression>(T* a, T* b, T* c, T s0, T s1, T s2, T* destination, int count)
        where TExpression : struct, IExpression
    {
        int remainder = count % TLanes.Count, whole = count - remainder;
        TVector v0 = TLanes.Create(s0), v1 = TLanes.Create(s1), v2 = TLanes.Create(s2);
        for (nint i = 0; i < whole; i += TLanes.Count)
            TLanes.Store(TExpression.Invoke(TLanes.Load(a + i), TLanes.Load(b + i), TLanes.Load(c + i), v0, v1, v2), destination + i);
        if (remainder > 0)
            TLanes.StoreFirst(TExpression.Invoke(First(a + whole, remainder), First(b + whole, remainder), First(c + whole, remainder), v0, v1, v2), destination + whole, remainder);
    }

    // Padded with an element of the run itself, an ordinary argument.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector First(T* source, int count) => TLanes.LoadFirst(source, count, *source);

    private readonly struct WeightedSum : IExpression
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke(TVector a, TVector b, TVector c, TVector s0, TVector s1, TVector s2) =>
            TLanes.MultiplyAdd(a, s0, TLanes.Multiply(b, s1));
    }

    private readonly struct WeightedSquareSum : IExpression
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke(TVector a, TVector b, TVector c, TVector s0, TVector s1, TVector s2) =>
            TLanes.MultiplyAdd(a, s0, TLanes.Multiply(TLanes.Multiply(b, b), s1));
    }

    private readonly struct AdaptiveStep : IExpression
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke(TVector a, TVector b, TVector c, TVector s0, TVector s1, TVector s2) =>
            TLanes.Subtract(a, TLanes.Divide(TLanes.Multiply(b, s0), TLanes.MultiplyAdd(TLanes.Sqrt(c), s1, s2)));
    }
}
