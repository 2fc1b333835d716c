using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>
/// The two products of multiplicative updates of mixtures of counts (topic models, non-negative factorisation), over row-major matrices
/// whose rows are padded with zeros to a multiple of <see cref="Padding"/>. Sums follow one order on every machine.
/// </summary>
public static class CountProducts
{
    /// <summary>Rows are padded to a multiple of this many doubles.</summary>
    public const int Padding = 8;

    /// <summary>The padded length of a row.</summary>
    /// <param name="columns">Its length.</param>
    public static int Stride(int columns) => (columns + Padding - 1) / Padding * Padding;

    /// <summary>Each row's mixture <c>s = B·t</c> and the counts that each column of B explains, divided by t: <c>y = Bᵀ(c ⊘ s)</c>.</summary>
    /// <param name="rows">B, <c>[n, stride]</c>, not negative.</param>
    /// <param name="weights">t, <c>[stride]</c>, not negative; 0 in the padding.</param>
    /// <param name="counts">c, <c>[n]</c>.</param>
    /// <param name="sums">s, <c>[n]</c>, written.</param>
    /// <param name="ratios">c ⊘ s, <c>[n]</c>, written.</param>
    /// <param name="result">y, <c>[stride]</c>, written.</param>
    /// <returns>The smallest element of s; ∞ where n is 0.</returns>
    /// <exception cref="ArgumentException">The lengths do not agree, or the stride is not padded.</exception>
    public static double Explain(
        ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> counts, Span<double> sums, Span<double> ratios, Span<double> result)
    {
        int stride = weights.Length, count = counts.Length;
        if (stride == 0 || stride % Padding != 0 || result.Length != stride || rows.Length != (long)count * stride || sums.Length != count || ratios.Length != count)
            throw new ArgumentException($"{rows.Length} values, {stride} weights, {count} counts and room for {sums.Length}, {ratios.Length} and {result.Length} do not agree.", nameof(rows));
        result.Clear();
        ref double b = ref MemoryMarshal.GetReference(rows);
        ref double t = ref MemoryMarshal.GetReference(weights);
        ref double y = ref MemoryMarshal.GetReference(result);
        Vector512<double> least = Vector512.Create(double.PositiveInfinity);
        int row = 0;
        for (; row + 8 <= count; row += 8)
        {
            Vector512<double> s = EightSums(ref Unsafe.Add(ref b, (nint)row * stride), ref t, stride);
            least = Vector512.Min(least, s);
            Vector512<double> ratio = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(counts), (nuint)row) / s;
            s.StoreUnsafe(ref MemoryMarshal.GetReference(sums), (nuint)row);
            ratio.StoreUnsafe(ref MemoryMarshal.GetReference(ratios), (nuint)row);
            AddEight(ref Unsafe.Add(ref b, (nint)row * stride), ref Unsafe.Add(ref MemoryMarshal.GetReference(ratios), row), ref y, stride);
        }

        double smallest = double.PositiveInfinity;
        for (int lane = 0; lane < 8; lane++) smallest = Math.Min(smallest, least.GetElement(lane));
        for (; row < count; row++)
        {
            ReadOnlySpan<double> values = rows.Slice(row * stride, stride);
            Vector512<double> sum = Vector512<double>.Zero;
            for (int k = 0; k < stride; k += 8) sum = Vector512.MultiplyAddEstimate(Load(values, k), Load(weights, k), sum);
            sums[row] = Sum(sum);
            ratios[row] = counts[row] / sums[row];
            smallest = Math.Min(smallest, sums[row]);
            AddScaled(values, ratios[row], result);
        }

        return smallest;
    }

    /// <summary>The weighted sum of chosen rows of a matrix, added in the order given: <c>y = Σ wⱼ·Mᵢⱼ</c>.</summary>
    /// <param name="matrix">M, <c>[rows, stride]</c>.</param>
    /// <param name="indices">Which rows, <c>[n]</c>.</param>
    /// <param name="weights">w, <c>[n]</c>.</param>
    /// <param name="result">y, <c>[stride]</c>, written; its length is the stride.</param>
    /// <exception cref="ArgumentException">The lengths do not agree, or the stride is not padded.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside.</exception>
    public static void SumRows(ReadOnlySpan<double> matrix, ReadOnlySpan<int> indices, ReadOnlySpan<double> weights, Span<double> result)
    {
        int stride = result.Length;
        if (stride == 0 || stride % Padding != 0 || matrix.Length % stride != 0 || indices.Length != weights.Length)
            throw new ArgumentException($"{matrix.Length} values in rows of {stride}, {indices.Length} indices and {weights.Length} weights do not agree.", nameof(matrix));
        result.Clear();
        for (int j = 0; j < indices.Length; j++) AddScaled(matrix.Slice(indices[j] * stride, stride), weights[j], result);
    }

    /// <summary>Sums of eight rows, one per lane: rows are multiplied eight columns at a time, then the eight partial vectors are transposed and added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> EightSums(ref double rows, ref double weights, int stride)
    {
        Vector512<double> s0 = Vector512<double>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        ref double end = ref Unsafe.Add(ref weights, stride);
        nint step = stride;
        for (ref double w = ref weights; Unsafe.IsAddressLessThan(ref w, ref end); w = ref Unsafe.Add(ref w, 8))
        {
            Vector512<double> t = Vector512.LoadUnsafe(ref w);
            s0 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref rows), t, s0);
            s1 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref rows, step)), t, s1);
            s2 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref rows, 2 * step)), t, s2);
            s3 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref rows, 3 * step)), t, s3);
            s4 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref rows, 4 * step)), t, s4);
            s5 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref rows, 5 * step)), t, s5);
            s6 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref rows, 6 * step)), t, s6);
            s7 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref rows, 7 * step)), t, s7);
            rows = ref Unsafe.Add(ref rows, 8);
        }

        // Lanes as in Sum below: (i, i + 4), then (i, i + 2), then (0, 1); halves of two rows share a vector from the first step on.
        Vector512<double> a = Fold(s0, s4), c = Fold(s2, s6), e = Fold(s1, s5), g = Fold(s3, s7);
        Vector512<double> even = FoldPairs(a, c), odd = FoldPairs(e, g);
        even += Vector512.Shuffle(even, Vector512.Create(1L, 0, 3, 2, 5, 4, 7, 6));
        odd += Vector512.Shuffle(odd, Vector512.Create(1L, 0, 3, 2, 5, 4, 7, 6));
        return Vector512.ConditionalSelect(Vector512.Create(-1L, 0, -1, 0, -1, 0, -1, 0).AsDouble(), even, odd);
    }

    /// <summary>[x₀₋₃ + x₄₋₇, y₀₋₃ + y₄₋₇].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Fold(Vector512<double> x, Vector512<double> y) =>
        Vector512.Create(x.GetLower() + x.GetUpper(), y.GetLower() + y.GetUpper());

    /// <summary>Of [x, y] and [z, w] of four lanes each: [x₀₁ + x₂₃, z₀₁ + z₂₃, y₀₁ + y₂₃, w₀₁ + w₂₃].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> FoldPairs(Vector512<double> xy, Vector512<double> zw)
    {
        Vector256<double> x = xy.GetLower(), y = xy.GetUpper(), z = zw.GetLower(), w = zw.GetUpper();
        return Vector512.Create(
            Vector256.Create(x.GetLower() + x.GetUpper(), z.GetLower() + z.GetUpper()),
            Vector256.Create(y.GetLower() + y.GetUpper(), w.GetLower() + w.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(Vector512<double> vector)
    {
        Vector256<double> four = vector.GetLower() + vector.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two.GetElement(0) + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddEight(ref double rows, ref double factors, ref double target, int stride)
    {
        Vector512<double> f0 = Vector512.Create(factors), f1 = Vector512.Create(Unsafe.Add(ref factors, 1)), f2 = Vector512.Create(Unsafe.Add(ref factors, 2));
        Vector512<double> f3 = Vector512.Create(Unsafe.Add(ref factors, 3)), f4 = Vector512.Create(Unsafe.Add(ref factors, 4)), f5 = Vector512.Create(Unsafe.Add(ref factors, 5));
        Vector512<double> f6 = Vector512.Create(Unsafe.Add(ref factors, 6)), f7 = Vector512.Create(Unsafe.Add(ref factors, 7));
        nint step = stride;
        for (nint k = 0; k < stride; k += 8)
        {
            ref double row = ref Unsafe.Add(ref rows, k);
            Vector512<double> y = Vector512.LoadUnsafe(ref Unsafe.Add(ref target, k));
            y = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref row), f0, y);
            y = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref row, step)), f1, y);
            y = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref row, 2 * step)), f2, y);
            y = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref row, 3 * step)), f3, y);
            y = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref row, 4 * step)), f4, y);
            y = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref row, 5 * step)), f5, y);
            y = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref row, 6 * step)), f6, y);
            y = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref Unsafe.Add(ref row, 7 * step)), f7, y);
            y.StoreUnsafe(ref Unsafe.Add(ref target, k));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(ReadOnlySpan<double> source, double factor, Span<double> target)
    {
        Vector512<double> f = Vector512.Create(factor);
        for (int k = 0; k < source.Length; k += 8)
            Vector512.MultiplyAddEstimate(Load(source, k), f, Vector512.LoadUnsafe(ref target[k])).StoreUnsafe(ref target[k]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ReadOnlySpan<double> values, int index) => Vector512.LoadUnsafe(in values[index]);
}
