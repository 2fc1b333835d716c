using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

        if (!Avx512F.IsSupported) return Vector512.Create(Sum(s0), Sum(s1), Sum(s2), Sum(s3), Sum(s4), Sum(s5), Sum(s6), Sum(s7));
        // The pairs of Sum below, for two, four and then eight rows at once.
        Vector512<double> low = Halve(AddPairs(s0, s1), AddPairs(s2, s3)), high = Halve(AddPairs(s4, s5), AddPairs(s6, s7));
        return Halve(low, high);
    }

    /// <summary>[x₀ + x₁, y₀ + y₁, x₂ + x₃, y₂ + y₃, …].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> AddPairs(Vector512<double> x, Vector512<double> y) => Avx512F.UnpackLow(x, y) + Avx512F.UnpackHigh(x, y);

    /// <summary>The first and second, then third and fourth pairs of lanes added, of x and then of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Halve(Vector512<double> x, Vector512<double> y) => Avx512F.Shuffle4x128(x, y, 0b10_00_10_00) + Avx512F.Shuffle4x128(x, y, 0b11_01_11_01);

    /// <summary>((x₀ + x₁) + (x₂ + x₃)) + ((x₄ + x₅) + (x₆ + x₇)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(Vector512<double> x) =>
        (x.GetElement(0) + x.GetElement(1) + (x.GetElement(2) + x.GetElement(3))) + (x.GetElement(4) + x.GetElement(5) + (x.GetElement(6) + x.GetElement(7)));

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
