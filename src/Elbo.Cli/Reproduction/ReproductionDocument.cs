using System.Globalization;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Runs;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Reproduction;

/// <summary>The page of results: a Markdown table at its end, one line a figure.</summary>
internal static class ReproductionDocument
{
    private const string Heading = "| recipe | settings | quantity | ours | published | difference | protocol | source | training | machine | command |";
    private const string Rule = "|---|---|---|---|---|---|---|---|---|---|---|";

    public static string DefaultPath { get; } = Path.Combine("docs", "reproduction.md");

    /// <summary>Throws before hours of training where the page cannot be written after them.</summary>
    public static void CheckWritable(string page)
    {
        try
        {
            using FileStream stream = new(page, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ElboException($"The page of results '{page}' cannot be written: {exception.Message.TrimEnd('.')}; choose another with --document.", exception);
        }
    }

    /// <summary>Appends the result's lines, and the head of the table where the page does not end in one.</summary>
    public static void Append(string page, ReproductionResult result)
    {
        string text = File.Exists(page) ? File.ReadAllText(page).TrimEnd() : "";
        List<string> lines = [];
        if (text.Length > 0) lines.Add(text);
        if (text.Length == 0 || !text.Split('\n')[^1].StartsWith('|'))
        {
            if (text.Length > 0) lines.Add("");
            lines.Add(Heading);
            lines.Add(Rule);
        }

        if (result.Comparisons.Count == 0) lines.Add(Line(result, null));
        foreach (Comparison comparison in result.Comparisons) lines.Add(Line(result, comparison));
        AtomicFile.WriteText(page, string.Join('\n', lines) + "\n");
    }

    private static string Line(ReproductionResult result, Comparison? comparison)
    {
        RunSummary summary = result.Run.Summary;
        MadeRecord? made = result.Recipe.Made;
        string quantity = comparison?.Published.Quantity ?? (summary.LogLikelihood is not null ? "logLikelihood" : summary.Elbo is not null ? "elbo" : "reconstruction");
        double ours = comparison?.Ours ?? summary.LogLikelihood ?? summary.Elbo ?? summary.Reconstruction;
        string error = quantity == "logLikelihood" ? summary.StandardError is { } likelihoodError ? $" ± {Text.Nats(likelihoodError)}" : ""
            : quantity == "elbo" && summary.ElboStandardError is { } elboError ? $" ± {Text.Nats(elboError)}" : "";
        string[] cells =
        [
            result.RecipeName,
            result.Settings,
            quantity,
            Text.Nats(ours) + error,
            comparison is null ? "none" : Text.Nats(comparison.Published.Figure),
            comparison is null ? "" : ReproductionResult.Signed(comparison.Difference),
            comparison?.Published.Protocol ?? $"{summary.Split} rows",
            comparison?.Published.Source ?? result.Recipe.Source ?? "",
            string.Create(CultureInfo.InvariantCulture, $"{Text.Time(TimeSpan.FromSeconds(summary.Seconds))}, {Text.Count((long)summary.RowsPerSecond)} rows/s"),
            made is null ? "" : $"{made.Processor}, {made.Threads} {(made.Threads == 1 ? "thread" : "threads")}, elbo {made.Version.Split('+')[0]}",
            $"`{made?.Command}`",
        ];
        return $"| {string.Join(" | ", cells.Select(static cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")))} |";
    }
}
