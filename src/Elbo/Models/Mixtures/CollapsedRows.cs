using System.Runtime.InteropServices;
using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Equal rows taken together with the sum of their weights: the same likelihood, sums and answers, with as many rows as there are different ones.</summary>
internal static class CollapsedRows
{
    private const int BlockValues = 1 << 18;

    /// <summary>Rows read before it is judged whether enough of them are equal; of wide rows, which are less often equal and cost more to compare, as many as have so many values.</summary>
    private const int TrialRows = 16_384, TrialValues = 1 << 20;

    /// <summary>What the different rows may take: 256 MiB.</summary>
    private const long MostValues = 32L << 20;

    /// <summary>The different rows in the order in which they first appear; the rows as they were where more than half of those read are different, or they are too many.</summary>
    public static Observations Of(Observations rows)
    {
        int d = rows.Columns;
        Dictionary<string, int> places = [];
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = places.GetAlternateLookup<ReadOnlySpan<char>>();
        List<double> values = [], weights = [];
        int blockRows = Math.Max(1, Math.Min(TrialRows / 4, BlockValues / d)), trial = Math.Min(TrialRows, TrialValues / d);
        double[] buffer = new double[blockRows * d], normal = new double[d];
        for (long first = 0; first < rows.Rows; first += blockRows)
        {
            int count = (int)Math.Min(blockRows, rows.Rows - first);
            ReadOnlySpan<double> block = rows.Read(first, count, buffer);
            for (int n = 0; n < count; n++)
            {
                double weight = rows.Weights.IsEmpty ? 1 : rows.Weights[(int)first + n];
                if (weight == 0) continue;
                // One bit pattern for each value: NaNs have many, and 0 has two.
                for (int j = 0; j < d; j++) normal[j] = double.IsNaN(block[n * d + j]) ? double.NaN : block[n * d + j] + 0.0;
                ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, MemoryMarshal.Cast<double, char>(normal), out bool exists);
                if (exists)
                {
                    weights[place] += weight;
                    continue;
                }

                place = weights.Count;
                weights.Add(weight);
                values.AddRange(normal);
            }

            if (values.Count > MostValues || (first + count >= trial && weights.Count > (first + count) / 2)) return rows;
        }

        return Observations.FromMatrix(rows.Name, new Matrix(weights.Count, d, [.. values]), rows.ColumnNames, [.. weights]);
    }
}
