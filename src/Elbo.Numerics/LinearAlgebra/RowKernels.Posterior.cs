using System.Numerics;
using System.Runtime.InteropServices;

namespace Elbo.Numerics;

public static unsafe partial class RowKernels
{
    /// <summary>Bayes' rule for a block of rows: replaces ln p(xₙ|k) by p(k|xₙ), and gives ln p(xₙ) = ln Σₖ πₖ p(xₙ|k), shifted by the largest term.</summary>
    /// <param name="logDensities">ln p(xₙ|k) in, p(k|xₙ) out, <c>[K, N]</c>; all 0 for a row that no component can explain.</param>
    /// <param name="logWeights">ln πₖ, <c>[K]</c>; −∞ is allowed.</param>
    /// <param name="logTotals">Room for ln p(xₙ), <c>[N]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void NormalizeLogDensities(Span<double> logDensities, ReadOnlySpan<double> logWeights, Span<double> logTotals) =>
        Normalize(RowKernelTable.Widest, logDensities, logWeights, default, 0, logTotals, default);

    /// <summary>As <see cref="NormalizeLogDensities(Span{double}, ReadOnlySpan{double}, Span{double})"/>, weighing the rows and adding up the components.</summary>
    /// <param name="logDensities">ln p(xₙ|k) in, wₙ p(k|xₙ) out, <c>[K, N]</c>.</param>
    /// <param name="logWeights">ln πₖ, <c>[K]</c>; −∞ is allowed.</param>
    /// <param name="rowWeights">wₙ, <c>[N]</c>; empty for rows that count once.</param>
    /// <param name="negligible">A p(k|xₙ) below it becomes 0, so that what follows may skip the row.</param>
    /// <param name="logTotals">Room for ln p(xₙ), <c>[N]</c>.</param>
    /// <param name="counts">Σₙ wₙ p(k|xₙ) is added, <c>[K]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void NormalizeLogDensities(
        Span<double> logDensities, ReadOnlySpan<double> logWeights, ReadOnlySpan<double> rowWeights, double negligible, Span<double> logTotals, Span<double> counts)
    {
        Require(counts.Length, logWeights.Length, nameof(counts));
        if (!rowWeights.IsEmpty) Require(rowWeights.Length, logTotals.Length, nameof(rowWeights));
        Normalize(RowKernelTable.Widest, logDensities, logWeights, rowWeights, negligible, logTotals, counts);
    }

    /// <summary>Replaces each x by <c>offset + factor · x</c>.</summary>
    /// <param name="values">x.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="offset">The offset.</param>
    public static void Scale(Span<double> values, double factor, double offset)
    {
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        Vector<double> factors = new(factor), offsets = new(offset);
        foreach (ref Vector<double> vector in vectors) vector = offsets + factors * vector;
        for (int i = vectors.Length * Vector<double>.Count; i < values.Length; i++) values[i] = offset + factor * values[i];
    }

    /// <summary>Σ x, in an order that depends on the length and on the machine's vector width alone.</summary>
    /// <param name="values">x.</param>
    public static double Sum(ReadOnlySpan<double> values)
    {
        ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        Vector<double> even = Vector<double>.Zero, odd = even;
        int i = 0;
        for (; i + 1 < vectors.Length; i += 2) (even, odd) = (even + vectors[i], odd + vectors[i + 1]);
        if (i < vectors.Length) even += vectors[i];
        double sum = Vector.Sum(even + odd);
        for (int k = vectors.Length * Vector<double>.Count; k < values.Length; k++) sum += values[k];
        return sum;
    }

    internal static void Normalize(
        RowKernelTable table, Span<double> logDensities, ReadOnlySpan<double> logWeights, ReadOnlySpan<double> rowWeights, double negligible, Span<double> logTotals, Span<double> counts)
    {
        int components = logWeights.Length, count = logTotals.Length;
        Require(logDensities.Length, (long)components * count, nameof(logDensities));
        using RowScratch scratch = new((long)components * table.Lanes);
        Span<double> sums = new(scratch.Pointer, components * table.Lanes);
        sums.Clear();
        fixed (double* logs = logDensities, priors = logWeights, weights = rowWeights, totals = logTotals)
            table.Normalize(logs, priors, components, count, weights, negligible, totals, scratch.Pointer);
        for (int k = 0; k < counts.Length; k++)
            foreach (double sum in sums.Slice(k * table.Lanes, table.Lanes)) counts[k] += sum;
    }

    private static void Add(Span<double> target, ReadOnlySpan<double> other)
    {
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(target);
        ReadOnlySpan<Vector<double>> others = MemoryMarshal.Cast<double, Vector<double>>(other);
        for (int i = 0; i < vectors.Length; i++) vectors[i] += others[i];
        for (int i = vectors.Length * Vector<double>.Count; i < target.Length; i++) target[i] += other[i];
    }
}
