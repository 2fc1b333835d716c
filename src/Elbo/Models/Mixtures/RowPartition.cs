using System.Buffers;
using Elbo.Data;

namespace Elbo.Models;

/// <summary>
/// How a pass over rows is cut: into parts that threads take, and each part into blocks that stay in the cache. Both follow from the sizes alone, so that
/// sums per part, added in the order of the parts, are the same at any number of threads.
/// </summary>
internal sealed class RowPartition
{
    private const int MaxParts = 64, BlockValues = 16 * 1024, LeastBlockRows = 64, MostBlockRows = 512;

    /// <summary>What the sums of all parts may take: 256 MiB.</summary>
    private const long MaxSumValues = 32L << 20;

    private readonly long rows;

    public RowPartition(Observations observations, long sumsPerPart = 0)
    {
        rows = observations.Rows;
        // A multiple of 8 rows fills the vectors of a kernel that has a row in each lane.
        BlockRows = Math.Clamp(BlockValues / observations.Columns, LeastBlockRows, MostBlockRows) / 8 * 8;
        Blocks = (rows + BlockRows - 1) / BlockRows;
        long affordable = sumsPerPart == 0 ? MaxParts : Math.Max(1, MaxSumValues / sumsPerPart);
        Parts = (int)Math.Min(Blocks, Math.Min(MaxParts, affordable));
    }

    public delegate void BlockAction(long first, RowBlock block, ReadOnlySpan<double> weights);

    public int BlockRows { get; }

    public long Blocks { get; }

    public int Parts { get; }

    public void ForEachBlock(Observations observations, int part, BlockAction action)
    {
        long firstBlock = Blocks * part / Parts, end = Blocks * (part + 1) / Parts;
        double[] buffer = ArrayPool<double>.Shared.Rent(BlockRows * observations.Columns);
        try
        {
            for (long block = firstBlock; block < end; block++)
            {
                long first = block * BlockRows;
                int count = (int)Math.Min(BlockRows, rows - first);
                RowBlock values = new(observations.Read(first, count, buffer), observations.Columns, observations.MayHaveMissing);
                action(first, values, observations.Weights.IsEmpty ? default : observations.Weights.Slice((int)first, count));
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }
}
