using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>A CSV file as text, to be written again with some fields changed.</summary>
/// <param name="Header">The names of the columns; null where the file has none.</param>
/// <param name="Rows">The fields of each row, without quotation marks.</param>
/// <param name="ValueColumns">The columns that hold values, in the order of the model's.</param>
/// <param name="Delimiter">The character between fields.</param>
public sealed record CsvText(IReadOnlyList<string>? Header, IReadOnlyList<string[]> Rows, IReadOnlyList<int> ValueColumns, char Delimiter)
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, in UTF-8, plain or in gzip.</param>
    /// <param name="options">Which columns hold what.</param>
    /// <exception cref="ElboException">The file cannot be read, or its lines have different numbers of fields.</exception>
    public static CsvText Load(string path, CsvOptions? options = null) => FileFailure.Guard(path, () =>
    {
        options ??= new CsvOptions();
        using StreamReader reader = new(CompressedFile.Open(path));
        CsvFields cutter = new(path, options);
        string[]? header = null;
        CsvRoles? roles = null;
        List<string[]> rows = [];
        int columns = 0;
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            string[] fields = [.. cutter.Split(text, line)];
            if (roles is null)
            {
                columns = fields.Length;
                if (Csv.IsHeader(fields, options)) header = fields;
                roles = CsvRoles.Find(path, options, header, columns);
                if (header is not null) continue;
            }

            if (fields.Length != columns) throw FileFailure.Mismatch(path, $"has {fields.Length} fields in line {line}, and {columns} were expected, as in its first line", "correct the line");
            rows.Add(fields);
        }

        return new CsvText(header, rows, roles?.Values ?? [], cutter.Delimiter);
    });

    /// <summary>Whether a field says that its value is missing: empty, NA, NaN, null or ?.</summary>
    /// <param name="field">The field.</param>
    public static bool IsMissing(string field) => Csv.IsMissing(field);
}
