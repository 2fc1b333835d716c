namespace Elbo.Data;

/// <summary>How to divide rows into training, validation and test.</summary>
public sealed record SplitOptions
{
    /// <summary>How many training rows to set aside for validation.</summary>
    public int ValidationRows { get; init; }

    /// <summary>How many rows to set aside for testing where the source has no test rows of its own; null means a tenth.</summary>
    public int? TestRows { get; init; }

    /// <summary>Chooses the rows to set aside.</summary>
    public ulong Seed { get; init; } = 1;
}
