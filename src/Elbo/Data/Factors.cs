namespace Elbo.Data;

/// <summary>The known factors behind each row of a generated data set, as indices: what disentanglement is measured against.</summary>
public sealed class Factors
{
    private readonly int[] values;

    /// <summary>Makes a table of factors.</summary>
    /// <param name="names">The name of each factor.</param>
    /// <param name="sizes">How many values each factor takes.</param>
    /// <param name="values">The indices, <c>[rows, factors]</c> in row-major order, each from 0 to its factor's size − 1.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public Factors(IReadOnlyList<string> names, IReadOnlyList<int> sizes, int[] values)
    {
        if (names.Count == 0 || names.Count != sizes.Count || values.Length % names.Count != 0)
            throw new ArgumentException($"{names.Count} names, {sizes.Count} sizes and {values.Length} values do not make a table of factors.", nameof(values));
        Names = [.. names];
        Sizes = [.. sizes];
        this.values = values;
    }

    /// <summary>The name of each factor.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How many values each factor takes.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => values.Length / Names.Count;

    /// <summary>All indices, <c>[rows, factors]</c> in row-major order.</summary>
    public ReadOnlySpan<int> Values => values;

    /// <summary>The indices of one row.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <returns>One index per factor.</returns>
    public ReadOnlySpan<int> Row(int row) => values.AsSpan(row * Names.Count, Names.Count);

    internal Factors Select(ReadOnlySpan<int> rows)
    {
        int[] selected = new int[rows.Length * Names.Count];
        for (int i = 0; i < rows.Length; i++) Row(rows[i]).CopyTo(selected.AsSpan(i * Names.Count));
        return new Factors(Names, Sizes, selected);
    }
}
