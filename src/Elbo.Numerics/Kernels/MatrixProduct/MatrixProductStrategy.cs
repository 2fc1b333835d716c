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
/// <param name="PanelsOutside">Walk C by column panels, each from top to bottom, instead of by rows of tiles.</param>
internal sealed record MatrixProductStrategy(OperandSource A, OperandSource B, bool PanelsOutside)
{
    /// <summary>The strategy that measurements favour for a shape (docs/performance.md, Kernels).</summary>
    public static MatrixProductStrategy For(MatrixProductShape shape, int elementBytes)
    {
        var a = !shape.TransposeA && Aliases(shape.StrideA, elementBytes) && shape.Columns > 64
            ? OperandSource.PackedAhead
            : OperandSource.InPlace;
        var b = shape.TransposeB || (Aliases(shape.StrideB, elementBytes) && shape.Rows > 64)
            ? OperandSource.PackedOnUse
            : OperandSource.InPlace;
        return new MatrixProductStrategy(a, b, PanelsOutside: b == OperandSource.PackedOnUse || shape.Depth > 128);
    }

    /// <summary>Rows at this distance fall into few sets of the caches: a multiple of a large power of two.</summary>
    private static bool Aliases(nint stride, int elementBytes) => stride * elementBytes % 1024 == 0;
}
