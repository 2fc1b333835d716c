using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>Where the sequences of rows lie.</summary>
internal static class SequenceCuts
{
    /// <summary>The lengths of the sequences; rows that were not cut are one.</summary>
    /// <exception cref="ElboException">The rows have weights, which a sequence has no use for, or are more than fit in memory.</exception>
    public static int[] Lengths(Observations rows)
    {
        if (!rows.Weights.IsEmpty) throw new ElboException($"The rows of '{rows.Name}' have weights, and the rows of a state-space model depend on each other; leave the weights out.");
        return rows.SequenceLengths.IsEmpty ? [checked((int)rows.Rows)] : rows.SequenceLengths.ToArray();
    }

    /// <summary>The first row of each sequence.</summary>
    public static int[] Starts(int[] lengths)
    {
        int[] starts = new int[lengths.Length];
        for (int i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + lengths[i - 1];
        return starts;
    }
}
