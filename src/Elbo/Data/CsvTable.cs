using System.Globalization;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>Takes the lines of a CSV file one by one. A parser of our own, because it names line and column of the first bad field.</summary>
internal sealed class CsvTable(string source, CsvOptions options)
{
    private readonly List<float> values = [];
    private readonly List<string> labels = [];
    private readonly List<string> fields = [];
    private char delimiter = options.Delimiter ?? '\0';
    private string[]? header;
    private int columns;
    private int labelColumn = -1;

    public void AddLine(string text, int line)
    {
        bool first = columns == 0;
        if (first && delimiter == '\0') delimiter = Detect(text);
        Split(text, line);
        if (first)
        {
            columns = fields.Count;
            bool isHeader = options.HasHeader ?? LooksLikeHeader();
            if (isHeader) header = [.. fields];
            labelColumn = FindLabelColumn();
            if (columns == 1 && labelColumn >= 0)
                throw FileFailure.Mismatch(source, "has labels and no other column", "give it at least one column of numbers");
            if (isHeader) return;
        }

        if (fields.Count != columns)
            throw FileFailure.Mismatch(source, $"has {fields.Count} fields in line {line}, and {columns} were expected, as in its first line", "correct the line");
        for (int column = 0; column < columns; column++)
        {
            if (column == labelColumn) labels.Add(fields[column]);
            else values.Add(Parse(fields[column], line, column));
        }
    }

    public DataSet ToDataSet(string name)
    {
        int rowLength = labelColumn >= 0 ? columns - 1 : columns;
        if (values.Count == 0) throw FileFailure.Mismatch(source, "has no row of numbers", "give it at least one");
        (int[] Labels, string[]? Names)? numbered = labelColumn >= 0 ? NumberLabels() : null;
        return DataSet.FromFloats(name, [.. values], [rowLength], numbered?.Labels, numbered?.Names);
    }

    private static char Detect(string text)
    {
        foreach (char candidate in (ReadOnlySpan<char>)[',', ';', '\t', ' '])
            if (text.Contains(candidate)) return candidate;
        return ',';
    }

    private void Split(string text, int line)
    {
        fields.Clear();
        ReadOnlySpan<char> rest = delimiter == ' ' ? text.AsSpan().Trim() : text;
        while (true)
        {
            ReadOnlySpan<char> trimmed = rest.TrimStart(' ');
            if (trimmed.StartsWith("\""))
            {
                int close = trimmed[1..].IndexOf('"');
                if (close < 0) throw FileFailure.Mismatch(source, $"opens a quotation in line {line} and does not close it there", "correct the line");
                fields.Add(trimmed.Slice(1, close).ToString());
                rest = trimmed[(close + 2)..].TrimStart(' ');
                if (rest.IsEmpty) return;
                if (rest[0] != delimiter && delimiter != ' ') throw FileFailure.Mismatch(source, $"has text after a quotation in line {line}", "correct the line");
            }
            else
            {
                int end = rest.IndexOf(delimiter);
                fields.Add((end < 0 ? rest : rest[..end]).Trim().ToString());
                if (end < 0) return;
                rest = rest[end..];
            }

            // Columns aligned with spaces have runs of them; every other delimiter separates by itself.
            rest = delimiter == ' ' ? rest.TrimStart(' ') : rest[1..];
        }
    }

    private bool LooksLikeHeader()
    {
        int labelIndex = int.TryParse(options.LabelColumn, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : -1;
        for (int i = 0; i < fields.Count; i++)
            if (i != labelIndex && !Csv.IsMissing(fields[i]) && !Csv.TryParse(fields[i], out _)) return true;
        return false;
    }

    private int FindLabelColumn()
    {
        if (options.LabelColumn is not { } wanted) return -1;
        int named = header is null ? -1 : Array.IndexOf(header, wanted);
        if (named >= 0) return named;
        if (int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < columns) return index;
        string known = header is null ? $"{columns} columns and no header" : $"the columns {string.Join(", ", header)}";
        throw FileFailure.Mismatch(source, $"has {known}, and the label column '{wanted}' was expected", "give its name or its number from 0");
    }

    private float Parse(string field, int line, int column)
    {
        bool missing = Csv.IsMissing(field);
        if (missing && options.AllowMissing) return float.NaN;
        if (!missing && Csv.TryParse(field, out float value) && float.IsFinite(value)) return value;
        string place = header is null ? $"line {line}, column {column + 1}" : $"line {line}, column {column + 1} ('{header[column]}')";
        if (missing) throw FileFailure.Mismatch(source, $"has a missing value in {place}", "fill it, or allow missing values");
        throw FileFailure.Mismatch(source, $"has '{Shorten(field)}' in {place}, and a finite number was expected", "correct it, or name the column of labels if this is one");
    }

    private (int[] Labels, string[]? Names) NumberLabels()
    {
        bool numbers = labels.TrueForAll(static label => int.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        if (numbers) return ([.. labels.Select(static label => int.Parse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))], null);
        string[] names = [.. labels.Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, int> number = names.Index().ToDictionary(static pair => pair.Item, static pair => pair.Index);
        return ([.. labels.Select(label => number[label])], names);
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
