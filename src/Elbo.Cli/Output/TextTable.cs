namespace Elbo.Cli.Output;

/// <summary>Columns for people and for grep: aligned by spaces, never wrapped or cut.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> rows = [];
    private readonly HashSet<int> right = [];

    /// <summary>Aligns columns of numbers at their right.</summary>
    public TextTable AlignRight(params int[] columns)
    {
        right.UnionWith(columns);
        return this;
    }

    public void Add(params string[] cells) => rows.Add(cells);

    public void Write(TextWriter output)
    {
        string[][] lines = headings.Length == 0 ? [.. rows] : [headings, .. rows];
        if (lines.Length == 0) return;
        int columns = lines.Max(static line => line.Length);
        int[] widths = new int[columns];
        foreach (string[] line in lines)
            for (int i = 0; i < line.Length; i++) widths[i] = Math.Max(widths[i], line[i].Length);
        foreach (string[] line in lines)
        {
            IEnumerable<string> cells = line.Select((cell, i) => right.Contains(i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
