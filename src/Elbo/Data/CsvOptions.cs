namespace Elbo.Data;

/// <summary>How to read a CSV file. A column is named as in the header, or by its number from 0.</summary>
public sealed record CsvOptions
{
    /// <summary>The column of labels; null for none. Text labels are numbered in the order of their names.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>The column of row weights; null for none.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>The column that says which sequence a row belongs to, as text or number; the rows of a sequence stand together. Null for none.</summary>
    public string? SequenceColumn { get; init; }

    /// <summary>The columns of values, in the order wanted; null for all columns that hold nothing else.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>
    /// The columns that a model was fitted on. Where the file has a header they are taken by name, whatever their order and whatever stands
    /// beside them; labels, weights and sequences may then be absent. Null where there is no model yet.
    /// </summary>
    public IReadOnlyList<string>? ModelColumns { get; init; }

    /// <summary>Those of <see cref="ModelColumns"/> that the file may lack; their values are missing then.</summary>
    public IReadOnlyList<string> OptionalColumns { get; init; } = [];

    /// <summary>
    /// Whether a column of values may hold text, which then stands for categories: they are numbered from 0 in the order of their names, those that
    /// look like numbers too.
    /// </summary>
    public bool TextCategories { get; init; }

    /// <summary>The categories of columns of text, by column, as an earlier file had them; any other text is refused. Null where they are yet to be found.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Categories { get; init; }

    /// <summary>Whether a field may be missing (empty, NA, NaN, null or ?); it becomes NaN.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>The character between fields; null detects comma, semicolon, tab or space from the first line.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first line names the columns; null detects it: a header is a line with a field that is no number.</summary>
    public bool? HasHeader { get; init; }
}
