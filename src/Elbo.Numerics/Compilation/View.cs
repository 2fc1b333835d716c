namespace Elbo.Numerics;

/// <summary>
/// A tensor read as strides into the memory of another: transposes, slices and broadcasts cost no copy. Element
/// <c>(i₀, i₁, …)</c> lies at <c>Offset + Σ iₖ·Strides[k]</c> elements from the start of <see cref="Base"/>.
/// </summary>
internal sealed class View
{
    public View(Tensor @base, Shape shape, int[] strides, int offset)
    {
        Base = @base;
        Shape = shape;
        Strides = strides;
        Offset = offset;
        IsContiguous = true;
        int expected = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected) IsContiguous = false;
            expected *= shape[axis];
        }
    }

    public Tensor Base { get; }

    public Shape Shape { get; }

    public int[] Strides { get; }

    public int Offset { get; }

    /// <summary>Whether the elements lie one after another in row-major order.</summary>
    public bool IsContiguous { get; }

    /// <summary>Whether this is the whole of the base in its own order.</summary>
    public bool IsWhole => IsContiguous && Shape.ElementCount == Base.Shape.ElementCount;

    /// <summary>The view stretched to a shape.</summary>
    public View BroadcastTo(Shape target)
    {
        if (target.Equals(Shape)) return this;
        int[] strides = new int[target.Rank];
        int lead = target.Rank - Shape.Rank;
        for (int axis = 0; axis < Shape.Rank; axis++) strides[lead + axis] = Shape[axis] == 1 ? 0 : Strides[axis];
        return new View(Base, target, strides, Offset);
    }

    /// <summary>Follows transposes, slices, broadcasts and reshapes down to the memory they read; null where a reshape cannot be expressed by strides.</summary>
    public static View? Of(Tensor tensor)
    {
        if (tensor.Operation is not (ReshapeOperation or TransposeOperation or SliceOperation or BroadcastOperation))
            return new View(tensor, tensor.Shape, tensor.Shape.Strides(), 0);
        if (Of(tensor.Inputs[0]) is not { } inner) return null;
        switch (tensor.Operation)
        {
            case TransposeOperation transpose:
                return new View(inner.Base, tensor.Shape, [.. transpose.Permutation.Select(axis => inner.Strides[axis])], inner.Offset);
            case SliceOperation slice:
                int offset = inner.Offset;
                for (int axis = 0; axis < slice.Starts.Count; axis++) offset += slice.Starts[axis] * inner.Strides[axis];
                return new View(inner.Base, tensor.Shape, inner.Strides, offset);
            case BroadcastOperation:
                return inner.BroadcastTo(tensor.Shape);
            default:
                return Reshape(inner, tensor.Shape);
        }
    }

    private static View? Reshape(View view, Shape shape)
    {
        if (view.IsContiguous) return new View(view.Base, shape, shape.Strides(), view.Offset);

        // Extents of 1 may come and go under any strides; anything else needs a copy.
        int[] kept = [.. Enumerable.Range(0, view.Shape.Rank).Where(axis => view.Shape[axis] != 1)];
        if (!kept.Select(axis => view.Shape[axis]).SequenceEqual(shape.Where(extent => extent != 1))) return null;
        int[] strides = new int[shape.Rank];
        int next = 0;
        for (int axis = 0; axis < shape.Rank; axis++)
            if (shape[axis] != 1) strides[axis] = view.Strides[kept[next++]];
        return new View(view.Base, shape, strides, view.Offset);
    }
}
