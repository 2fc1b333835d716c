using System.Globalization;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Runs;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Reproduction;

/// <summary>The page of results: a Markdown table with one line a figure of a recipe, and a section for each study.</summary>
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

    /// <summary>Adds the result's lines at the end of the page's table of recipes; where the page has none, begins one at its end.</summary>
    public static void Append(string page, ReproductionResult result)
    {
        List<string> lines = Read(page);
        List<string> added = result.Comparisons.Count == 0 ? [Line(result, null)] : [.. result.Comparisons.Select(comparison => Line(result, comparison))];
        int head = lines.IndexOf(Heading);
        if (head >= 0)
        {
            int end = lines.FindIndex(head, static line => !line.StartsWith('|'));
            lines.InsertRange(end < 0 ? lines.Count : end, added);
        }
        else
        {
            if (lines.Count > 0) lines.Add("");
            lines.AddRange([Heading, Rule, .. added]);
        }

        Write(page, lines);
    }

    /// <summary>Puts a section under its heading, in the place of the one that was there, else at the end of the page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">The heading, without its signs.</param>
    /// <param name="section">The lines under it.</param>
    public static void ReplaceSection(string page, string title, IEnumerable<string> section)
    {
        List<string> lines = Read(page);
        int start = lines.IndexOf($"## {title}");
        if (start < 0)
        {
            if (lines.Count > 0) lines.Add("");
            start = lines.Count;
        }
        else
        {
            int end = lines.FindIndex(start + 1, static line => line.StartsWith("## ", StringComparison.Ordinal) || line.StartsWith("# ", StringComparison.Ordinal));
            lines.RemoveRange(start, (end < 0 ? lines.Count : end) - start);
        }

        string[] after = start < lines.Count ? [""] : [];
        lines.InsertRange(start, [$"## {title}", "", .. section, .. after]);
        Write(page, lines);
    }

    private static List<string> Read(string page) => File.Exists(page) ? [.. File.ReadAllText(page).TrimEnd().ReplaceLineEndings("\n").Split('\n').SkipWhile(static line => line.Length == 0)] : [];

    private static void Write(string page, List<string> lines) => AtomicFile.WriteText(page, string.Join('\n', lines) + "\n");

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
