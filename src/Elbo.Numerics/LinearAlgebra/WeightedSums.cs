using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>
/// Sums over rows with one weight per row and lane: the moments of every state or component at once, and squared distances to every one.
/// Lanes are padded rows (<see cref="PaddedRows"/>). Rows are summed in ascending order.
/// </summary>
public static unsafe class WeightedSums
{
    /// <summary>C += Σₜ aₜᵀ bₜ: the outer products of the rows of two matrices.</summary>
    /// <param name="left">a, <c>[count, stride]</c>.</param>
    /// <param name="right">b, <c>[count, stride]</c>.</param>
    /// <param name="size">The number of rows of C; the first so many values of each row of a take part.</param>
    /// <param name="stride">The length of a padded row.</param>
    /// <param name="result">C, <c>[size, stride]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void AddOuterProducts(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int size, int stride, Span<double> result)
    {
        if (stride < 1 || stride % PaddedRows.Width != 0 || size > stride || left.Length != right.Length || left.Length % stride != 0 || result.Length != (long)size * stride)
            throw new ArgumentException($"Rows of {left.Length} and {right.Length} values in strides of {stride} do not make a sum of {result.Length}.", nameof(left));
        int count = left.Length / stride;
        fixed (double* a = left, b = right, c = result)
        {
            for (int i = 0; i < size; i += 4)
            {
                int j = 0;
                // A padded row has 4·n places, so four rows of a are always there to be read; only those below the size are stored.
                int rows = Math.Min(4, size - i);
                for (; j + 2 * PaddedRows.Width <= stride; j += 2 * PaddedRows.Width) OuterTwo(a + i, b + j, c + i * stride + j, count, stride, rows);
                if (j < stride) OuterOne(a + i, b + j, c + i * stride + j, count, stride, rows);
            }
        }
    }

    /// <summary>s += Σₜ wₜ.</summary>
    /// <param name="weights">w, <c>[count, stride]</c>.</param>
    /// <param name="stride">The length of a padded row.</param>
    /// <param name="sums">s, <c>[stride]</c>.</param>
    public static void AddRows(ReadOnlySpan<double> weights, int stride, Span<double> sums)
    {
        for (int t = 0; t < weights.Length; t += stride) PaddedRows.Add(weights.Slice(t, stride), sums[..stride]);
    }

    /// <summary>
    /// For each column d: <c>first_d += Σₜ wₜ ∘ (xₜ_d − c_d)</c> and <c>second_d += Σₜ wₜ ∘ (xₜ_d − c_d)²</c>. Centres near the means keep the digits
    /// that a variance needs.
    /// </summary>
    /// <param name="rows">x, <c>[count, columns]</c>, no value missing.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="weights">w, <c>[count, stride]</c>.</param>
    /// <param name="stride">The length of a padded row.</param>
    /// <param name="centers">c, <c>[columns, stride]</c>.</param>
    /// <param name="first">The first moments, <c>[columns, stride]</c>.</param>
    /// <param name="second">The second moments, <c>[columns, stride]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void AddMoments(ReadOnlySpan<double> rows, int columns, ReadOnlySpan<double> weights, int stride, ReadOnlySpan<double> centers, Span<double> first, Span<double> second)
    {
        int count = weights.Length / stride;
        int size = columns * stride;
        if (stride % PaddedRows.Width != 0 || rows.Length != (long)count * columns || weights.Length != (long)count * stride || centers.Length != size || first.Length != size || second.Length != size)
            throw new ArgumentException($"{rows.Length} values in {columns} columns and {weights.Length} weights in rows of {stride} do not make moments.", nameof(rows));
        fixed (double* x = rows, w = weights, center = centers, one = first, two = second)
        {
            for (int d = 0; d < columns; d++)
            {
                for (int j = 0; j < stride; j += PaddedRows.Width)
                {
                    double* value = x + d, weight = w + j;
                    int at = d * stride + j;
                    Vector256<double> c = Vector256.Load(center + at), sum = Vector256.Load(one + at), squares = Vector256.Load(two + at);
                    for (int t = 0; t < count; t++, value += columns, weight += stride)
                    {
                        Vector256<double> difference = Vector256.Create(*value) - c;
                        Vector256<double> weighted = difference * Vector256.Load(weight);
                        sum += weighted;
                        squares = Vector256.MultiplyAddEstimate(weighted, difference, squares);
                    }

                    sum.Store(one + at);
                    squares.Store(two + at);
                }
            }
        }
    }

    /// <summary><c>rₜ = b + Σ_d p_d ∘ (xₜ_d − c_d)²</c> for every row.</summary>
    /// <param name="rows">x, <c>[count, columns]</c>, no value missing.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="centers">c, <c>[columns, stride]</c>.</param>
    /// <param name="factors">p, <c>[columns, stride]</c>.</param>
    /// <param name="offsets">b, <c>[stride]</c>.</param>
    /// <param name="result">Receives r, <c>[count, stride]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void SquaredDistances(ReadOnlySpan<double> rows, int columns, ReadOnlySpan<double> centers, ReadOnlySpan<double> factors, ReadOnlySpan<double> offsets, Span<double> result)
    {
        int stride = offsets.Length, size = columns * stride, count = columns == 0 ? 0 : rows.Length / columns;
        if (stride % PaddedRows.Width != 0 || rows.Length != (long)count * columns || result.Length != (long)count * stride || centers.Length != size || factors.Length != size)
            throw new ArgumentException($"{rows.Length} values in {columns} columns do not make {result.Length} distances in rows of {stride}.", nameof(rows));
        fixed (double* x = rows, center = centers, factor = factors, offset = offsets, r = result)
        {
            for (int j = 0; j < stride; j += PaddedRows.Width)
            {
                double* c = center + j, p = factor + j;
                Vector256<double> start = Vector256.Load(offset + j);
                int t = 0;
                for (; t + 4 <= count; t += 4)
                {
                    double* value = x + (long)t * columns, target = r + (long)t * stride + j;
                    Vector256<double> r0 = start, r1 = start, r2 = start, r3 = start;
                    for (int d = 0; d < columns; d++, value++)
                    {
                        Vector256<double> m = Vector256.Load(c + d * stride), s = Vector256.Load(p + d * stride);
                        Vector256<double> d0 = Vector256.Create(*value) - m, d1 = Vector256.Create(value[columns]) - m;
                        Vector256<double> d2 = Vector256.Create(value[2 * columns]) - m, d3 = Vector256.Create(value[3 * columns]) - m;
                        r0 = Vector256.MultiplyAddEstimate(d0 * s, d0, r0);
                        r1 = Vector256.MultiplyAddEstimate(d1 * s, d1, r1);
                        r2 = Vector256.MultiplyAddEstimate(d2 * s, d2, r2);
                        r3 = Vector256.MultiplyAddEstimate(d3 * s, d3, r3);
                    }

                    r0.Store(target);
                    r1.Store(target + stride);
                    r2.Store(target + 2 * stride);
                    r3.Store(target + 3 * stride);
                }

                for (; t < count; t++)
                {
                    double* value = x + (long)t * columns;
                    Vector256<double> sum = start;
                    for (int d = 0; d < columns; d++)
                    {
                        Vector256<double> difference = Vector256.Create(value[d]) - Vector256.Load(c + d * stride);
                        sum = Vector256.MultiplyAddEstimate(difference * Vector256.Load(p + d * stride), difference, sum);
                    }

                    sum.Store(r + (long)t * stride + j);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OuterTwo(double* a, double* b, double* c, int count, int stride, int rows)
    {
        Vector256<double> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        for (int t = 0; t < count; t++, a += stride, b += stride)
        {
            Vector256<double> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 4);
            Vector256<double> a0 = Vector256.Create(a[0]), a1 = Vector256.Create(a[1]), a2 = Vector256.Create(a[2]), a3 = Vector256.Create(a[3]);
            c00 = Vector256.MultiplyAddEstimate(a0, b0, c00);
            c01 = Vector256.MultiplyAddEstimate(a0, b1, c01);
            c10 = Vector256.MultiplyAddEstimate(a1, b0, c10);
            c11 = Vector256.MultiplyAddEstimate(a1, b1, c11);
            c20 = Vector256.MultiplyAddEstimate(a2, b0, c20);
            c21 = Vector256.MultiplyAddEstimate(a2, b1, c21);
            c30 = Vector256.MultiplyAddEstimate(a3, b0, c30);
            c31 = Vector256.MultiplyAddEstimate(a3, b1, c31);
        }

        Store(c, c00, c01);
        if (rows > 1) Store(c + stride, c10, c11);
        if (rows > 2) Store(c + 2 * stride, c20, c21);
        if (rows > 3) Store(c + 3 * stride, c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OuterOne(double* a, double* b, double* c, int count, int stride, int rows)
    {
        Vector256<double> c0 = default, c1 = default, c2 = default, c3 = default;
        for (int t = 0; t < count; t++, a += stride, b += stride)
        {
            Vector256<double> b0 = Vector256.Load(b);
            c0 = Vector256.MultiplyAddEstimate(Vector256.Create(a[0]), b0, c0);
            c1 = Vector256.MultiplyAddEstimate(Vector256.Create(a[1]), b0, c1);
            c2 = Vector256.MultiplyAddEstimate(Vector256.Create(a[2]), b0, c2);
            c3 = Vector256.MultiplyAddEstimate(Vector256.Create(a[3]), b0, c3);
        }

        (Vector256.Load(c) + c0).Store(c);
        if (rows > 1) (Vector256.Load(c + stride) + c1).Store(c + stride);
        if (rows > 2) (Vector256.Load(c + 2 * stride) + c2).Store(c + 2 * stride);
        if (rows > 3) (Vector256.Load(c + 3 * stride) + c3).Store(c + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* c, Vector256<double> left, Vector256<double> right)
    {
        (Vector256.Load(c) + left).Store(c);
        (Vector256.Load(c + 4) + right).Store(c + 4);
    }
}
