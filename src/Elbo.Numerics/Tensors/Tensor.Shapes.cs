namespace Elbo.Numerics;

// The same elements under another shape, parts of them, and several together.
public sealed partial class Tensor
{
    /// <summary>The same elements in row-major order under another shape.</summary>
    /// <exception cref="ArgumentException">The element counts differ.</exception>
    public Tensor Reshape(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Equals(Shape) ? this : Create(new ReshapeOperation(shape), this);
    }

    /// <summary>Dimension <c>i</c> of the result is dimension <c>permutation[i]</c> of this.</summary>
    public Tensor Transpose(params ReadOnlySpan<int> permutation) => Create(new TransposeOperation(IntList.Create(permutation)), this);

    /// <summary>Exchanges the last two dimensions: <c>[..., m, n]</c> becomes <c>[..., n, m]</c>.</summary>
    public Tensor TransposeLast()
    {
        int[] permutation = [.. Enumerable.Range(0, Shape.Rank)];
        if (permutation.Length < 2) throw new ArgumentException($"Transposing the last two dimensions needs rank 2 or more, not {Shape}.");
        (permutation[^1], permutation[^2]) = (permutation[^2], permutation[^1]);
        return Transpose(permutation);
    }

    /// <summary>Stretches extents of 1, and missing leading extents, to a shape.</summary>
    public Tensor BroadcastTo(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Equals(Shape) ? this : Create(new BroadcastOperation(shape), this);
    }

    /// <summary>A rectangular part: <c>sizes[i]</c> elements from <c>starts[i]</c> on along each dimension.</summary>
    public Tensor Slice(ReadOnlySpan<int> starts, Shape sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return sizes.Equals(Shape) ? this : Create(new SliceOperation(IntList.Create(starts), sizes), this);
    }

    /// <summary>The part from <paramref name="start"/> with <paramref name="size"/> elements along one axis; all of the others.</summary>
    public Tensor Slice(int axis, int start, int size)
    {
        int[] starts = new int[Shape.Rank], sizes = Shape.ToArray();
        starts[Shape.Axis(axis)] = start;
        sizes[Shape.Axis(axis)] = size;
        return Slice(starts, Shape.Create(sizes));
    }

    /// <summary>Zeros around the tensor: <c>before[i]</c> and <c>after[i]</c> along each dimension.</summary>
    public Tensor Pad(ReadOnlySpan<int> before, ReadOnlySpan<int> after) => Create(new PadOperation(IntList.Create(before), IntList.Create(after)), this);

    /// <summary>Tensors one after another along an axis; all other extents are equal.</summary>
    public static Tensor Concatenate(int axis, params ReadOnlySpan<Tensor> parts)
    {
        if (parts.IsEmpty) throw new ArgumentException("Concatenation needs at least one tensor.", nameof(parts));
        return parts.Length == 1 ? parts[0] : Create(new ConcatenateOperation(parts[0].Shape.Axis(axis)), parts.ToArray());
    }

    /// <summary>Rows of this table: row <c>i</c> of the result is row <c>indices[i]</c>.</summary>
    /// <param name="indices">A vector <c>[n]</c> of whole numbers; up to 2²⁴ they are exact in float.</param>
    public Tensor Gather(Tensor indices) => Create(new GatherOperation(), this, indices);

    /// <summary>A row of zeros with a one at each index: <c>[n]</c> becomes <c>[n, classes]</c>.</summary>
    public Tensor OneHot(int classes) => Reshape([.. Shape, 1]).EqualTo(Range(classes));

    /// <summary>The lower triangle of each matrix of <c>[..., n, m]</c>, diagonal included; zeros above.</summary>
    public Tensor LowerTriangle()
    {
        int rows = Shape[-2], columns = Shape[-1];
        double[] mask = new double[rows * columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                mask[i * columns + j] = j <= i ? 1 : 0;
        return Where(Constant([rows, columns], mask), this, 0.0);
    }

    /// <summary>The diagonal of each square matrix: <c>[..., n, n]</c> becomes <c>[..., n]</c>.</summary>
    public Tensor Diagonal()
    {
        int n = Shape[-1];
        if (Shape.Rank < 2 || Shape[-2] != n) throw new ArgumentException($"A diagonal needs square matrices [..., n, n], not {Shape}.");
        return Where(Identity(n), this, 0.0).Sum(-1);
    }

    /// <summary>Square matrices with this on the diagonal: <c>[..., n]</c> becomes <c>[..., n, n]</c>.</summary>
    public Tensor DiagonalMatrix() => Where(Identity(Shape[-1]), Reshape([.. Shape, 1]), 0.0);

    /// <summary>The identity matrix <c>[n, n]</c>.</summary>
    public static Tensor Identity(int n)
    {
        double[] values = new double[n * n];
        for (int i = 0; i < n; i++) values[i * n + i] = 1;
        return Constant([n, n], values);
    }

    /// <summary>Sums over the dimensions along which <paramref name="shape"/> was stretched to this one: the transpose of broadcasting.</summary>
    internal Tensor SumTo(Shape shape)
    {
        if (shape.Equals(Shape)) return this;
        int offset = Shape.Rank - shape.Rank;
        int[] axes = [.. Enumerable.Range(0, Shape.Rank).Where(axis => axis < offset || (shape[axis - offset] == 1 && Shape[axis] != 1))];
        Tensor summed = axes.Length == 0 ? this : Create(new ReduceOperation(ReduceKind.Sum, IntList.Create(axes)), this);
        return summed.Reshape(shape);
    }
}
