namespace Elbo.Numerics;

/// <summary>What happens to a tile of the result right after its sums are complete, while it is in the first-level cache.</summary>
/// <remarks>
/// Called once for each element of C, in rectangles, by any thread and in any order: an element's new value may depend on
/// its old value and its position only. A separate pass over the tile costs about three cycles per vector against
/// <c>depth</c> cycles for its sums, and so keeps the micro-kernels free of every combination of epilogues.
/// </remarks>
internal abstract unsafe class TileEpilogue<T>
    where T : unmanaged
{
    /// <summary>What it reads besides C; set before the run.</summary>
    public T* Operand { get; set; }

    /// <summary>Transforms a rectangle of C in place.</summary>
    /// <param name="c">The rectangle's first element; rows lie <paramref name="stride"/> elements apart.</param>
    /// <param name="stride">Distance of the rows of the rectangle.</param>
    /// <param name="row">The rectangle's first row in C.</param>
    /// <param name="column">The rectangle's first column in C.</param>
    /// <param name="rows">Rows of the rectangle.</param>
    /// <param name="columns">Columns of the rectangle.</param>
    /// <param name="batch">The product of the batch.</param>
    public abstract void Apply(T* c, nint stride, int row, int column, int rows, int columns, int batch);
}
