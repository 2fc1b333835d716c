using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>
/// Products of a row vector with one matrix and many diagonals in turn, <c>x A D₁ A D₂ …</c>, in the semirings (+, ×) and (max, +): the inner
/// loops of the passes over a Markov chain. All rows are padded rows (<see cref="PaddedRows"/>); each product is a sum of rows of the matrix,
/// so that every element of the next vector is computed in its own lane.
/// </summary>
public static unsafe class ChainProducts
{
    /// <summary>
    /// <c>r₀ = w₀</c>, <c>rₜ = (rₜ₋₁ / Σrₜ₋₁) A ∘ wₜ</c>. The division by the sum of one step is made part of the next, where it does not have to be waited for.
    /// </summary>
    /// <param name="weights">w, <c>[T, stride]</c>, not negative, 0 in the padding.</param>
    /// <param name="matrix">A, <c>[size, stride]</c>.</param>
    /// <param name="size">The number of rows of A, at most stride.</param>
    /// <param name="stride">The length of a padded row.</param>
    /// <param name="result">Receives r, <c>[T, stride]</c>.</param>
    /// <param name="sums">Receives Σrₜ, <c>[T]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void Forward(ReadOnlySpan<double> weights, ReadOnlySpan<double> matrix, int size, int stride, Span<double> result, Span<double> sums)
    {
        Check(weights.Length, matrix.Length, size, stride, result.Length, sums.Length);
        fixed (double* w = weights, a = matrix, r = result)
        {
            for (int t = 0; t < sums.Length; t++)
            {
                double* target = r + (long)t * stride;
                double* weight = w + (long)t * stride;
                Vector256<double> sum = Vector256<double>.Zero;
                if (t == 0)
                {
                    for (int j = 0; j < stride; j += PaddedRows.Width)
                    {
                        Vector256<double> value = Vector256.Load(weight + j);
                        value.Store(target + j);
                        sum += value;
                    }
                }
                else
                {
                    Vector256<double> scale = Vector256.Create(1 / sums[t - 1]);
                    Product<SumOfProducts>(target - stride, a, size, stride, target);
                    for (int j = 0; j < stride; j += PaddedRows.Width)
                    {
                        Vector256<double> value = Vector256.Load(target + j) * (Vector256.Load(weight + j) * scale);
                        value.Store(target + j);
                        sum += value;
                    }
                }

                sums[t] = Vector256.Sum(sum);
            }
        }
    }

    /// <summary><c>r_T₋₁ = 1</c>, <c>rₜ = (wₜ₊₁ ∘ rₜ₊₁ / Σrₜ₊₁) Aᵀ</c>.</summary>
    /// <param name="weights">w, <c>[T, stride]</c>, not negative, 0 in the padding.</param>
    /// <param name="transposed">Aᵀ, <c>[size, stride]</c>.</param>
    /// <param name="size">The number of rows of A, at most stride.</param>
    /// <param name="stride">The length of a padded row.</param>
    /// <param name="result">Receives r, <c>[T, stride]</c>.</param>
    /// <param name="sums">Receives Σrₜ, <c>[T]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void Backward(ReadOnlySpan<double> weights, ReadOnlySpan<double> transposed, int size, int stride, Span<double> result, Span<double> sums)
    {
        Check(weights.Length, transposed.Length, size, stride, result.Length, sums.Length);
        double[] product = new double[stride];
        fixed (double* w = weights, a = transposed, r = result, x = product)
        {
            int last = sums.Length - 1;
            if (last < 0) return;
            new Span<double>(r + (long)last * stride, stride).Clear();
            new Span<double>(r + (long)last * stride, size).Fill(1);
            sums[last] = size;
            for (int t = last - 1; t >= 0; t--)
            {
                double* target = r + (long)t * stride;
                double* next = target + stride;
                double* weight = w + (long)(t + 1) * stride;
                Vector256<double> scale = Vector256.Create(1 / sums[t + 1]);
                for (int j = 0; j < stride; j += PaddedRows.Width) (Vector256.Load(next + j) * (Vector256.Load(weight + j) * scale)).Store(x + j);
                Product<SumOfProducts>(x, a, size, stride, target);
                Vector256<double> sum = Vector256<double>.Zero;
                for (int j = 0; j < stride; j += PaddedRows.Width) sum += Vector256.Load(target + j);
                sums[t] = Vector256.Sum(sum);
            }
        }
    }

    /// <summary><c>r₀ = w₀</c>, <c>rₜⱼ = maxᵢ (rₜ₋₁,ᵢ + Aᵢⱼ) + wₜⱼ</c>: the products of <see cref="Forward"/> in the semiring (max, +), without scaling.</summary>
    /// <param name="weights">w, <c>[T, stride]</c>, finite or −∞; −∞ in the padding.</param>
    /// <param name="matrix">A, <c>[size, stride]</c>, finite or −∞.</param>
    /// <param name="size">The number of rows of A, at most stride.</param>
    /// <param name="stride">The length of a padded row.</param>
    /// <param name="result">Receives r, <c>[T, stride]</c>; T follows from its length.</param>
    /// <returns>The number of rows before the first, but row 0, whose every element is −∞: T where there is none. Rows behind it are not computed.</returns>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static int ForwardMaximum(ReadOnlySpan<double> weights, ReadOnlySpan<double> matrix, int size, int stride, Span<double> result)
    {
        int count = stride < 1 ? 0 : result.Length / stride;
        Check(weights.Length, matrix.Length, size, stride, result.Length, count);
        fixed (double* w = weights, a = matrix, r = result)
        {
            if (count > 0) weights[..stride].CopyTo(result);
            for (int t = 1; t < count; t++)
            {
                double* target = r + (long)t * stride;
                double* weight = w + (long)t * stride;
                Product<MaximumOfSums>(target - stride, a, size, stride, target);
                Vector256<double> most = Vector256.Create(double.NegativeInfinity);
                for (int j = 0; j < stride; j += PaddedRows.Width)
                {
                    Vector256<double> value = Vector256.Load(target + j) + Vector256.Load(weight + j);
                    value.Store(target + j);
                    most = Vector256.MaxNative(most, value);
                }

                if (Vector256.EqualsAll(most, Vector256.Create(double.NegativeInfinity))) return t;
            }
        }

        return count;
    }

    /// <summary>x A, one product.</summary>
    /// <param name="vector">x, at least <paramref name="size"/> values.</param>
    /// <param name="matrix">A, <c>[size, stride]</c>.</param>
    /// <param name="size">The number of rows of A.</param>
    /// <param name="stride">The length of a padded row.</param>
    /// <param name="result">Receives the product, <c>[stride]</c>; does not overlap x.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void Multiply(ReadOnlySpan<double> vector, ReadOnlySpan<double> matrix, int size, int stride, Span<double> result)
    {
        if (vector.Length < size || stride % PaddedRows.Width != 0 || matrix.Length != (long)size * stride || result.Length != stride)
            throw new ArgumentException($"A vector of {vector.Length} and a matrix of {matrix.Length} values do not make a product of {result.Length} with {size} terms.", nameof(vector));
        fixed (double* x = vector, a = matrix, r = result) Product<SumOfProducts>(x, a, size, stride, r);
    }

    private static void Check(int weights, int matrix, int size, int stride, int result, int count)
    {
        if (stride < 1 || stride % PaddedRows.Width != 0 || size < 1 || size > stride || matrix != (long)size * stride || weights < (long)count * stride || result != (long)count * stride)
            throw new ArgumentException($"A matrix of {matrix} values, weights of {weights} and a result of {result} do not make a chain of {count} steps over {size} states in rows of {stride}.");
    }

    /// <summary>One row times the matrix. Four accumulators a vector hide the latency of the sums; which term goes to which depends on its index only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Product<T>(double* x, double* matrix, int size, int stride, double* target)
        where T : struct, ISemiring
    {
        int j = 0;
        for (; stride - j > 4 * PaddedRows.Width || stride - j == 3 * PaddedRows.Width; j += 3 * PaddedRows.Width) Three<T>(x, matrix + j, size, stride, target + j);
        for (; stride - j >= 2 * PaddedRows.Width; j += 2 * PaddedRows.Width) Two<T>(x, matrix + j, size, stride, target + j);
        if (j < stride) One<T>(x, matrix + j, size, stride, target + j);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Three<T>(double* x, double* a, int size, int stride, double* target)
        where T : struct, ISemiring
    {
        Vector256<double> a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, b0 = T.Zero, b1 = T.Zero, b2 = T.Zero, c0 = T.Zero, c1 = T.Zero, c2 = T.Zero;
        int i = 0;
        for (; i + 3 <= size; i += 3, a += 3 * stride)
        {
            Vector256<double> x0 = Vector256.Create(x[i]), x1 = Vector256.Create(x[i + 1]), x2 = Vector256.Create(x[i + 2]);
            a0 = T.Add(a0, x0, Vector256.Load(a));
            a1 = T.Add(a1, x0, Vector256.Load(a + 4));
            a2 = T.Add(a2, x0, Vector256.Load(a + 8));
            b0 = T.Add(b0, x1, Vector256.Load(a + stride));
            b1 = T.Add(b1, x1, Vector256.Load(a + stride + 4));
            b2 = T.Add(b2, x1, Vector256.Load(a + stride + 8));
            c0 = T.Add(c0, x2, Vector256.Load(a + 2 * stride));
            c1 = T.Add(c1, x2, Vector256.Load(a + 2 * stride + 4));
            c2 = T.Add(c2, x2, Vector256.Load(a + 2 * stride + 8));
        }

        for (; i < size; i++, a += stride)
        {
            Vector256<double> x0 = Vector256.Create(x[i]);
            a0 = T.Add(a0, x0, Vector256.Load(a));
            a1 = T.Add(a1, x0, Vector256.Load(a + 4));
            a2 = T.Add(a2, x0, Vector256.Load(a + 8));
        }

        T.Join(a0, T.Join(b0, c0)).Store(target);
        T.Join(a1, T.Join(b1, c1)).Store(target + 4);
        T.Join(a2, T.Join(b2, c2)).Store(target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two<T>(double* x, double* a, int size, int stride, double* target)
        where T : struct, ISemiring
    {
        Vector256<double> a0 = T.Zero, a1 = T.Zero, b0 = T.Zero, b1 = T.Zero, c0 = T.Zero, c1 = T.Zero;
        int i = 0;
        for (; i + 3 <= size; i += 3, a += 3 * stride)
        {
            Vector256<double> x0 = Vector256.Create(x[i]), x1 = Vector256.Create(x[i + 1]), x2 = Vector256.Create(x[i + 2]);
            a0 = T.Add(a0, x0, Vector256.Load(a));
            a1 = T.Add(a1, x0, Vector256.Load(a + 4));
            b0 = T.Add(b0, x1, Vector256.Load(a + stride));
            b1 = T.Add(b1, x1, Vector256.Load(a + stride + 4));
            c0 = T.Add(c0, x2, Vector256.Load(a + 2 * stride));
            c1 = T.Add(c1, x2, Vector256.Load(a + 2 * stride + 4));
        }

        for (; i < size; i++, a += stride)
        {
            Vector256<double> x0 = Vector256.Create(x[i]);
            a0 = T.Add(a0, x0, Vector256.Load(a));
            a1 = T.Add(a1, x0, Vector256.Load(a + 4));
        }

        T.Join(a0, T.Join(b0, c0)).Store(target);
        T.Join(a1, T.Join(b1, c1)).Store(target + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<T>(double* x, double* a, int size, int stride, double* target)
        where T : struct, ISemiring
    {
        Vector256<double> a0 = T.Zero, b0 = T.Zero, c0 = T.Zero;
        int i = 0;
        for (; i + 3 <= size; i += 3, a += 3 * stride)
        {
            a0 = T.Add(a0, Vector256.Create(x[i]), Vector256.Load(a));
            b0 = T.Add(b0, Vector256.Create(x[i + 1]), Vector256.Load(a + stride));
            c0 = T.Add(c0, Vector256.Create(x[i + 2]), Vector256.Load(a + 2 * stride));
        }

        for (; i < size; i++, a += stride) a0 = T.Add(a0, Vector256.Create(x[i]), Vector256.Load(a));
        T.Join(a0, T.Join(b0, c0)).Store(target);
    }

    private interface ISemiring
    {
        static abstract Vector256<double> Zero { get; }

        /// <summary>sum ⊕ (x ⊗ a).</summary>
        static abstract Vector256<double> Add(Vector256<double> sum, Vector256<double> x, Vector256<double> a);

        static abstract Vector256<double> Join(Vector256<double> left, Vector256<double> right);
    }

    private readonly struct SumOfProducts : ISemiring
    {
        public static Vector256<double> Zero => Vector256<double>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Add(Vector256<double> sum, Vector256<double> x, Vector256<double> a) => Vector256.MultiplyAddEstimate(x, a, sum);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Join(Vector256<double> left, Vector256<double> right) => left + right;
    }

    private readonly struct MaximumOfSums : ISemiring
    {
        public static Vector256<double> Zero => Vector256.Create(double.NegativeInfinity);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Add(Vector256<double> sum, Vector256<double> x, Vector256<double> a) => Vector256.MaxNative(sum, x + a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Join(Vector256<double> left, Vector256<double> right) => Vector256.MaxNative(left, right);
    }
}
