using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// The extents of a tensor, outermost first, in row-major order. A scalar has rank 0 and one element. Extents are at least 1.
/// Collection expressions build one: <c>Shape s = [100, 784];</c>.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
[SuppressMessage("Naming", "CA1710", Justification = "A shape is not known as a collection in the field.")]
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    private readonly int[] _extents;

    private Shape(int[] extents, long count)
    {
        _extents = extents;
        ElementCount = checked((int)count);
    }

    /// <summary>The shape of a scalar: <c>[]</c>.</summary>
    public static Shape Scalar { get; } = new([], 1);

    /// <summary>The number of dimensions; 0 for a scalar.</summary>
    public int Rank => _extents.Length;

    /// <summary>The product of all extents; 1 for a scalar.</summary>
    public int ElementCount { get; }

    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>The extent of a dimension; a negative index counts from the last: <c>shape[-1]</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis is not in <c>[-Rank, Rank)</c>.</exception>
    public int this[int axis] => _extents[Axis(axis)];

    /// <summary>Creates a shape from its extents, outermost first.</summary>
    /// <exception cref="ArgumentException">An extent is below 1, or the element count exceeds <see cref="int.MaxValue"/>.</exception>
    public static Shape Create(params ReadOnlySpan<int> extents)
    {
        long count = 1;
        foreach (int extent in extents)
        {
            if (extent < 1)
                throw new ArgumentException($"Shape [{string.Join(", ", extents.ToArray())}] has the extent {extent}; every extent must be at least 1.", nameof(extents));
            count *= extent;
            if (count > int.MaxValue)
                throw new ArgumentException($"Shape [{string.Join(", ", extents.ToArray())}] has more than {int.MaxValue} elements; split the work into smaller tensors.", nameof(extents));
        }

        return extents.Length == 0 ? Scalar : new Shape(extents.ToArray(), count);
    }

    /// <summary>Turns an axis that may count from the end into one in <c>[0, Rank)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis is not in <c>[-Rank, Rank)</c>.</exception>
    public int Axis(int axis)
    {
        if (axis < -Rank || axis >= Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The axis must be in [{-Rank}, {Rank}) for shape {this}.");
        return axis < 0 ? axis + Rank : axis;
    }

    /// <summary>The row-major strides, in elements: <c>[4, 3]</c> has strides <c>[3, 1]</c>.</summary>
    public int[] Strides()
    {
        int[] strides = new int[Rank];
        int stride = 1;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= _extents[axis];
        }

        return strides;
    }

    /// <summary>The extents as a span, outermost first.</summary>
    public ReadOnlySpan<int> AsSpan() => _extents;

    /// <summary>The shape two operands take together when extents of 1 (and missing leading extents) stretch: <c>[5, 1]</c> and <c>[3]</c> give <c>[5, 3]</c>.</summary>
    /// <exception cref="ArgumentException">Two extents differ and neither is 1.</exception>
    public static Shape Broadcast(Shape left, Shape right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Equals(right)) return left;
        int rank = Math.Max(left.Rank, right.Rank);
        int[] extents = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int a = i <= left.Rank ? left._extents[^i] : 1;
            int b = i <= right.Rank ? right._extents[^i] : 1;
            if (a != b && a != 1 && b != 1)
                throw new ArgumentException($"Shapes {left} and {right} do not broadcast: counted from the end, extent {i} is {a} on one side and {b} on the other; they must be equal or one of them 1.");
            extents[^i] = Math.Max(a, b);
        }

        return Create(extents);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _extents.AsSpan().SequenceEqual(other._extents);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int extent in _extents) hash.Add(extent);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_extents).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The shape as written in code: <c>[100, 784]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", _extents)}]";
}
