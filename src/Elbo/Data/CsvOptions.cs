namespace Elbo.Data;

/// <summary>How to read a CSV file.</summary>
public sealed record CsvOptions
{
    /// <summary>The column of labels, by its name in the header or its number from 0; null for none. Text labels are numbered in the order of their names.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Whether a field may be missing (empty, NA, NaN, null or ?); it becomes NaN.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>The character between fields; null detects comma, semicolon, tab or space from the first line.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first line names the columns; null detects it: a header is a line with a field that is no number.</summary>
    public bool? HasHeader { get; init; }
}
