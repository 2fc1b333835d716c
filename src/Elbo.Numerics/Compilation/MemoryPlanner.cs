namespace Elbo.Numerics;

/// <summary>The fifth pass: places buffers in one arena so that two share memory only when no instruction needs both.</summary>
internal static class MemoryPlanner
{
    /// <summary>A cache line and the widest vector.</summary>
    public const int Alignment = 64;

    /// <summary>Sets every offset; returns the arena's size in bytes.</summary>
    public static long Run(IReadOnlyList<PlanBuffer> buffers)
    {
        List<PlanBuffer> live = [];
        long size = 0;
        foreach (PlanBuffer buffer in buffers.Where(buffer => !buffer.IsExternal).OrderBy(buffer => buffer.First).ThenByDescending(buffer => buffer.Bytes))
        {
            live.RemoveAll(other => other.Last < buffer.First);
            live.Sort((a, b) => a.Offset.CompareTo(b.Offset));
            buffer.Offset = BestGap(live, Padded(buffer.Bytes), size);
            size = Math.Max(size, buffer.Offset + Padded(buffer.Bytes));
            live.Add(buffer);
        }

        return size;
    }

    /// <summary>The smallest gap that fits between live buffers, or the end.</summary>
    private static long BestGap(List<PlanBuffer> live, long bytes, long size)
    {
        long best = -1, bestGap = long.MaxValue, cursor = 0;
        foreach (PlanBuffer other in live)
        {
            long gap = other.Offset - cursor;
            if (gap >= bytes && gap < bestGap) (best, bestGap) = (cursor, gap);
            cursor = Math.Max(cursor, other.Offset + Padded(other.Bytes));
        }

        if (size - cursor >= bytes && size - cursor < bestGap) best = cursor;
        return best >= 0 ? best : cursor;
    }

    private static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
