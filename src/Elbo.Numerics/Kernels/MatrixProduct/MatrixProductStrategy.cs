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
/// <param name="A">Where A (if swapped, B) is read from: <see cref="OperandSource.InPlace"/> or <see cref="OperandSource.PackedAhead"/>.</param>
/// <param name="B">Where B (if swapped, A) is read from.</param>
/// <param name="Swapped">Compute <c>Cᵀ = op(B)ᵀ · op(A)ᵀ</c> and transpose its tiles when they are stored: vectors then run along the rows of C.</param>
internal sealed record MatrixProductStrategy(OperandSource A, OperandSource B, bool Swapped = false)
{
    /// <summary>The strategy that measurements favour for a shape (docs/performance.md, Kernels).</summary>
    public static MatrixProductStrategy For(in MatrixProductShape shape, int elementBytes, int lanes)
    {
        // The transposed store costs about half a cycle per element, in which the kernel does lanes / 2 multiply-adds.
        var swapped = shape.Swap();
        return Cost(swapped, lanes) + 0.5 * lanes * shape.Rows * shape.Columns < 0.95 * Cost(shape, lanes)
            ? Sources(swapped, elementBytes, lanes) with { Swapped = true }
            : Sources(shape, elementBytes, lanes);
    }

    /// <summary>
    /// Copies are the exception: the micro-kernel reads rows of A by broadcasts and rows of B by vectors, at any distance.
    /// It needs a copy where the vectors of B would have to gather (B transposed) or to read past its end, and gains by one
    /// where rows lie a multiple of a large power of two apart, so that they compete for few sets of the caches.
    /// </summary>
    private static MatrixProductStrategy Sources(in MatrixProductShape shape, int elementBytes, int lanes)
    {
        var a = !shape.TransposeA && shape.StrideA * elementBytes % 2048 == 0 && shape.Columns >= 64
            ? OperandSource.PackedAhead
            : OperandSource.InPlace;
        var b = OperandSource.InPlace;
        if (shape.TransposeB)
        {
            // Packing on use leaves one part per panel, which a single panel cannot afford; packed ahead, panels change cores.
            var few = shape.Columns <= 2 * lanes && shape.Work >= 4 * MatrixProductTiling.PartWork;
            b = few ? OperandSource.PackedAhead : OperandSource.PackedOnUse;
        }
        else if (shape.StrideB * elementBytes % 4096 == 0 && shape.Rows >= 128)
        {
            b = OperandSource.PackedOnUse;
        }
        else if (shape.Columns < 2 * lanes && shape.Columns % lanes != 0 && shape.Work >= 2 * MatrixProductTiling.PartWork)
        {
            b = OperandSource.PackedAhead;
        }
        return new MatrixProductStrategy(a, b);
    }

    /// <summary>Multiply-adds in whole vectors, and what packing with a transposition (a third of a cycle per element) costs in their place.</summary>
    private static double Cost(in MatrixProductShape shape, int lanes)
    {
        var columns = (shape.Columns + lanes - 1) / lanes * lanes;
        return shape.Depth * ((double)columns * shape.Rows + (shape.TransposeB ? 0.35 * lanes * shape.Columns : 0));
    }
}
