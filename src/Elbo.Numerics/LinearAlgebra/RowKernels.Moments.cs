namespace Elbo.Numerics;

public static unsafe partial class RowKernels
{
    /// <summary>Rows that are packed at once: with 32 columns they and their sums stay in the L1 cache, and loading and storing the sums is 3 % of the work.</summary>
    private const int PackedRows = 64;

    /// <summary>Adds Σₙ wₙ(xₙ − m) and the lower triangle of Σₙ wₙ(xₙ − m)(xₙ − m)ᵀ. Rows of weight 0 are skipped.</summary>
    /// <param name="rows">x, <c>[N, D]</c>.</param>
    /// <param name="weights">w, <c>[N]</c>, not negative.</param>
    /// <param name="center">m, <c>[D]</c>.</param>
    /// <param name="first">Σ w(x − m), <c>[D]</c>.</param>
    /// <param name="second">Σ w(x − m)(x − m)ᵀ, <c>[D, D]</c>; untouched above the diagonal.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void AddOuterProducts(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> center, Span<double> first, Span<double> second) =>
        AddOuterProducts(RowKernelTable.Widest, rows, weights, center, first, second);

    /// <summary>Adds Σₙ wₙ(xₙ − m) and Σₙ wₙ(xₙ − m)² of each column. Rows of weight 0 are skipped.</summary>
    /// <param name="rows">x, <c>[N, D]</c>.</param>
    /// <param name="weights">w, <c>[N]</c>, not negative.</param>
    /// <param name="center">m, <c>[D]</c>.</param>
    /// <param name="first">Σ w(x − m), <c>[D]</c>.</param>
    /// <param name="second">Σ w(x − m)², <c>[D]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void AddSquares(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> center, Span<double> first, Span<double> second) =>
        AddSquares(RowKernelTable.Widest, rows, weights, center, first, second);

    internal static void AddOuterProducts(RowKernelTable table, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> center, Span<double> first, Span<double> second)
    {
        int d = center.Length, count = weights.Length, unit = Math.Max(4, table.Lanes), stride = (d + unit - 1) / unit * unit;
        Require(rows.Length, (long)count * d, nameof(rows));
        Require(first.Length, d, nameof(first));
        Require(second.Length, (long)d * d, nameof(second));
        long sumValues = (long)stride * stride;
        using RowScratch scratch = new(sumValues + (2L + PackedRows) * stride);
        double* sums = scratch.Pointer, mean = sums + sumValues, total = mean + stride, packed = total + stride;
        new Span<double>(sums, checked((int)(sumValues + (2 + PackedRows) * stride))).Clear();
        center.CopyTo(new Span<double>(mean, d));
        bool any = false;
        fixed (double* row = rows, weight = weights)
        {
            for (int n = 0; n < count; n += PackedRows)
            {
                int kept = table.Pack(row + (long)n * d, weight + n, Math.Min(PackedRows, count - n), mean, d, stride, total, packed);
                if (kept == 0) continue;
                any = true;
                table.Outer(packed, kept, d, stride, sums);
            }
        }

        if (!any) return;
        for (int i = 0; i < d; i++)
        {
            first[i] += total[i];
            Add(second.Slice(i * d, i + 1), new ReadOnlySpan<double>(sums + (long)i * stride, i + 1));
        }
    }

    internal static void AddSquares(RowKernelTable table, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> center, Span<double> first, Span<double> second)
    {
        int d = center.Length;
        Require(rows.Length, (long)weights.Length * d, nameof(rows));
        Require(first.Length, d, nameof(first));
        Require(second.Length, d, nameof(second));
        fixed (double* row = rows, weight = weights, mean = center, sums = first, squares = second) table.Squares(row, weight, weights.Length, mean, d, sums, squares);
    }
}
