namespace Elbo.Numerics;

/// <summary>Where the micro-kernel reads an operand from.</summary>
internal enum OperandSource
{
    /// <summary>From the matrix itself.</summary>
    InPlace,

    /// <summary>From a copy in the kernel's order, made tile by tile just before use, in the worker's own memory.</summary>
    PackedOnUse,

    /// <summary>From a copy in the kernel's order, made before the product begins, in the shared workspace.</summary>
    PackedAhead,
}

/// <summary>How a product is computed. It changes the time, never the value.</summary>
/// <param name="A">Where A is read from: <see cref="OperandSource.InPlace"/> or <see cref="OperandSource.PackedAhead"/>.</param>
/// <param name="B">Where B is read from.</param>
internal sealed record MatrixProductStrategy(OperandSource A, OperandSource B)
{
    /// <summary>The strategy that measurements favour for a shape (docs/performance.md, Kernels).</summary>
    /// <remarks>
    /// Copies are the exception: the micro-kernel reads rows of A by broadcasts and rows of B by vectors, at any distance.
    /// It needs a copy where the vectors of B would have to gather (B transposed), and gains by one where rows lie a
    /// multiple of a large power of two apart, so that they compete for few sets of the caches.
    /// </remarks>
    public static MatrixProductStrategy For(in MatrixProductShape shape, int elementBytes, int panelColumns)
    {
        var a = !shape.TransposeA && shape.StrideA * elementBytes % 2048 == 0 && shape.Columns > 64
            ? OperandSource.PackedAhead
            : OperandSource.InPlace;
        var b = OperandSource.InPlace;
        if (shape.TransposeB)
        {
            // Packing on use leaves one part per panel; too few of them would idle threads.
            var few = shape.Columns < 8 * panelColumns && shape.Work >= 4 * MatrixProductTiling.PartWork;
            b = few ? OperandSource.PackedAhead : OperandSource.PackedOnUse;
        }
        else if (shape.StrideB * elementBytes % 4096 == 0 && shape.Rows >= 128)
        {
            b = OperandSource.PackedOnUse;
        }
        return new MatrixProductStrategy(a, b);
    }
}
