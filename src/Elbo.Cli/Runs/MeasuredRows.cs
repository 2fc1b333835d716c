using Elbo.Cli.Recipes;
using Elbo.Data;
using Elbo.Storage;

namespace Elbo.Cli.Runs;

/// <summary>What a run's figures were measured on: figures of other rows, or of the same rows seen otherwise, do not compare.</summary>
/// <param name="Split">The part: train, validation or test.</param>
/// <param name="Count">How many rows.</param>
/// <param name="Content">Their SHA-256.</param>
/// <param name="Binarization">How grey values became 0 and 1.</param>
/// <param name="Shift">What was added to each value.</param>
internal sealed record MeasuredRows(string Split, int Count, string Content, Binarization Binarization, double Shift)
{
    public static MeasuredRows Of(FittedRun run, RunSummary summary)
    {
        DataRecipe data = run.Recipe.Data;
        return new MeasuredRows(summary.Split, summary.Rows, RunData.Part(run.Splits, summary.Split).Fingerprint, data.Binarization, data.Shift);
    }

    /// <summary>What differs, in a few words; null where nothing does.</summary>
    public string? Difference(MeasuredRows other)
    {
        if ((Split, Count) != (other.Split, other.Count)) return $"{other.Count} {other.Split} rows and {Count} {Split} rows";
        if (Content != other.Content) return $"{Count} {Split} rows of another content";
        if (Binarization != other.Binarization)
            return $"binarization {NamedEnumConverter<Binarization>.Name(other.Binarization)} and {NamedEnumConverter<Binarization>.Name(Binarization)}";
        return Shift != other.Shift ? "values shifted otherwise" : null;
    }
}
