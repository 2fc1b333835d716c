namespace Elbo.Cli.Studies;

/// <summary>Lines of a Markdown table.</summary>
internal static class MarkdownTable
{
    public static IEnumerable<string> Of(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows, int textColumns = 1)
    {
        yield return Line(headings);
        yield return $"|{string.Concat(headings.Select((_, column) => column < textColumns ? "---|" : "---:|"))}";
        foreach (IReadOnlyList<string> row in rows) yield return Line(row);
    }

    public static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(Escaped))} |";

    private static string Escaped(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
