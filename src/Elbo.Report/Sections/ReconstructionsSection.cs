namespace Elbo.Report;

/// <summary>The same data seen several ways, one below the other: originals, corrupted inputs, reconstructions.</summary>
public sealed record ReconstructionsSection : ReportSection
{
    /// <summary>The rows from top to bottom, all with the same number and size of images.</summary>
    public required IReadOnlyList<ImageRow> Rows { get; init; }

    /// <summary>A short caption per column, for example <c>7</c>.</summary>
    public IReadOnlyList<string>? Captions { get; init; }

    /// <summary>The score of each column in nats, for example its ELBO.</summary>
    public IReadOnlyList<double>? Scores { get; init; }

    /// <summary>What <see cref="Scores"/> are, for example <c>ELBO</c>.</summary>
    public string? ScoreLabel { get; init; }
}

/// <summary>One named row of images.</summary>
public sealed record ImageRow
{
    /// <summary>What the row shows, for example <c>original</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The images, one per column.</summary>
    public required ImageSet Images { get; init; }
}
