using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>A CSV file as text, read row by row, to be written again with some fields changed.</summary>
public sealed class CsvText : IDisposable
{
    private readonly string path;
    private readonly StreamReader reader;
    private readonly CsvFields cutter;
    private readonly int columns;
    private string[]? waiting;
    private int line;

    private CsvText(string path, CsvOptions options)
    {
        this.path = path;
        reader = new StreamReader(CompressedFile.Open(path));
        cutter = new CsvFields(path, options);
        string[]? fields = NextLine();
        if (fields is null) return;
        columns = fields.Length;
        if (Csv.IsHeader(fields, options)) Header = fields;
        else waiting = fields;
        ValueColumns = CsvRoles.Find(path, options, Header?.ToArray(), columns).Values;
    }

    /// <summary>The names of the columns; null where the file has none.</summary>
    public IReadOnlyList<string>? Header { get; }

    /// <summary>The columns that hold values, in the order of the model's; −1 for one that the file lacks.</summary>
    public IReadOnlyList<int> ValueColumns { get; } = [];

    /// <summary>The character between fields.</summary>
    public char Delimiter => cutter.Delimiter;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file, in UTF-8, plain or in gzip.</param>
    /// <param name="options">Which columns hold what.</param>
    /// <exception cref="ElboException">The file cannot be read, or lacks a column.</exception>
    public static CsvText Open(string path, CsvOptions? options = null) => FileFailure.Guard(path, () => new CsvText(path, options ?? new CsvOptions()));

    /// <summary>The fields of the next row, without quotation marks; null at the end.</summary>
    /// <exception cref="ElboException">The file cannot be read any more, or a line has another number of fields than the first.</exception>
    public string[]? ReadRow() => FileFailure.Guard(path, () =>
    {
        string[]? fields = waiting ?? NextLine();
        waiting = null;
        return fields is null || fields.Length == columns ? fields
            : throw FileFailure.Mismatch(path, $"has {fields.Length} fields in line {line}, and {columns} were expected, as in its first line", "correct the line");
    });

    /// <summary>Whether a field says that its value is missing: empty, NA, NaN, null or ?.</summary>
    /// <param name="field">The field.</param>
    public static bool IsMissing(string field) => Csv.IsMissing(field);

    /// <summary>Closes the file.</summary>
    public void Dispose() => reader.Dispose();

    private string[]? NextLine()
    {
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text)) return [.. cutter.Split(text, line)];
        }

        return null;
    }
}
