using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Consecutive whole sequences that are worked on together, with the rows numbered from the first of the batch.</summary>
/// <param name="FirstRow">The first row in the data.</param>
/// <param name="FirstSequence">The first sequence in the data.</param>
/// <param name="Starts">The first row of each sequence, and behind them the number of rows.</param>
internal sealed record ChainBatch(int FirstRow, int FirstSequence, int[] Starts)
{
    /// <summary>How many rows a batch has at least, unless the data end: their passes stay within a core's share of the cache.</summary>
    public const int LeastRows = 32768;

    public int Sequences => Starts.Length - 1;

    public int Rows => Starts[^1];

    /// <summary>Cuts the data; the cut depends on the lengths of the sequences only.</summary>
    public static ChainBatch[] Cut(Observations rows)
    {
        int[] lengths = Lengths(rows);
        List<ChainBatch> result = [];
        List<int> starts = [0];
        int firstRow = 0, firstSequence = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            starts.Add(starts[^1] + lengths[i]);
            if (starts[^1] < LeastRows && i + 1 < lengths.Length) continue;
            result.Add(new ChainBatch(firstRow, firstSequence, [.. starts]));
            firstRow += starts[^1];
            firstSequence = i + 1;
            starts = [0];
        }

        return [.. result];
    }

    /// <summary>The length of each sequence; all rows are one sequence where they were not cut.</summary>
    /// <exception cref="ElboException">There are more rows than the passes can number.</exception>
    public static int[] Lengths(Observations rows)
    {
        if (rows.Rows > Array.MaxLength) throw new ElboException($"The data '{rows.Name}' have {rows.Rows} rows, and a hidden Markov model numbers up to {Array.MaxLength}; use fewer.");
        return rows.SequenceLengths.IsEmpty ? [(int)rows.Rows] : rows.SequenceLengths.ToArray();
    }

    /// <summary>The sequence that holds a row of the batch.</summary>
    public int SequenceOf(int row)
    {
        int found = Array.BinarySearch(Starts, row);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>Cuts the sequences into runs of at least some rows, so that short ones share a part: the first sequence of each run, and behind them their number.</summary>
    public int[] Runs(int leastRows)
    {
        List<int> result = [0];
        for (int i = 1; i <= Sequences; i++)
            if (i == Sequences || Starts[i] - Starts[result[^1]] >= leastRows) result.Add(i);
        return [.. result];
    }
}
