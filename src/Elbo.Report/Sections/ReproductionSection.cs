namespace Elbo.Report;

/// <summary>How to make the run again: the command, and the recipe in full.</summary>
public sealed record ReproductionSection : ReportSection
{
    /// <summary>The command, copied with one press.</summary>
    public required string Command { get; init; }

    /// <summary>The text of <c>recipe.json</c>, folded away until asked for.</summary>
    public string? Recipe { get; init; }
}
