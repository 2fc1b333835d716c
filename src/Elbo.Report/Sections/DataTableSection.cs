namespace Elbo.Report;

/// <summary>A table of columns, in groups where its rows belong together.</summary>
public sealed record DataTableSection : ReportSection
{
    /// <summary>The columns.</summary>
    public required IReadOnlyList<DataColumn> Columns { get; init; }

    /// <summary>The rows, each with a cell for every column.</summary>
    public required IReadOnlyList<DataRow> Rows { get; init; }
}

/// <summary>A column.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Numeric">Whether its cells are numbers, aligned at the right.</param>
/// <param name="Explanation">What the heading means, shown under the pointer.</param>
public sealed record DataColumn(string Name, bool Numeric = false, string? Explanation = null);

/// <summary>A row.</summary>
/// <param name="Cells">The cells as text.</param>
public sealed record DataRow(IReadOnlyList<string> Cells)
{
    /// <summary>The heading that the row stands under with its neighbours of the same group; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>Whether the row is set off.</summary>
    public bool Emphasized { get; init; }
}
