namespace Elbo.Numerics;

/// <summary>Maps a row-major index in a shape to an offset under given strides: the plain way to read any view.</summary>
internal readonly struct IndexWalker(Shape shape, int[] strides)
{
    private readonly int[] _extents = shape.ToArray();

    /// <summary>Finds, for an element of a broadcast result, the element of an operand it came from.</summary>
    public static IndexWalker Broadcast(Shape operand, Shape result) => new(result, BroadcastStrides(operand, result));

    /// <summary>The operand's stride along each dimension of the result; 0 where it stretches.</summary>
    public static int[] BroadcastStrides(Shape operand, Shape result)
    {
        int[] own = operand.Strides();
        int[] strides = new int[result.Rank];
        int offset = result.Rank - operand.Rank;
        for (int axis = 0; axis < operand.Rank; axis++)
            strides[offset + axis] = operand[axis] == 1 ? 0 : own[axis];
        return strides;
    }

    public int Source(int index)
    {
        int source = 0;
        for (int axis = _extents.Length - 1; axis >= 0; axis--)
        {
            source += index % _extents[axis] * strides[axis];
            index /= _extents[axis];
        }

        return source;
    }
}
