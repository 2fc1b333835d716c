namespace Elbo.Numerics;

/// <summary>
/// Distances of a panel of rows to a centre. A panel holds the same column of <see cref="Rows"/> rows side by side, <c>[D, rows]</c>, so that each lane is a row
/// and no sum runs across lanes. Tiles of 4 rows of the factor by 2 vectors keep 8 sums in registers, which hides the latency of a fused multiply-add
/// at every width.
/// </summary>
internal static unsafe class DistanceLoops<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    /// <summary>The rows of a panel.</summary>
    public static int Rows => 2 * TLanes.Count;

    /// <summary>‖L⁻¹(x − m)‖² of each row of a panel.</summary>
    /// <param name="panel">x, <c>[D, rows]</c>.</param>
    /// <param name="center">m, <c>[D]</c>.</param>
    /// <param name="factor">L⁻¹, <c>[D, D]</c>.</param>
    /// <param name="zeros">D zeros: what stands for rows beyond the factor's last.</param>
    /// <param name="size">D.</param>
    /// <param name="result">One value per row of the panel.</param>
    public static void Triangular(double* panel, double* center, double* factor, double* zeros, int size, double* result)
    {
        TVector total0 = TLanes.Create(0), total1 = total0;
        for (int j = 0; j < size; j += 4)
        {
            Tile(panel, center, factor, zeros, size, j, out TVector a0, out TVector a1, out TVector b0, out TVector b1, out TVector c0, out TVector c1, out TVector d0, out TVector d1);
            total0 = TLanes.MultiplyAdd(a0, a0, total0);
            total1 = TLanes.MultiplyAdd(a1, a1, total1);
            total0 = TLanes.MultiplyAdd(b0, b0, total0);
            total1 = TLanes.MultiplyAdd(b1, b1, total1);
            total0 = TLanes.MultiplyAdd(c0, c0, total0);
            total1 = TLanes.MultiplyAdd(c1, c1, total1);
            total0 = TLanes.MultiplyAdd(d0, d0, total0);
            total1 = TLanes.MultiplyAdd(d1, d1, total1);
        }

        TLanes.Store(total0, result);
        TLanes.Store(total1, result + TLanes.Count);
    }

    /// <summary>L⁻¹(x − m) of each row of a panel, as a panel.</summary>
    /// <param name="panel">x, <c>[D, rows]</c>.</param>
    /// <param name="center">m, <c>[D]</c>.</param>
    /// <param name="factor">L⁻¹, <c>[D, D]</c>.</param>
    /// <param name="zeros">D zeros.</param>
    /// <param name="size">D.</param>
    /// <param name="result"><c>[D, rows]</c>, with room for 3 more columns.</param>
    public static void Transform(double* panel, double* center, double* factor, double* zeros, int size, double* result)
    {
        int count = TLanes.Count;
        for (int j = 0; j < size; j += 4)
        {
            Tile(panel, center, factor, zeros, size, j, out TVector a0, out TVector a1, out TVector b0, out TVector b1, out TVector c0, out TVector c1, out TVector d0, out TVector d1);
            double* target = result + j * 2 * count;
            TLanes.Store(a0, target);
            TLanes.Store(a1, target + count);
            TLanes.Store(b0, target + 2 * count);
            TLanes.Store(b1, target + 3 * count);
            TLanes.Store(c0, target + 4 * count);
            TLanes.Store(c1, target + 5 * count);
            TLanes.Store(d0, target + 6 * count);
            TLanes.Store(d1, target + 7 * count);
        }
    }

    /// <summary>Σⱼ (xⱼ − mⱼ)² sⱼ of each row of a panel, for two centres at once.</summary>
    /// <param name="panel">x, <c>[D, rows]</c>.</param>
    /// <param name="center">m, <c>[D]</c>.</param>
    /// <param name="scale">s, <c>[D]</c>.</param>
    /// <param name="otherCenter">The other m.</param>
    /// <param name="otherScale">The other s.</param>
    /// <param name="size">D.</param>
    /// <param name="result">One value per row of the panel.</param>
    /// <param name="otherResult">The same for the other centre.</param>
    public static void Scaled(double* panel, double* center, double* scale, double* otherCenter, double* otherScale, int size, double* result, double* otherResult)
    {
        int count = TLanes.Count;
        TVector a0 = TLanes.Create(0), a1 = a0, b0 = a0, b1 = a0;
        for (int j = 0; j < size; j++, panel += 2 * count)
        {
            TVector x0 = TLanes.Load(panel), x1 = TLanes.Load(panel + count);
            TVector m = TLanes.Create(center[j]), s = TLanes.Create(scale[j]);
            TVector d0 = TLanes.Subtract(x0, m), d1 = TLanes.Subtract(x1, m);
            a0 = TLanes.MultiplyAdd(TLanes.Multiply(d0, s), d0, a0);
            a1 = TLanes.MultiplyAdd(TLanes.Multiply(d1, s), d1, a1);
            m = TLanes.Create(otherCenter[j]);
            s = TLanes.Create(otherScale[j]);
            d0 = TLanes.Subtract(x0, m);
            d1 = TLanes.Subtract(x1, m);
            b0 = TLanes.MultiplyAdd(TLanes.Multiply(d0, s), d0, b0);
            b1 = TLanes.MultiplyAdd(TLanes.Multiply(d1, s), d1, b1);
        }

        TLanes.Store(a0, result);
        TLanes.Store(a1, result + count);
        TLanes.Store(b0, otherResult);
        TLanes.Store(b1, otherResult + count);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    private static void Tile(
        double* panel, double* center, double* factor, double* zeros, int size, int first,
        out TVector a0, out TVector a1, out TVector b0, out TVector b1, out TVector c0, out TVector c1, out TVector d0, out TVector d1)
    {
        int count = TLanes.Count, last = Math.Min(first + 4, size);
        double* fa = factor + first * size;
        double* fb = first + 1 < size ? fa + size : zeros;
        double* fc = first + 2 < size ? fa + 2 * size : zeros;
        double* fd = first + 3 < size ? fa + 3 * size : zeros;
        TVector s00 = TLanes.Create(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        for (int i = 0; i < last; i++, panel += 2 * count)
        {
            TVector m = TLanes.Create(center[i]);
            TVector x0 = TLanes.Subtract(TLanes.Load(panel), m), x1 = TLanes.Subtract(TLanes.Load(panel + count), m);
            TVector f = TLanes.Create(fa[i]);
            s00 = TLanes.MultiplyAdd(f, x0, s00);
            s01 = TLanes.MultiplyAdd(f, x1, s01);
            f = TLanes.Create(fb[i]);
            s10 = TLanes.MultiplyAdd(f, x0, s10);
            s11 = TLanes.MultiplyAdd(f, x1, s11);
            f = TLanes.Create(fc[i]);
            s20 = TLanes.MultiplyAdd(f, x0, s20);
            s21 = TLanes.MultiplyAdd(f, x1, s21);
            f = TLanes.Create(fd[i]);
            s30 = TLanes.MultiplyAdd(f, x0, s30);
            s31 = TLanes.MultiplyAdd(f, x1, s31);
        }

        (a0, a1, b0, b1, c0, c1, d0, d1) = (s00, s01, s10, s11, s20, s21, s30, s31);
    }
}
