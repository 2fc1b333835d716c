namespace Elbo.Models;

/// <summary>Some consecutive rows, small enough to stay in the cache while a family of components works on them.</summary>
/// <param name="values">The values, <c>[count, columns]</c>, NaN where missing.</param>
/// <param name="columns">D.</param>
/// <param name="mayHaveMissing">Whether a value may be NaN; where false, none is looked for.</param>
public readonly ref struct RowBlock(ReadOnlySpan<double> values, int columns, bool mayHaveMissing)
{
    /// <summary>The values, <c>[count, columns]</c>, NaN where missing.</summary>
    public ReadOnlySpan<double> Values { get; } = values;

    /// <summary>D, the number of columns.</summary>
    public int Columns { get; } = columns;

    /// <summary>The number of rows.</summary>
    public int Count { get; } = values.Length / columns;

    /// <summary>Whether a value may be NaN; where false, none is looked for.</summary>
    public bool MayHaveMissing { get; } = mayHaveMissing;

    /// <summary>One row, <c>[columns]</c>.</summary>
    /// <param name="row">Which, from 0.</param>
    public ReadOnlySpan<double> Row(int row) => Values.Slice(row * Columns, Columns);
}
