namespace Elbo.Numerics;

/// <summary>Weighted moments of rows about a centre. Each lane is a column, so that rows of weight 0 can be left out.</summary>
internal static unsafe class MomentLoops<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    /// <summary>Packs √w(x − m) of the rows that weigh something, and adds w(x − m) to the first moments.</summary>
    /// <param name="rows">x, <c>[count, D]</c>.</param>
    /// <param name="weights">w, <c>[count]</c>.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="center">m, <c>[stride]</c>, zero beyond D.</param>
    /// <param name="size">D.</param>
    /// <param name="stride">The length of a packed row.</param>
    /// <param name="first">Σ w(x − m), <c>[stride]</c>.</param>
    /// <param name="packed">Room for <c>[count, stride]</c>, zero beyond D.</param>
    /// <returns>The number of rows packed.</returns>
    public static int Pack(double* rows, double* weights, int count, double* center, int size, int stride, double* first, double* packed)
    {
        int lanes = TLanes.Count, whole = size / lanes * lanes;
        double* target = packed;
        for (int n = 0; n < count; n++, rows += size)
        {
            if (weights[n] == 0) continue;
            TVector weight = TLanes.Create(weights[n]), root = TLanes.Create(Math.Sqrt(weights[n]));
            for (int j = 0; j < whole; j += lanes)
            {
                TVector difference = TLanes.Subtract(TLanes.Load(rows + j), TLanes.Load(center + j));
                TLanes.Store(TLanes.MultiplyAdd(weight, difference, TLanes.Load(first + j)), first + j);
                TLanes.Store(TLanes.Multiply(root, difference), target + j);
            }

            if (whole < size)
            {
                TVector difference = TLanes.Subtract(TLanes.LoadFirst(rows + whole, size - whole, 0), TLanes.Load(center + whole));
                TLanes.Store(TLanes.MultiplyAdd(weight, difference, TLanes.Load(first + whole)), first + whole);
                TLanes.Store(TLanes.Multiply(root, difference), target + whole);
            }

            target += stride;
        }

        return (int)((target - packed) / stride);
    }

    /// <summary>Adds Σ y yᵀ of packed rows, on and below the diagonal and somewhat above it.</summary>
    /// <param name="packed">y, <c>[count, stride]</c>.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="size">D.</param>
    /// <param name="stride">The length of a packed row, a multiple of 4 and of the lanes.</param>
    /// <param name="second"><c>[D rounded up to 4, stride]</c>.</param>
    public static void Outer(double* packed, int count, int size, int stride, double* second)
    {
        int lanes = TLanes.Count;
        for (int i = 0; i < size; i += 4)
        {
            int end = Math.Min((i + 4 + lanes - 1) / lanes * lanes, stride), j = 0;
            for (; j + 2 * lanes <= end; j += 2 * lanes) Wide(packed, count, stride, i, j, second + i * stride + j);
            if (j < end) Narrow(packed, count, stride, i, j, second + i * stride + j);
        }
    }

    /// <summary>Adds Σ w(x − m) and Σ w(x − m)² per column.</summary>
    /// <param name="rows">x, <c>[count, D]</c>.</param>
    /// <param name="weights">w, <c>[count]</c>.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="center">m, <c>[D]</c>.</param>
    /// <param name="size">D.</param>
    /// <param name="first">Σ w(x − m), <c>[D]</c>.</param>
    /// <param name="second">Σ w(x − m)², <c>[D]</c>.</param>
    public static void Squares(double* rows, double* weights, int count, double* center, int size, double* first, double* second)
    {
        int lanes = TLanes.Count, j = 0;
        for (; j + 2 * lanes <= size; j += 2 * lanes)
        {
            TVector m0 = TLanes.Load(center + j), m1 = TLanes.Load(center + j + lanes);
            TVector a0 = TLanes.Load(first + j), a1 = TLanes.Load(first + j + lanes), b0 = TLanes.Load(second + j), b1 = TLanes.Load(second + j + lanes);
            double* row = rows + j;
            for (int n = 0; n < count; n++, row += size)
            {
                if (weights[n] == 0) continue;
                TVector weight = TLanes.Create(weights[n]);
                TVector d0 = TLanes.Subtract(TLanes.Load(row), m0), d1 = TLanes.Subtract(TLanes.Load(row + lanes), m1);
                TVector t0 = TLanes.Multiply(weight, d0), t1 = TLanes.Multiply(weight, d1);
                a0 = TLanes.Add(a0, t0);
                a1 = TLanes.Add(a1, t1);
                b0 = TLanes.MultiplyAdd(t0, d0, b0);
                b1 = TLanes.MultiplyAdd(t1, d1, b1);
            }

            TLanes.Store(a0, first + j);
            TLanes.Store(a1, first + j + lanes);
            TLanes.Store(b0, second + j);
            TLanes.Store(b1, second + j + lanes);
        }

        for (; j < size; j += lanes)
        {
            int part = Math.Min(lanes, size - j);
            TVector m = TLanes.LoadFirst(center + j, part, 0), a = TLanes.LoadFirst(first + j, part, 0), b = TLanes.LoadFirst(second + j, part, 0);
            double* row = rows + j;
            for (int n = 0; n < count; n++, row += size)
            {
                if (weights[n] == 0) continue;
                TVector d = TLanes.Subtract(TLanes.LoadFirst(row, part, 0), m), t = TLanes.Multiply(TLanes.Create(weights[n]), d);
                a = TLanes.Add(a, t);
                b = TLanes.MultiplyAdd(t, d, b);
            }

            TLanes.StoreFirst(a, first + j, part);
            TLanes.StoreFirst(b, second + j, part);
        }
    }

    private static void Wide(double* packed, int count, int stride, int i, int j, double* target)
    {
        int lanes = TLanes.Count;
        TVector a0 = TLanes.Load(target), a1 = TLanes.Load(target + lanes);
        TVector b0 = TLanes.Load(target + stride), b1 = TLanes.Load(target + stride + lanes);
        TVector c0 = TLanes.Load(target + 2 * stride), c1 = TLanes.Load(target + 2 * stride + lanes);
        TVector d0 = TLanes.Load(target + 3 * stride), d1 = TLanes.Load(target + 3 * stride + lanes);
        double* left = packed + i, right = packed + j;
        for (int n = 0; n < count; n++, left += stride, right += stride)
        {
            TVector y0 = TLanes.Load(right), y1 = TLanes.Load(right + lanes), x = TLanes.Create(left[0]);
            a0 = TLanes.MultiplyAdd(x, y0, a0);
            a1 = TLanes.MultiplyAdd(x, y1, a1);
            x = TLanes.Create(left[1]);
            b0 = TLanes.MultiplyAdd(x, y0, b0);
            b1 = TLanes.MultiplyAdd(x, y1, b1);
            x = TLanes.Create(left[2]);
            c0 = TLanes.MultiplyAdd(x, y0, c0);
            c1 = TLanes.MultiplyAdd(x, y1, c1);
            x = TLanes.Create(left[3]);
            d0 = TLanes.MultiplyAdd(x, y0, d0);
            d1 = TLanes.MultiplyAdd(x, y1, d1);
        }

        TLanes.Store(a0, target);
        TLanes.Store(a1, target + lanes);
        TLanes.Store(b0, target + stride);
        TLanes.Store(b1, target + stride + lanes);
        TLanes.Store(c0, target + 2 * stride);
        TLanes.Store(c1, target + 2 * stride + lanes);
        TLanes.Store(d0, target + 3 * stride);
        TLanes.Store(d1, target + 3 * stride + lanes);
    }

    private static void Narrow(double* packed, int count, int stride, int i, int j, double* target)
    {
        TVector a = TLanes.Load(target), b = TLanes.Load(target + stride), c = TLanes.Load(target + 2 * stride), d = TLanes.Load(target + 3 * stride);
        double* left = packed + i, right = packed + j;
        for (int n = 0; n < count; n++, left += stride, right += stride)
        {
            TVector y = TLanes.Load(right);
            a = TLanes.MultiplyAdd(TLanes.Create(left[0]), y, a);
            b = TLanes.MultiplyAdd(TLanes.Create(left[1]), y, b);
            c = TLanes.MultiplyAdd(TLanes.Create(left[2]), y, c);
            d = TLanes.MultiplyAdd(TLanes.Create(left[3]), y, d);
        }

        TLanes.Store(a, target);
        TLanes.Store(b, target + stride);
        TLanes.Store(c, target + 2 * stride);
        TLanes.Store(d, target + 3 * stride);
    }
}
