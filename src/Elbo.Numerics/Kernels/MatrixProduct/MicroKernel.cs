using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>The inner product loop: a tile of C held in registers while it sums over the whole depth.</summary>
/// <remarks>
/// <c>C[i, j] (+)= Σ_k A[i, k] · B[k, j]</c> for <c>i &lt; TRows</c> and <c>j &lt; TColumns · TLanes.Count</c>.
/// Written once for every height, width and element type: the conditions on the type parameters are constants to the
/// compiler, which drops the rows that a height does not have. Each element of C is one chain of multiply-adds in
/// ascending k, so its value does not depend on the tile it fell into.
/// </remarks>
internal static unsafe class MicroKernel<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>Computes one tile.</summary>
    /// <param name="depth">Terms of each sum.</param>
    /// <param name="a">The tile's first row of A; element (i, k) lies at <c>a[i · aRow + k · aStep]</c>.</param>
    /// <param name="aRow">Distance of A's rows.</param>
    /// <param name="aStep">Distance of A's consecutive k.</param>
    /// <param name="b">The tile's first column of B; element (k, j) lies at <c>b[k · bStep + j]</c>, or, indexed, vector v of it at <c>b[offsets[k] + v · bStep]</c>.</param>
    /// <param name="bStep">Distance of B's consecutive k; indexed, of its vectors.</param>
    /// <param name="offsets">Where each k begins; read only if <typeparamref name="TIndexed"/> is <see cref="One"/>.</param>
    /// <param name="c">The tile of C; element (i, j) lies at <c>c[i · cRow + j]</c>.</param>
    /// <param name="cRow">Distance of C's rows.</param>
    /// <param name="accumulate">Add to C instead of overwriting it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TColumns, TIndexed>(
        nint depth, T* a, nint aRow, nint aStep, T* b, nint bStep, int* offsets, T* c, nint cRow, bool accumulate)
        where TRows : struct, IConstant
        where TColumns : struct, IConstant
        where TIndexed : struct, IConstant
    {
        TVector c0x0 = default, c0x1 = default;
        TVector c1x0 = default, c1x1 = default;
        TVector c2x0 = default, c2x1 = default;
        TVector c3x0 = default, c3x1 = default;
        TVector c4x0 = default, c4x1 = default;
        TVector c5x0 = default, c5x1 = default;
        TVector c6x0 = default, c6x1 = default;
        TVector c7x0 = default, c7x1 = default;
        TVector c8x0 = default, c8x1 = default;
        TVector c9x0 = default, c9x1 = default;
        TVector c10x0 = default, c10x1 = default;
        TVector c11x0 = default, c11x1 = default;
        TVector c12x0 = default, c12x1 = default;
        TVector c13x0 = default, c13x1 = default;
        nint aRow2 = 2 * aRow, aRow3 = 3 * aRow;
        T* a4 = a + 4 * aRow, a8 = a + 8 * aRow, a12 = a + 12 * aRow;
        for (; depth > 0; depth--)
        {
            var row = TIndexed.Value == 1 ? b + *offsets++ : b;
            var b0 = TLanes.Load(row);
            var b1 = TColumns.Value > 1 ? TLanes.Load(row + (TIndexed.Value == 1 ? bStep : TLanes.Count)) : default;
            var x0 = TLanes.Broadcast(a);
            c0x0 = TLanes.MultiplyAdd(x0, b0, c0x0);
            if (TColumns.Value > 1)
                c0x1 = TLanes.MultiplyAdd(x0, b1, c0x1);
            if (TRows.Value > 1)
            {
                var x1 = TLanes.Broadcast(a + aRow);
                c1x0 = TLanes.MultiplyAdd(x1, b0, c1x0);
                if (TColumns.Value > 1)
                    c1x1 = TLanes.MultiplyAdd(x1, b1, c1x1);
            }
            if (TRows.Value > 2)
            {
                var x2 = TLanes.Broadcast(a + aRow2);
                c2x0 = TLanes.MultiplyAdd(x2, b0, c2x0);
                if (TColumns.Value > 1)
                    c2x1 = TLanes.MultiplyAdd(x2, b1, c2x1);
            }
            if (TRows.Value > 3)
            {
                var x3 = TLanes.Broadcast(a + aRow3);
                c3x0 = TLanes.MultiplyAdd(x3, b0, c3x0);
                if (TColumns.Value > 1)
                    c3x1 = TLanes.MultiplyAdd(x3, b1, c3x1);
            }
            if (TRows.Value > 4)
            {
                var x4 = TLanes.Broadcast(a4);
                c4x0 = TLanes.MultiplyAdd(x4, b0, c4x0);
                if (TColumns.Value > 1)
                    c4x1 = TLanes.MultiplyAdd(x4, b1, c4x1);
            }
            if (TRows.Value > 5)
            {
                var x5 = TLanes.Broadcast(a4 + aRow);
                c5x0 = TLanes.MultiplyAdd(x5, b0, c5x0);
                if (TColumns.Value > 1)
                    c5x1 = TLanes.MultiplyAdd(x5, b1, c5x1);
            }
            if (TRows.Value > 6)
            {
                var x6 = TLanes.Broadcast(a4 + aRow2);
                c6x0 = TLanes.MultiplyAdd(x6, b0, c6x0);
                if (TColumns.Value > 1)
                    c6x1 = TLanes.MultiplyAdd(x6, b1, c6x1);
            }
            if (TRows.Value > 7)
            {
                var x7 = TLanes.Broadcast(a4 + aRow3);
                c7x0 = TLanes.MultiplyAdd(x7, b0, c7x0);
                if (TColumns.Value > 1)
                    c7x1 = TLanes.MultiplyAdd(x7, b1, c7x1);
            }
            if (TRows.Value > 8)
            {
                var x8 = TLanes.Broadcast(a8);
                c8x0 = TLanes.MultiplyAdd(x8, b0, c8x0);
                if (TColumns.Value > 1)
                    c8x1 = TLanes.MultiplyAdd(x8, b1, c8x1);
            }
            if (TRows.Value > 9)
            {
                var x9 = TLanes.Broadcast(a8 + aRow);
                c9x0 = TLanes.MultiplyAdd(x9, b0, c9x0);
                if (TColumns.Value > 1)
                    c9x1 = TLanes.MultiplyAdd(x9, b1, c9x1);
            }
            if (TRows.Value > 10)
            {
                var x10 = TLanes.Broadcast(a8 + aRow2);
                c10x0 = TLanes.MultiplyAdd(x10, b0, c10x0);
                if (TColumns.Value > 1)
                    c10x1 = TLanes.MultiplyAdd(x10, b1, c10x1);
            }
            if (TRows.Value > 11)
            {
                var x11 = TLanes.Broadcast(a8 + aRow3);
                c11x0 = TLanes.MultiplyAdd(x11, b0, c11x0);
                if (TColumns.Value > 1)
                    c11x1 = TLanes.MultiplyAdd(x11, b1, c11x1);
            }
            if (TRows.Value > 12)
            {
                var x12 = TLanes.Broadcast(a12);
                c12x0 = TLanes.MultiplyAdd(x12, b0, c12x0);
                if (TColumns.Value > 1)
                    c12x1 = TLanes.MultiplyAdd(x12, b1, c12x1);
            }
            if (TRows.Value > 13)
            {
                var x13 = TLanes.Broadcast(a12 + aRow);
                c13x0 = TLanes.MultiplyAdd(x13, b0, c13x0);
                if (TColumns.Value > 1)
                    c13x1 = TLanes.MultiplyAdd(x13, b1, c13x1);
            }
            a += aStep;
            if (TRows.Value > 4)
                a4 += aStep;
            if (TRows.Value > 8)
                a8 += aStep;
            if (TRows.Value > 12)
                a12 += aStep;
            if (TIndexed.Value == 0)
                b += bStep;
        }

        StoreRow<TColumns>(c, c0x0, c0x1, accumulate);
        if (TRows.Value > 1)
            StoreRow<TColumns>(c += cRow, c1x0, c1x1, accumulate);
        if (TRows.Value > 2)
            StoreRow<TColumns>(c += cRow, c2x0, c2x1, accumulate);
        if (TRows.Value > 3)
            StoreRow<TColumns>(c += cRow, c3x0, c3x1, accumulate);
        if (TRows.Value > 4)
            StoreRow<TColumns>(c += cRow, c4x0, c4x1, accumulate);
        if (TRows.Value > 5)
            StoreRow<TColumns>(c += cRow, c5x0, c5x1, accumulate);
        if (TRows.Value > 6)
            StoreRow<TColumns>(c += cRow, c6x0, c6x1, accumulate);
        if (TRows.Value > 7)
            StoreRow<TColumns>(c += cRow, c7x0, c7x1, accumulate);
        if (TRows.Value > 8)
            StoreRow<TColumns>(c += cRow, c8x0, c8x1, accumulate);
        if (TRows.Value > 9)
            StoreRow<TColumns>(c += cRow, c9x0, c9x1, accumulate);
        if (TRows.Value > 10)
            StoreRow<TColumns>(c += cRow, c10x0, c10x1, accumulate);
        if (TRows.Value > 11)
            StoreRow<TColumns>(c += cRow, c11x0, c11x1, accumulate);
        if (TRows.Value > 12)
            StoreRow<TColumns>(c += cRow, c12x0, c12x1, accumulate);
        if (TRows.Value > 13)
            StoreRow<TColumns>(c += cRow, c13x0, c13x1, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TColumns>(T* c, TVector value0, TVector value1, bool accumulate)
        where TColumns : struct, IConstant
    {
        if (accumulate)
        {
            value0 = TLanes.Add(TLanes.Load(c), value0);
            if (TColumns.Value > 1)
                value1 = TLanes.Add(TLanes.Load(c + TLanes.Count), value1);
        }
        TLanes.Store(c, value0);
        if (TColumns.Value > 1)
            TLanes.Store(c + TLanes.Count, value1);
    }
}
