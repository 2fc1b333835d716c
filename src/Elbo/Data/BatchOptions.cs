namespace Elbo.Data;

/// <summary>How rows become batches.</summary>
public sealed record BatchOptions
{
    /// <summary>Rows in a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Orders the rows and draws binarisation and corruption.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether each epoch has an order of its own; otherwise rows come as they are stored.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>How grey values become 0 and 1.</summary>
    public Binarization Binarization { get; init; }

    /// <summary>How the input is damaged; null leaves it clean.</summary>
    public Corruption? Corruption { get; init; }
}
