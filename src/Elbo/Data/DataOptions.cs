namespace Elbo.Data;

/// <summary>How to find and read data.</summary>
public sealed record DataOptions
{
    /// <summary>The folder to look in first for named sets; null for ELBO_DATA and the cache alone.</summary>
    public string? DataFolder { get; init; }

    /// <summary>How to read a CSV file; null detects everything.</summary>
    public CsvOptions? Csv { get; init; }

    /// <summary>Draws the generated sets. It is not the run's seed, so that runs of different seeds see the same data.</summary>
    public ulong GeneratorSeed { get; init; } = 1;

    /// <summary>How many training rows of a generated set to draw; null for its usual number.</summary>
    public int? GeneratedTrainRows { get; init; }

    /// <summary>How many test rows of a generated set to draw; null for its usual number.</summary>
    public int? GeneratedTestRows { get; init; }
}
