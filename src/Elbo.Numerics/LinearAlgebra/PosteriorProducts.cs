using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>Element-wise products of padded rows with one scale per row, as posteriors are made of messages from both sides.</summary>
public static class PosteriorProducts
{
    /// <summary><c>rₜ = aₜ ∘ bₜ / Σ aₜ ∘ bₜ</c>.</summary>
    /// <param name="left">a, <c>[count, stride]</c>.</param>
    /// <param name="right">b, <c>[count, stride]</c>.</param>
    /// <param name="stride">The length of a padded row.</param>
    /// <param name="result">Receives r, <c>[count, stride]</c>.</param>
    /// <param name="scales">Receives <c>1 / Σ aₜ ∘ bₜ</c>, <c>[count]</c>; empty where not wanted.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void Normalized(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int stride, Span<double> result, Span<double> scales)
    {
        int count = result.Length / stride;
        if (stride % PaddedRows.Width != 0 || left.Length != result.Length || right.Length != result.Length || result.Length != count * stride || (!scales.IsEmpty && scales.Length != count))
            throw new ArgumentException($"Rows of {left.Length} and {right.Length} values in strides of {stride} do not make {result.Length}.", nameof(left));
        ref double a = ref MemoryMarshal.GetReference(left), b = ref MemoryMarshal.GetReference(right), r = ref MemoryMarshal.GetReference(result);
        for (int t = 0; t < count; t++)
        {
            nuint first = (nuint)t * (nuint)stride, end = first + (nuint)stride;
            Vector256<double> sum = Vector256<double>.Zero;
            for (nuint i = first; i < end; i += PaddedRows.Width)
            {
                Vector256<double> product = Vector256.LoadUnsafe(ref a, i) * Vector256.LoadUnsafe(ref b, i);
                product.StoreUnsafe(ref r, i);
                sum += product;
            }

            double scale = 1 / Vector256.Sum(sum);
            if (!scales.IsEmpty) scales[t] = scale;
            Vector256<double> factor = Vector256.Create(scale);
            for (nuint i = first; i < end; i += PaddedRows.Width) (Vector256.LoadUnsafe(ref r, i) * factor).StoreUnsafe(ref r, i);
        }
    }

    /// <summary><c>rₜ = sₜ · aₜ ∘ bₜ</c>.</summary>
    /// <param name="left">a, <c>[count, stride]</c>.</param>
    /// <param name="right">b, <c>[count, stride]</c>.</param>
    /// <param name="scales">s, <c>[count]</c>.</param>
    /// <param name="stride">The length of a padded row.</param>
    /// <param name="result">Receives r, <c>[count, stride]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void Scaled(ReadOnlySpan<double> left, ReadOnlySpan<double> right, ReadOnlySpan<double> scales, int stride, Span<double> result)
    {
        if (stride % PaddedRows.Width != 0 || left.Length != result.Length || right.Length != result.Length || result.Length != scales.Length * stride)
            throw new ArgumentException($"Rows of {left.Length} and {right.Length} values in strides of {stride} do not make {result.Length}.", nameof(left));
        ref double a = ref MemoryMarshal.GetReference(left), b = ref MemoryMarshal.GetReference(right), r = ref MemoryMarshal.GetReference(result);
        for (int t = 0; t < scales.Length; t++)
        {
            nuint first = (nuint)t * (nuint)stride, end = first + (nuint)stride;
            Vector256<double> factor = Vector256.Create(scales[t]);
            for (nuint i = first; i < end; i += PaddedRows.Width)
                (Vector256.LoadUnsafe(ref a, i) * Vector256.LoadUnsafe(ref b, i) * factor).StoreUnsafe(ref r, i);
        }
    }
}
