using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Counts distinct rows, no further than it needs to.</summary>
internal static class DistinctRows
{
    /// <summary>Throws unless there are at least as many distinct rows, that hold a value and weigh something, as components.</summary>
    /// <exception cref="ElboException">There are fewer.</exception>
    public static void Check(Observations rows, int components)
    {
        Dictionary<int, List<double[]>> seen = [];
        int distinct = 0;
        RowPartition partition = new(rows);
        double[] buffer = new double[partition.BlockRows * rows.Columns];
        for (long first = 0; first < rows.Rows; first += partition.BlockRows)
        {
            int count = (int)Math.Min(partition.BlockRows, rows.Rows - first);
            RowBlock block = new(rows.Read(first, count, buffer), rows.Columns, rows.MayHaveMissing);
            for (int n = 0; n < count; n++)
            {
                if (!rows.Weights.IsEmpty && rows.Weights[(int)first + n] == 0) continue;
                ReadOnlySpan<double> row = block.Row(n);
                if (!row.ContainsAnyExcept(double.NaN) || !IsNew(seen, row)) continue;
                if (++distinct >= components) return;
            }
        }

        throw new ElboException($"{components} components were asked for, and '{rows.Name}' has {distinct} distinct row{(distinct == 1 ? "" : "s")}; ask for {distinct} or fewer.");
    }

    private static bool IsNew(Dictionary<int, List<double[]>> seen, ReadOnlySpan<double> row)
    {
        HashCode code = default;
        foreach (double value in row) code.Add(value);
        int hash = code.ToHashCode();
        if (!seen.TryGetValue(hash, out List<double[]>? others)) seen[hash] = others = [];
        foreach (double[] other in others)
            if (row.SequenceEqual(other)) return false;
        others.Add(row.ToArray());
        return true;
    }
}
