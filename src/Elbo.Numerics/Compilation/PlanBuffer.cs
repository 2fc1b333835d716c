namespace Elbo.Numerics;

/// <summary>A run of memory that instructions read and write: a place in the plan's arena, or a variable's own memory.</summary>
internal sealed class PlanBuffer(long bytes)
{
    public long Bytes { get; } = bytes;

    /// <summary>The positions of the first and last instruction that use it.</summary>
    public int First { get; set; }

    public int Last { get; set; }

    /// <summary>The offset in the arena, once planned.</summary>
    public long Offset { get; set; } = -1;

    /// <summary>The address, once the arena exists; at once for memory outside the arena.</summary>
    public nint Address { get; set; }

    public bool IsExternal { get; init; }
}
