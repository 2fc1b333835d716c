namespace Elbo.Report;

/// <summary>Keys and values in groups: the configuration, the machine. When runs are compared, differing values are marked.</summary>
public sealed record TableSection : ReportSection
{
    /// <summary>The groups, shown side by side where there is room.</summary>
    public required IReadOnlyList<TableGroup> Groups { get; init; }
}

/// <summary>A titled list of keys and values.</summary>
public sealed record TableGroup
{
    /// <summary>The title, for example <c>Model</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The rows.</summary>
    public required IReadOnlyList<TableEntry> Entries { get; init; }
}

/// <summary>One key and its value as text.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
public sealed record TableEntry(string Key, string Value);
