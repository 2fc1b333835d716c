using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// Reduces a contiguous run along a tree that depends on the count alone: blocks of 1024 elements combine pairwise; in a
/// block, element i goes to lane <c>i mod 64</c>, in order, and the 64 lanes combine pairwise. Every width walks the same
/// tree, so the result has the same bits at any width, alignment and number of threads, and the error of a sum grows with the
/// logarithm of the count.
/// </summary>
internal static unsafe class RunReduction<TOperator, TLanes, TVector, TScalarLanes, T>
    where TOperator : struct, IReductionOperator<T>
    where TLanes : struct, IElementLanes<TVector, T>
    where TVector : unmanaged
    where TScalarLanes : struct, IElementLanes<T, T>
    where T : unmanaged
{
    private const int Block = 1024;

    // One row of lanes is as wide as the widest vector of floats; four rows hide the latency of the additions.
    private const int Row = 16;

    public static T Run(T* source, nint count, T parameter)
    {
        if (count <= Block)
            return Lanes(source, (int)count, parameter);
        nint half = Block;
        while (2 * half < count)
            half *= 2;
        T first = Run(source, half, parameter);
        return TOperator.Combine<TScalarLanes, T>(first, Run(source + half, count - half, parameter));
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static T Lanes(T* source, int count, T parameter)
    {
        T* lanes = stackalloc T[Row];
        int remainder = count % Row;
        TVector p = TLanes.Create(parameter);
        int whole = count - remainder;
        for (int lane = 0; lane < Row; lane += TLanes.Count)
        {
            TVector sum0 = TLanes.Create(TOperator.Initial);
            TVector sum1 = sum0;
            TVector sum2 = sum0;
            TVector sum3 = sum0;
            T* x = source + lane;
            T* end = x + whole;
            for (; end - x >= 4 * Row; x += 4 * Row)
            {
                sum0 = TOperator.Accumulate<TLanes, TVector>(sum0, TLanes.Load(x), p);
                sum1 = TOperator.Accumulate<TLanes, TVector>(sum1, TLanes.Load(x + Row), p);
                sum2 = TOperator.Accumulate<TLanes, TVector>(sum2, TLanes.Load(x + (2 * Row)), p);
                sum3 = TOperator.Accumulate<TLanes, TVector>(sum3, TLanes.Load(x + (3 * Row)), p);
            }

            if (x < end)
                sum0 = TOperator.Accumulate<TLanes, TVector>(sum0, TLanes.Load(x), p);
            if (x + Row < end)
                sum1 = TOperator.Accumulate<TLanes, TVector>(sum1, TLanes.Load(x + Row), p);
            if (x + (2 * Row) < end)
                sum2 = TOperator.Accumulate<TLanes, TVector>(sum2, TLanes.Load(x + (2 * Row)), p);
            if (remainder > 0)
            {
                TVector last = TLanes.LoadFirst(source + whole + lane, Math.Clamp(remainder - lane, 0, TLanes.Count), TOperator.Padding(parameter));
                sum3 = TOperator.Accumulate<TLanes, TVector>(sum3, last, p);
            }

            sum0 = TOperator.Combine<TLanes, TVector>(sum0, sum1);
            sum2 = TOperator.Combine<TLanes, TVector>(sum2, sum3);
            sum0 = TOperator.Combine<TLanes, TVector>(sum0, sum2);
            if (TLanes.Count == Row)
                return TLanes.Fold<TOperator>(sum0);
            TLanes.Store(sum0, lanes + lane);
        }

        for (int half = Row / 2; half >= TLanes.Count; half /= 2)
        {
            for (int i = 0; i < half; i += TLanes.Count)
                TLanes.Store(TOperator.Combine<TLanes, TVector>(TLanes.Load(lanes + i), TLanes.Load(lanes + i + half)), lanes + i);
        }

        return TLanes.Fold<TOperator>(TLanes.Load(lanes));
    }
}
