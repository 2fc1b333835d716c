namespace Elbo.Numerics;

/// <summary>
/// Passes over a block of rows that the mixtures, hidden Markov models and their Bayesian forms share: squared distances to many centres,
/// and weighted moments about a centre. Differences are taken before anything is squared, so that no digit is lost where the rows lie far from 0.
/// </summary>
/// <remarks>Sums run in an order that depends on the sizes and on the machine's vector width alone. Blocks of a few hundred rows keep to the L2 cache.</remarks>
public static unsafe partial class RowKernels
{
    /// <summary>‖L⁻¹ₖ(xₙ − mₖ)‖² of each row n and centre k: the Mahalanobis distances of K normal distributions.</summary>
    /// <param name="rows">x, <c>[N, D]</c>.</param>
    /// <param name="centers">m, <c>[K, D]</c>.</param>
    /// <param name="lowerInverses">L⁻¹, lower triangular with zeros above, <c>[K, D, D]</c>.</param>
    /// <param name="result">Room for <c>[K, N]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void TriangularDistances(ReadOnlySpan<double> rows, Matrix centers, ReadOnlySpan<double> lowerInverses, Span<double> result)
    {
        ArgumentNullException.ThrowIfNull(centers);
        int d = centers.Columns, k = centers.Rows;
        Require(lowerInverses.Length, (long)k * d * d, nameof(lowerInverses));
        TriangularDistances(RowKernelTable.Widest, rows, centers, lowerInverses, result);
    }

    /// <summary>‖L⁻¹(xₙ − mₖ)‖² of each row n and centre k, with one L for all: each row meets L once, whatever K.</summary>
    /// <param name="rows">x, <c>[N, D]</c>.</param>
    /// <param name="centers">m, <c>[K, D]</c>.</param>
    /// <param name="lowerInverse">L⁻¹, lower triangular with zeros above, <c>[D, D]</c>.</param>
    /// <param name="result">Room for <c>[K, N]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void SharedTriangularDistances(ReadOnlySpan<double> rows, Matrix centers, ReadOnlySpan<double> lowerInverse, Span<double> result)
    {
        ArgumentNullException.ThrowIfNull(centers);
        Require(lowerInverse.Length, (long)centers.Columns * centers.Columns, nameof(lowerInverse));
        SharedTriangularDistances(RowKernelTable.Widest, rows, centers, lowerInverse, result);
    }

    /// <summary>Σⱼ (xₙⱼ − mₖⱼ)² sₖⱼ of each row n and centre k.</summary>
    /// <param name="rows">x, <c>[N, D]</c>.</param>
    /// <param name="centers">m, <c>[K, D]</c>.</param>
    /// <param name="scales">s, <c>[K, D]</c>: reciprocal variances.</param>
    /// <param name="result">Room for <c>[K, N]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void ScaledDistances(ReadOnlySpan<double> rows, Matrix centers, Matrix scales, Span<double> result)
    {
        ArgumentNullException.ThrowIfNull(centers);
        ArgumentNullException.ThrowIfNull(scales);
        Require(scales.Values.Length, centers.Values.Length, nameof(scales));
        ScaledDistances(RowKernelTable.Widest, rows, centers, scales, result);
    }

    internal static void TriangularDistances(RowKernelTable table, ReadOnlySpan<double> rows, Matrix centers, ReadOnlySpan<double> lowerInverses, Span<double> result)
    {
        int d = centers.Columns, count = CountRows(rows, d), panelRows = table.PanelRows, panels = (count + panelRows - 1) / panelRows;
        Require(result.Length, (long)centers.Rows * count, nameof(result));
        using RowScratch scratch = new((long)panels * panelRows * d + d + panelRows);
        double* zeros = scratch.Pointer + (long)panels * panelRows * d, last = zeros + d;
        new Span<double>(zeros, d).Clear();
        Transpose(rows, count, d, panelRows, scratch.Pointer);
        fixed (double* center = centers.Values, factor = lowerInverses, target = result)
        {
            for (int k = 0; k < centers.Rows; k++)
            {
                for (int p = 0; p < panels; p++)
                {
                    int present = Math.Min(panelRows, count - p * panelRows);
                    double* values = target + (long)k * count + p * panelRows, written = present == panelRows ? values : last;
                    table.Triangular(scratch.Pointer + (long)p * panelRows * d, center + k * d, factor + (long)k * d * d, zeros, d, written);
                    if (written == last) new Span<double>(last, present).CopyTo(new Span<double>(values, present));
                }
            }
        }
    }

    internal static void SharedTriangularDistances(RowKernelTable table, ReadOnlySpan<double> rows, Matrix centers, ReadOnlySpan<double> lowerInverse, Span<double> result)
    {
        int d = centers.Columns, k = centers.Rows, count = CountRows(rows, d), panelRows = table.PanelRows, panels = (count + panelRows - 1) / panelRows;
        Require(result.Length, (long)k * count, nameof(result));
        // Rows and centres are transformed about the mean of the centres, so that a common offset costs no digits.
        double[] middle = new double[d];
        for (int c = 0; c < k; c++)
            for (int j = 0; j < d; j++) middle[j] += centers[c, j] / k;
        Matrix transformed = new(k, d), ones = new(1, d);
        ones.Values.Fill(1);
        for (int c = 0; c < k; c++)
        {
            for (int i = 0; i < d; i++)
            {
                double sum = 0;
                for (int j = 0; j <= i; j++) sum += lowerInverse[i * d + j] * (centers[c, j] - middle[j]);
                transformed[c, i] = sum;
            }
        }

        long panelValues = (long)panelRows * (d + 3);
        using RowScratch scratch = new(panels * panelValues * 2 + d);
        double* output = scratch.Pointer + panels * panelValues, zeros = output + panels * panelValues;
        new Span<double>(zeros, d).Clear();
        Transpose(rows, count, d, panelRows, scratch.Pointer);
        fixed (double* center = middle, factor = lowerInverse)
        {
            for (int p = 0; p < panels; p++) table.Transform(scratch.Pointer + (long)p * panelRows * d, center, factor, zeros, d, output + p * panelValues);
        }

        ScalePanels(table, output, panelValues, count, transformed, ones, result);
    }

    internal static void ScaledDistances(RowKernelTable table, ReadOnlySpan<double> rows, Matrix centers, Matrix scales, Span<double> result)
    {
        int d = centers.Columns, count = CountRows(rows, d), panelRows = table.PanelRows, panels = (count + panelRows - 1) / panelRows;
        Require(result.Length, (long)centers.Rows * count, nameof(result));
        using RowScratch scratch = new((long)panels * panelRows * d);
        Transpose(rows, count, d, panelRows, scratch.Pointer);
        ScalePanels(table, scratch.Pointer, (long)panelRows * d, count, centers, scales, result);
    }

    /// <summary>Distances of panels; scales of one row serve all centres.</summary>
    private static void ScalePanels(RowKernelTable table, double* panels, long panelValues, int count, Matrix centers, Matrix scales, Span<double> result)
    {
        int d = centers.Columns, panelRows = table.PanelRows;
        using RowScratch last = new(2 * panelRows);
        fixed (double* center = centers.Values, scale = scales.Values, target = result)
        {
            for (int k = 0; k < centers.Rows; k += 2)
            {
                int other = Math.Min(k + 1, centers.Rows - 1);
                double* s = scale + (scales.Rows == 1 ? 0 : k * d), otherScale = scale + (scales.Rows == 1 ? 0 : other * d);
                for (int first = 0; first < count; first += panelRows, panels += panelValues)
                {
                    int present = Math.Min(panelRows, count - first);
                    double* values = target + (long)k * count + first, others = target + (long)other * count + first;
                    if (present == panelRows)
                    {
                        table.Scaled(panels, center + k * d, s, center + other * d, otherScale, d, values, others);
                        continue;
                    }

                    table.Scaled(panels, center + k * d, s, center + other * d, otherScale, d, last.Pointer, last.Pointer + panelRows);
                    new Span<double>(last.Pointer, present).CopyTo(new Span<double>(values, present));
                    new Span<double>(last.Pointer + panelRows, present).CopyTo(new Span<double>(others, present));
                }

                panels -= panelValues * ((count + panelRows - 1) / panelRows);
            }
        }
    }

    /// <summary>Rows to panels <c>[D, panel rows]</c>; rows beyond the last are zero.</summary>
    private static void Transpose(ReadOnlySpan<double> rows, int count, int size, int panelRows, double* panels)
    {
        fixed (double* source = rows)
        {
            for (int first = 0; first < count; first += panelRows, panels += (long)panelRows * size)
            {
                int present = Math.Min(panelRows, count - first);
                if (present < panelRows) new Span<double>(panels, panelRows * size).Clear();
                MatrixTranspose<double>.Run(source + (long)first * size, size, panels, panelRows, size, present);
            }
        }
    }

    private static int CountRows(ReadOnlySpan<double> rows, int columns) => columns == 0 ? 0 : rows.Length / columns;

    private static void Require(long length, long expected, string name)
    {
        if (length != expected) throw new ArgumentException($"{length} values were given, and {expected} are expected.", name);
    }
}
