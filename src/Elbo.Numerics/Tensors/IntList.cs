using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>Integers compared by value, so that an operation that holds axes or offsets is equal to another with the same ones.</summary>
[CollectionBuilder(typeof(IntList), nameof(Create))]
[SuppressMessage("Naming", "CA1710", Justification = "Internal.")]
internal readonly struct IntList : IEquatable<IntList>, IEnumerable<int>
{
    private readonly int[]? _values;

    private IntList(int[] values) => _values = values;

    public int Count => _values?.Length ?? 0;

    public int this[int index] => _values![index];

    public static IntList Create(ReadOnlySpan<int> values) => new(values.ToArray());

    public ReadOnlySpan<int> AsSpan() => _values;

    public bool Equals(IntList other) => AsSpan().SequenceEqual(other.AsSpan());

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is IntList other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int value in AsSpan()) hash.Add(value);
        return hash.ToHashCode();
    }

    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_values ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", _values ?? [])}]";
}
