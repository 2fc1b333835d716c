using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>
/// Rows of doubles whose length is a multiple of four, so that short rows (one value per hidden state or component) fill whole vectors.
/// A row of n values lies in <see cref="Stride"/>(n) places; what the places behind it hold is up to its user, and takes part in every operation here.
/// </summary>
public static class PaddedRows
{
    /// <summary>The number of doubles that are computed at once: 4 fill 256 bits, the widest that Zen 4 executes whole.</summary>
    public const int Width = 4;

    /// <summary>The places that a row of n values takes: n rounded up to a multiple of four.</summary>
    /// <param name="count">n.</param>
    public static int Stride(int count) => (count + Width - 1) / Width * Width;

    /// <summary>Copies rows into a padded copy, <c>[rows, stride]</c>.</summary>
    /// <param name="matrix">The rows.</param>
    /// <param name="padding">What the places behind each row hold.</param>
    public static double[] Pad(Matrix matrix, double padding = 0)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int stride = Stride(matrix.Columns);
        double[] result = new double[matrix.Rows * stride];
        result.AsSpan().Fill(padding);
        for (int i = 0; i < matrix.Rows; i++) matrix.Row(i).CopyTo(result.AsSpan(i * stride));
        return result;
    }

    /// <summary>Copies the transposed of a matrix into padded rows, <c>[columns, stride of rows]</c>.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="padding">What the places behind each row hold.</param>
    public static double[] PadTransposed(Matrix matrix, double padding = 0)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Pad(matrix.Transpose(), padding);
    }

    /// <summary>y += a·x over one padded row; a term of −∞ stays −∞.</summary>
    /// <param name="factor">a, not 0 where x holds infinities.</param>
    /// <param name="row">x, a whole number of vectors.</param>
    /// <param name="target">y, of the same length.</param>
    public static void AddScaled(double factor, ReadOnlySpan<double> row, Span<double> target)
    {
        ref double source = ref MemoryMarshal.GetReference(row), result = ref MemoryMarshal.GetReference(target[..row.Length]);
        Vector256<double> scale = Vector256.Create(factor);
        for (nuint i = 0; i + Width <= (nuint)row.Length; i += Width)
            Vector256.MultiplyAddEstimate(scale, Vector256.LoadUnsafe(ref source, i), Vector256.LoadUnsafe(ref result, i)).StoreUnsafe(ref result, i);
    }

    /// <summary>y += x over one padded row.</summary>
    /// <param name="row">x, a whole number of vectors.</param>
    /// <param name="target">y, of the same length.</param>
    public static void Add(ReadOnlySpan<double> row, Span<double> target)
    {
        ref double source = ref MemoryMarshal.GetReference(row), result = ref MemoryMarshal.GetReference(target[..row.Length]);
        for (nuint i = 0; i + Width <= (nuint)row.Length; i += Width)
            (Vector256.LoadUnsafe(ref source, i) + Vector256.LoadUnsafe(ref result, i)).StoreUnsafe(ref result, i);
    }

    /// <summary>Subtracts its largest value from each row.</summary>
    /// <param name="rows">The rows, <c>[count, stride]</c>; rows whose largest value is not finite stay as they are.</param>
    /// <param name="stride">The length of a row, a whole number of vectors.</param>
    /// <param name="most">Receives the largest value of each row, <c>[count]</c>.</param>
    public static void ShiftByMaximum(Span<double> rows, int stride, Span<double> most)
    {
        if (rows.Length != most.Length * stride) throw new ArgumentException($"{rows.Length} values are not {most.Length} rows of {stride}.", nameof(rows));
        ref double values = ref MemoryMarshal.GetReference(rows);
        for (int t = 0; t < most.Length; t++)
        {
            nuint first = (nuint)t * (nuint)stride, end = first + (nuint)stride;
            Vector256<double> largest = Vector256.LoadUnsafe(ref values, first);
            for (nuint i = first + Width; i < end; i += Width) largest = Vector256.Max(largest, Vector256.LoadUnsafe(ref values, i));
            Vector128<double> half = Vector128.Max(largest.GetLower(), largest.GetUpper());
            double shift = Math.Max(half[0], half[1]);
            most[t] = shift;
            if (!double.IsFinite(shift)) continue;
            Vector256<double> shifts = Vector256.Create(shift);
            for (nuint i = first; i < end; i += Width) (Vector256.LoadUnsafe(ref values, i) - shifts).StoreUnsafe(ref values, i);
        }
    }
}
