using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Cli.Rows;

/// <summary>Rows a chunk at a time, so that what is computed of them needs no more memory than a chunk.</summary>
internal static class RowChunks
{
    /// <summary>The values of a chunk: 4 MiB of doubles.</summary>
    private const int Values = 1 << 19;

    /// <summary>Chunks are whole blocks of every pass over rows, whose results then do not depend on the cut.</summary>
    private const int LeastRows = 512;

    /// <summary>The rows of a chunk.</summary>
    /// <param name="columns">The columns of a row, or of what is made of it where that is wider.</param>
    public static int RowsOf(int columns) => Math.Max(LeastRows, Values / columns / LeastRows * LeastRows);

    /// <summary>Chunks in order; of sequences whole ones, however long.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="isSequential">Whether the model follows sequences.</param>
    /// <param name="width">The columns of what is made of a row.</param>
    public static IEnumerable<(long First, Observations Rows)> Of(Observations rows, bool isSequential, int width = 1)
    {
        int most = RowsOf(Math.Max(rows.Columns, width));
        if (rows.Rows <= most || (isSequential && rows.SequenceLengths.IsEmpty))
        {
            yield return (0, rows);
            yield break;
        }

        int[] lengths = isSequential ? rows.SequenceLengths.ToArray() : [];
        int sequence = 0;
        for (long first = 0; first < rows.Rows;)
        {
            long count = Math.Min(most, rows.Rows - first);
            if (isSequential)
            {
                count = lengths[sequence++];
                while (sequence < lengths.Length && count + lengths[sequence] <= most) count += lengths[sequence++];
            }

            yield return (first, rows.Slice(first, checked((int)count)));
            first += count;
        }
    }

    /// <summary>What is made of each chunk.</summary>
    public static IEnumerable<Matrix> Map(Observations rows, bool isSequential, int width, Func<Observations, Matrix> make) =>
        Of(rows, isSequential, width).Select(chunk => make(chunk.Rows));

    /// <summary>The log density of each row, <c>[N, 1]</c> a chunk.</summary>
    public static IEnumerable<(Observations Rows, Matrix LogDensities)> LogDensities(RowModel model, Observations rows, bool isSequential, Runtime runtime) =>
        Of(rows, isSequential).Select(chunk =>
        {
            Matrix logs = new((int)chunk.Rows.Rows, 1);
            model.LogDensity(chunk.Rows, logs.Values, runtime);
            return (chunk.Rows, logs);
        });

    /// <summary>The draws of a chunk: the first chunk's are those of rows that need no chunks, and each later one has its own.</summary>
    public static RandomStream Draws(RandomStream random, long first) => first == 0 ? random : random.Split(~(ulong)first);
}
