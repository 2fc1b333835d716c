namespace Elbo.Data;

/// <summary>Rows of doubles that a reader found, and what it knows of them beside.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="RowShape">The shape of a row, <c>[channels, height, width]</c> for images; its product is the number of columns.</param>
public sealed record LoadedObservations(Observations Rows, IReadOnlyList<int> RowShape)
{
    /// <summary>Whether the source names its columns.</summary>
    public bool HasColumnNames { get; init; }

    /// <summary>Whether these are the source's own test rows.</summary>
    public bool IsTest { get; init; }

    /// <summary>The categories that the numbers of a column of text stand for, by column; null where no column holds text.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Categories { get; init; }

    /// <summary>One label per row; empty where there are none.</summary>
    public IReadOnlyList<int> Labels { get; init; } = [];

    /// <summary>The name of each label from 0; empty where they have none.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>Whether the content is that of the published set: true or false where it is known, null elsewhere.</summary>
    public bool? Verified { get; init; }

    /// <summary>Whether a row is an image.</summary>
    public bool IsImage => RowShape is [1 or 3, _, _];
}
