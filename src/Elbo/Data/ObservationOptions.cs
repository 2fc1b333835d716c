namespace Elbo.Data;

/// <summary>How to find and read rows of doubles. Columns are named as in a CSV file's header, or by their number from 0.</summary>
public sealed record ObservationOptions
{
    /// <summary>The folder to look in first for named sets; null for ELBO_DATA and the cache alone.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The columns of a CSV file that hold values, in the order wanted; null for all that hold nothing else.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The columns that a model was fitted on, taken by name where a CSV file has a header; see <see cref="CsvOptions.ModelColumns"/>.</summary>
    public IReadOnlyList<string>? ModelColumns { get; init; }

    /// <summary>Those of <see cref="ModelColumns"/> that the file may lack; their values are missing then.</summary>
    public IReadOnlyList<string> OptionalColumns { get; init; } = [];

    /// <summary>Whether text in a CSV file stands for categories; see <see cref="CsvOptions.TextCategories"/>.</summary>
    public bool TextCategories { get; init; }

    /// <summary>The categories of columns of text that a model was fitted on; see <see cref="CsvOptions.Categories"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Categories { get; init; }

    /// <summary>The column of a CSV file that holds row weights; null for none. Of an npz file, the array <c>weights</c> is taken.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>The column of a CSV file that says which sequence a row belongs to; null for none. Of an npz file, the array <c>lengths</c> is taken.</summary>
    public string? SequenceColumn { get; init; }

    /// <summary>The column of a CSV file that holds labels, which no model sees; null for none.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Whether to take the test rows of a source that has its own, instead of its training rows.</summary>
    public bool PreferTest { get; init; }
}
