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
    public static void NormalizeLogDensities(Span<double> logDensities, ReadOnlySpan<double> logWeights, Span<double> logTotals)
    {
        int count = logTotals.Length, components = logWeights.Length;
        if (logDensities.Length != components * count) throw new ArgumentException($"{logDensities.Length} log densities were given for {components} components and {count} rows.", nameof(logDensities));
        Span<double> most = logTotals;
        for (int k = 0; k < components; k++)
        {
            Span<double> row = logDensities.Slice(k * count, count);
            AddConstant(row, logWeights[k]);
            if (k == 0) row.CopyTo(most);
            else Maximum(most, row);
        }

        for (int n = 0; n < count; n++)
            if (double.IsNegativeInfinity(most[n])) most[n] = 0;
        Span<double> sums = count <= 1024 ? stackalloc double[count] : new double[count];
        sums.Clear();
        for (int k = 0; k < components; k++)
        {
            Span<double> row = logDensities.Slice(k * count, count);
            Subtract(row, most);
            VectorMath.Exp(row, row);
            Add(sums, row);
        }

        Span<double> scales = count <= 1024 ? stackalloc double[count] : new double[count];
        for (int n = 0; n < count; n++) scales[n] = sums[n] > 0 ? 1 / sums[n] : 0;
        VectorMath.Log(sums, sums);
        Add(logTotals, sums);
        for (int k = 0; k < components; k++) Multiply(logDensities.Slice(k * count, count), scales);
    }

    private static void AddConstant(Span<double> target, double constant)
    {
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(target);
        Vector<double> addend = new(constant);
        foreach (ref Vector<double> vector in vectors) vector += addend;
        for (int i = vectors.Length * Vector<double>.Count; i < target.Length; i++) target[i] += constant;
    }

    private static void Maximum(Span<double> target, ReadOnlySpan<double> other)
    {
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(target);
        ReadOnlySpan<Vector<double>> others = MemoryMarshal.Cast<double, Vector<double>>(other);
        for (int i = 0; i < vectors.Length; i++) vectors[i] = Vector.Max(vectors[i], others[i]);
        for (int i = vectors.Length * Vector<double>.Count; i < target.Length; i++) target[i] = Math.Max(target[i], other[i]);
    }

    private static void Subtract(Span<double> target, ReadOnlySpan<double> other)
    {
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(target);
        ReadOnlySpan<Vector<double>> others = MemoryMarshal.Cast<double, Vector<double>>(other);
        for (int i = 0; i < vectors.Length; i++) vectors[i] -= others[i];
        for (int i = vectors.Length * Vector<double>.Count; i < target.Length; i++) target[i] -= other[i];
    }

    private static void Add(Span<double> target, ReadOnlySpan<double> other)
    {
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(target);
        ReadOnlySpan<Vector<double>> others = MemoryMarshal.Cast<double, Vector<double>>(other);
        for (int i = 0; i < vectors.Length; i++) vectors[i] += others[i];
        for (int i = vectors.Length * Vector<double>.Count; i < target.Length; i++) target[i] += other[i];
    }

    private static void Multiply(Span<double> target, ReadOnlySpan<double> other)
    {
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(target);
        ReadOnlySpan<Vector<double>> others = MemoryMarshal.Cast<double, Vector<double>>(other);
        for (int i = 0; i < vectors.Length; i++) vectors[i] *= others[i];
        for (int i = vectors.Length * Vector<double>.Count; i < target.Length; i++) target[i] *= other[i];
    }
}
