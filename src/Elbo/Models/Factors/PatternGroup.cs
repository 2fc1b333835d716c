using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// The rows that share one pattern of observed columns. All that a Gaussian needs of them is quadratic in <c>(x, 1)</c>, so each row is kept as
/// <c>√w (x − shift, 1)</c>, and more rows than columns as the triangular factor of their sum of squares: the cost of an iteration no longer depends on them.
/// </summary>
/// <param name="Observed">The observed columns, ascending.</param>
/// <param name="Rows"><c>[Count, |O| + 1]</c>: centred values, and last what the row counts in sums.</param>
/// <param name="Count">The number of rows kept.</param>
/// <param name="Weight">The sum of the weights.</param>
internal sealed record PatternGroup(int[] Observed, double[] Rows, int Count, double Weight)
{
    public int Width => Observed.Length + 1;

    /// <summary>Groups the rows by pattern, in order of first appearance. Rows of weight 0 are left out.</summary>
    /// <param name="rows">The rows, NaN where missing.</param>
    /// <param name="weights">One per row, or empty.</param>
    /// <param name="shift">Taken off every row, <c>[D]</c>.</param>
    /// <param name="runtime">The threads.</param>
    public static List<PatternGroup> Of(Matrix rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> shift, Runtime runtime)
    {
        Dictionary<string, List<int>> groups = [];
        List<(int[] Observed, List<int> Members)> order = [];
        char[] key = new char[(rows.Columns + 15) / 16];
        Dictionary<string, List<int>>.AlternateLookup<ReadOnlySpan<char>> lookup = groups.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i < rows.Rows; i++)
        {
            if (!weights.IsEmpty && weights[i] == 0) continue;
            ReadOnlySpan<double> row = rows.Row(i);
            key.AsSpan().Clear();
            for (int j = 0; j < row.Length; j++)
                if (!double.IsNaN(row[j])) key[j / 16] |= (char)(1 << (j % 16));
            if (!lookup.TryGetValue(key, out List<int>? members))
            {
                lookup[key] = members = [];
                List<int> observed = [];
                for (int j = 0; j < row.Length; j++)
                    if (!double.IsNaN(row[j])) observed.Add(j);
                order.Add(([.. observed], members));
            }

            members.Add(i);
        }

        List<PatternGroup> result = [];
        foreach ((int[] observed, List<int> members) in order) result.Add(Gather(rows, weights, shift, observed, members).Compress(runtime));
        return result;
    }

    /// <summary>Rows without missing values, known by their moments: centred at their mean.</summary>
    public static PatternGroup Of(RowMoments moments)
    {
        int columns = moments.Mean.Length;
        Matrix scatter = new(columns + 1, columns + 1);
        for (int i = 0; i < columns; i++)
            for (int j = 0; j < columns; j++) scatter[i, j] = moments.Covariance[i, j] * moments.TotalWeight;
        scatter[columns, columns] = moments.TotalWeight;
        return new PatternGroup([.. Enumerable.Range(0, columns)], SemidefiniteFactor(scatter), columns + 1, moments.TotalWeight);
    }

    private static PatternGroup Gather(Matrix rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> shift, int[] observed, List<int> members)
    {
        int width = observed.Length + 1;
        double[] values = new double[members.Count * width];
        double total = 0;
        for (int i = 0; i < members.Count; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[members[i]], root = Math.Sqrt(weight);
            total += weight;
            ReadOnlySpan<double> row = rows.Row(members[i]);
            for (int j = 0; j < observed.Length; j++) values[i * width + j] = root * (row[observed[j]] - shift[observed[j]]);
            values[i * width + observed.Length] = root;
        }

        return new PatternGroup(observed, values, members.Count, total);
    }

    private PatternGroup Compress(Runtime runtime)
    {
        if (Count <= 2 * Width) return this;
        Matrix scatter = new(Width, Width);
        runtime.Multiply<double>(Rows, Rows, scatter.Values, Width, Width, transposeA: true);
        return this with { Rows = SemidefiniteFactor(scatter), Count = Width };
    }

    /// <summary>R with RᵀR = A, for an A that may be singular: a column that depends on those before it gets a row of zeros.</summary>
    private static double[] SemidefiniteFactor(Matrix matrix)
    {
        int n = matrix.Rows;
        double[] upper = new double[n * n];
        Matrix rest = matrix.Clone();
        for (int k = 0; k < n; k++)
        {
            double pivot = rest[k, k];
            // What rounding leaves of a dependent column is below this share of what it was.
            if (!(pivot > 1e-14 * matrix[k, k])) continue;
            Span<double> row = upper.AsSpan(k * n, n);
            double root = Math.Sqrt(pivot);
            for (int j = k; j < n; j++) row[j] = rest[k, j] / root;
            for (int i = k + 1; i < n; i++) VectorMath.AddScaled(-row[i], row[i..], rest.Row(i)[i..]);
        }

        return upper;
    }
}
