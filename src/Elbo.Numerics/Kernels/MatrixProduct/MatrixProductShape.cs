namespace Elbo.Numerics;

/// <summary>What a matrix product multiplies: <c>C[rows, columns] = op(A)[rows, depth] · op(B)[depth, columns]</c>, all row-major.</summary>
/// <remarks>
/// Strides count elements. Zero for a row stride means the natural one: the number of columns of the matrix as it is
/// stored. Zero for <see cref="BatchStrideA"/> or <see cref="BatchStrideB"/> means that all products of the batch share
/// that operand.
/// </remarks>
internal readonly record struct MatrixProductShape(int Rows, int Columns, int Depth)
{
    /// <summary>A is stored as <c>[depth, rows]</c>.</summary>
    public bool TransposeA { get; init; }

    /// <summary>B is stored as <c>[columns, depth]</c>.</summary>
    public bool TransposeB { get; init; }

    /// <summary>Distance of the stored rows of A.</summary>
    public nint StrideA { get; init; }

    /// <summary>Distance of the stored rows of B.</summary>
    public nint StrideB { get; init; }

    /// <summary>Distance of the rows of C.</summary>
    public nint StrideC { get; init; }

    /// <summary>Number of products; 0 and 1 both mean one.</summary>
    public int Batch { get; init; }

    /// <summary>Distance of the matrices A of a batch.</summary>
    public nint BatchStrideA { get; init; }

    /// <summary>Distance of the matrices B of a batch.</summary>
    public nint BatchStrideB { get; init; }

    /// <summary>Distance of the matrices C of a batch.</summary>
    public nint BatchStrideC { get; init; }

    /// <summary>Add the product to C instead of overwriting it.</summary>
    public bool Accumulate { get; init; }

    /// <summary>Multiply-adds of one product of the batch.</summary>
    public long Work => (long)Rows * Columns * Depth;

    /// <summary>The shape with every default replaced by its meaning.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or a stride is smaller than a row.</exception>
    public MatrixProductShape Resolve()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Rows);
        ArgumentOutOfRangeException.ThrowIfNegative(Columns);
        ArgumentOutOfRangeException.ThrowIfNegative(Depth);
        ArgumentOutOfRangeException.ThrowIfNegative(Batch);
        return this with
        {
            StrideA = Natural(StrideA, TransposeA ? Rows : Depth, nameof(StrideA)),
            StrideB = Natural(StrideB, TransposeB ? Depth : Columns, nameof(StrideB)),
            StrideC = Natural(StrideC, Columns, nameof(StrideC)),
            Batch = Math.Max(Batch, 1),
            BatchStrideC = BatchStrideC == 0 ? (nint)Rows * Natural(StrideC, Columns, nameof(StrideC)) : BatchStrideC,
        };
    }

    /// <summary>The product that gives Cᵀ from the same operands: <c>Cᵀ = op(B)ᵀ · op(A)ᵀ</c>; of a resolved shape.</summary>
    public MatrixProductShape Swap() => this with
    {
        Rows = Columns,
        Columns = Rows,
        TransposeA = !TransposeB,
        TransposeB = !TransposeA,
        StrideA = StrideB,
        StrideB = StrideA,
        BatchStrideA = BatchStrideB,
        BatchStrideB = BatchStrideA,
    };

    private static nint Natural(nint stride, int rowLength, string name)
    {
        if (stride == 0)
            return rowLength;
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, rowLength, name);
        return stride;
    }
}
