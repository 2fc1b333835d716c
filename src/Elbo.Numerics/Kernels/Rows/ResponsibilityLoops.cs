namespace Elbo.Numerics;

/// <summary>Bayes' rule over components, a row in each lane: three short passes over the components of a few rows, which stay in the L1 cache between them.</summary>
internal static unsafe class ResponsibilityLoops<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    /// <summary>Replaces ln p(x|k) by w·p(k|x), and adds up the latter.</summary>
    /// <param name="logs">ln p(x|k) in, w·p(k|x) out, <c>[K, count]</c>.</param>
    /// <param name="logWeights">ln π, <c>[K]</c>.</param>
    /// <param name="components">K.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="rowWeights">w, <c>[count]</c>; null for 1.</param>
    /// <param name="negligible">Below it, p(k|x) is taken as 0.</param>
    /// <param name="logTotals">Room for ln p(x), <c>[count]</c>.</param>
    /// <param name="sums">Sums per lane, <c>[K, lanes]</c>, added to.</param>
    public static void Normalize(double* logs, double* logWeights, int components, int count, double* rowWeights, double negligible, double* logTotals, double* sums)
    {
        int lanes = TLanes.Count, n = 0;
        for (; n + lanes <= count; n += lanes) Whole(logs + n, logWeights, components, count, rowWeights == null ? null : rowWeights + n, negligible, logTotals + n, sums);
        if (n == count) return;
        int part = count - n;
        double* padded = stackalloc double[lanes];
        double* last = stackalloc double[lanes];
        using RowScratch scratch = new((long)components * lanes);
        for (int k = 0; k < components; k++) TLanes.Store(TLanes.LoadFirst(logs + (long)k * count + n, part, 0), scratch.Pointer + k * lanes);
        // Rows beyond the last have weight 0 and add nothing.
        TLanes.Store(rowWeights == null ? TLanes.LoadFirst(Ones(padded, lanes), part, 0) : TLanes.LoadFirst(rowWeights + n, part, 0), padded);
        Whole(scratch.Pointer, logWeights, components, lanes, padded, negligible, last, sums);
        TLanes.StoreFirst(TLanes.Load(last), logTotals + n, part);
        for (int k = 0; k < components; k++) TLanes.StoreFirst(TLanes.Load(scratch.Pointer + k * lanes), logs + (long)k * count + n, part);
    }

    private static double* Ones(double* target, int count)
    {
        new Span<double>(target, count).Fill(1);
        return target;
    }

    private static void Whole(double* logs, double* logWeights, int components, int stride, double* rowWeights, double negligible, double* logTotals, double* sums)
    {
        TVector most = TLanes.Create(double.NegativeInfinity), zero = TLanes.Create(0), total = zero;
        double* row = logs;
        for (int k = 0; k < components; k++, row += stride)
        {
            TVector joint = TLanes.Add(TLanes.Load(row), TLanes.Create(logWeights[k]));
            most = TLanes.Max(most, joint);
            TLanes.Store(joint, row);
        }

        // Where no component can explain a row, −∞ less −∞ would be a NaN.
        TVector shift = TLanes.Select(TLanes.Equal(most, TLanes.Create(double.NegativeInfinity)), zero, most);
        row = logs;
        for (int k = 0; k < components; k++, row += stride)
        {
            TVector share = DoubleExponential<TLanes, TVector>.Exp(TLanes.Subtract(TLanes.Load(row), shift));
            total = TLanes.Add(total, share);
            TLanes.Store(share, row);
        }

        TLanes.Store(TLanes.Add(shift, Apply<LogOperator>(total)), logTotals);
        TVector scale = TLanes.Select(TLanes.Equal(total, zero), zero, TLanes.Divide(TLanes.Create(1), total));
        TVector weight = rowWeights == null ? TLanes.Create(1) : TLanes.Load(rowWeights), least = TLanes.Create(negligible);
        row = logs;
        for (int k = 0; k < components; k++, row += stride)
        {
            TVector share = TLanes.Multiply(TLanes.Load(row), scale);
            share = TLanes.Multiply(TLanes.Select(TLanes.LessThan(share, least), zero, share), weight);
            TLanes.Store(share, row);
            TLanes.Store(TLanes.Add(TLanes.Load(sums + k * TLanes.Count), share), sums + k * TLanes.Count);
        }
    }

    private static TVector Apply<TOperator>(TVector x)
        where TOperator : struct, IUnaryOperator<double> => TOperator.Invoke<TLanes, TVector>(x);
}
