namespace Elbo.Numerics;

/// <summary>
/// What one instruction computes: an operation with a kernel of its own, or many element-wise operations over one index space of
/// <see cref="Count"/> elements in row-major order, with reductions over runs of <see cref="Segment"/> elements at their end.
/// </summary>
internal sealed class Group(int index, bool isFused, int count)
{
    public int Index { get; } = index;

    public bool IsFused { get; } = isFused;

    /// <summary>The elements of the index space.</summary>
    public int Count { get; } = count;

    /// <summary>The length of the runs that <see cref="Reductions"/> reduce; 0 while there are none.</summary>
    public int Segment { get; set; }

    /// <summary>The nodes computed, in topological order: of a fused group, the element-wise ones; else an operation and its <see cref="Epilogue"/>, of which only the last is stored.</summary>
    public List<Tensor> Nodes { get; } = [];

    /// <summary>What a product's kernel does to its result; null for nothing.</summary>
    public Epilogue? Epilogue { get; set; }

    public List<Tensor> Reductions { get; } = [];

    /// <summary>Groups whose results this one reads.</summary>
    public HashSet<Group> Dependencies { get; } = [];

    /// <summary>Memory read by this group, for finding related work.</summary>
    public HashSet<Tensor> Sources { get; } = [];
}
