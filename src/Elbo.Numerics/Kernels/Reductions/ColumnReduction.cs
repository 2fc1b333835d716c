using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// Reduces the columns of a row-major matrix: each column in order of its rows, in three levels (64 rows, 64 blocks of 64, the
/// rest), so that the error of a sum stays that of a few hundred additions for matrices of a million rows. Columns are
/// independent: any cut of the columns gives the same bits.
/// </summary>
internal static unsafe class ColumnReduction<TOperator, TLanes, TVector, T>
    where TOperator : struct, IReductionOperator<T>
    where TLanes : struct, IElementLanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    private const int Block = 64;
    private const int Superblock = Block * Block;

    /// <summary>Reduces as many columns as whole vectors cover, and returns their number.</summary>
    public static int Run(T* source, int rows, int columns, nint stride, T* destination)
    {
        int done = 0;
        for (; done + (4 * TLanes.Count) <= columns; done += 4 * TLanes.Count)
            FourVectors(source + done, rows, stride, destination + done);
        for (; done + TLanes.Count <= columns; done += TLanes.Count)
            OneVector(source + done, rows, stride, destination + done);
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FourVectors(T* source, int rows, nint stride, T* destination)
    {
        TVector parameter = TLanes.Create(default);
        TVector initial = TLanes.Create(TOperator.Initial);
        TVector total0 = initial, total1 = initial, total2 = initial, total3 = initial;
        for (int super = 0; super < rows; super += Superblock)
        {
            TVector part0 = initial, part1 = initial, part2 = initial, part3 = initial;
            int superEnd = Math.Min(rows, super + Superblock);
            for (int block = super; block < superEnd; block += Block)
            {
                TVector sum0 = initial, sum1 = initial, sum2 = initial, sum3 = initial;
                int end = Math.Min(superEnd, block + Block);
                for (int row = block; row < end; row++)
                {
                    sum0 = TOperator.Accumulate<TLanes, TVector>(sum0, TLanes.Load(source), parameter);
                    sum1 = TOperator.Accumulate<TLanes, TVector>(sum1, TLanes.Load(source + TLanes.Count), parameter);
                    sum2 = TOperator.Accumulate<TLanes, TVector>(sum2, TLanes.Load(source + (2 * TLanes.Count)), parameter);
                    sum3 = TOperator.Accumulate<TLanes, TVector>(sum3, TLanes.Load(source + (3 * TLanes.Count)), parameter);
                    source += stride;
                }

                part0 = TOperator.Combine<TLanes, TVector>(part0, sum0);
                part1 = TOperator.Combine<TLanes, TVector>(part1, sum1);
                part2 = TOperator.Combine<TLanes, TVector>(part2, sum2);
                part3 = TOperator.Combine<TLanes, TVector>(part3, sum3);
            }

            total0 = TOperator.Combine<TLanes, TVector>(total0, part0);
            total1 = TOperator.Combine<TLanes, TVector>(total1, part1);
            total2 = TOperator.Combine<TLanes, TVector>(total2, part2);
            total3 = TOperator.Combine<TLanes, TVector>(total3, part3);
        }

        TLanes.Store(total0, destination);
        TLanes.Store(total1, destination + TLanes.Count);
        TLanes.Store(total2, destination + (2 * TLanes.Count));
        TLanes.Store(total3, destination + (3 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OneVector(T* source, int rows, nint stride, T* destination)
    {
        TVector parameter = TLanes.Create(default);
        TVector initial = TLanes.Create(TOperator.Initial);
        TVector total = initial;
        for (int super = 0; super < rows; super += Superblock)
        {
            TVector part = initial;
            int superEnd = Math.Min(rows, super + Superblock);
            for (int block = super; block < superEnd; block += Block)
            {
                TVector sum = initial;
                int end = Math.Min(superEnd, block + Block);
                for (int row = block; row < end; row++)
                {
                    sum = TOperator.Accumulate<TLanes, TVector>(sum, TLanes.Load(source), parameter);
                    source += stride;
                }

                part = TOperator.Combine<TLanes, TVector>(part, sum);
            }

            total = TOperator.Combine<TLanes, TVector>(total, part);
        }

        TLanes.Store(total, destination);
    }
}
