using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>The columns of a CSV file that hold text: their categories, and the numbers that stand for them.</summary>
/// <param name="source">The file.</param>
/// <param name="names">The names of the columns of values.</param>
/// <param name="known">The categories of an earlier file by column; null where they are yet to be found.</param>
/// <param name="place">Words for the line and column of a field.</param>
internal sealed class CsvCategories(string source, string[] names, IReadOnlyDictionary<string, IReadOnlyList<string>>? known, Func<int, int, string> place)
{
    private const int MostCategories = 1000;
    private const int Missing = -1;

    private readonly Column[] columns = [.. names.Select(name => new Column(known is null ? null : known.GetValueOrDefault(name) ?? []))];

    /// <summary>Takes a field.</summary>
    /// <returns>What stands for it: NaN where it is missing, or where its category has no number yet; null where it is to be read as a number.</returns>
    /// <exception cref="ElboException">It is none of the known categories, or the column has too many different values.</exception>
    public double? Take(int column, string field, int line, int fieldPlace)
    {
        Column taken = columns[column];
        if (Csv.IsMissing(field))
        {
            if (known is null) taken.Rows?.Add(Missing);
            return double.NaN;
        }

        if (known is not null) return taken.Numbers!.Count == 0 ? null : taken.Numbers.TryGetValue(field, out int number) ? number : throw Unknown(taken, field, line, fieldPlace);
        bool isNumber = Csv.TryParse(field, out _);
        if (!isNumber && taken.FirstText is null) taken.FirstText = (line, fieldPlace);
        if (taken.Rows is not null)
        {
            taken.Rows.Add(taken.Number(field));
            // Numbers that differ so often are no categories, and need not be remembered as text.
            if (taken.Numbers!.Count > MostCategories && taken.FirstText is null) (taken.Rows, taken.Numbers) = (null, null);
        }

        if (taken.FirstText is { } first && taken.Numbers is not { Count: <= MostCategories })
            throw FileFailure.Mismatch(source, $"has text in {place(first.Line, first.Column)}, and more than {MostCategories} different values in that column, too many for categories", "leave the column out, or group its values");
        return isNumber ? null : double.NaN;
    }

    /// <summary>Puts the numbers of the categories into the columns of text.</summary>
    /// <param name="values">The rows.</param>
    /// <param name="header">The first line's fields in the places of the columns; null where it was a row.</param>
    /// <returns>The categories by column; null where no column holds text.</returns>
    /// <exception cref="ElboException">The first line is a row by its looks, and was taken for names.</exception>
    public Dictionary<string, IReadOnlyList<string>>? Number(Matrix values, IReadOnlyList<string>? header)
    {
        Dictionary<string, IReadOnlyList<string>> result = [];
        bool looksLikeRow = header is not null;
        for (int column = 0; column < names.Length; column++)
        {
            Column taken = columns[column];
            bool isText = taken.FirstText is not null;
            looksLikeRow &= isText ? taken.Numbers!.ContainsKey(header![column]) : Csv.IsMissing(header![column]) || Csv.TryParse(header[column], out _);
            if (!isText) continue;
            string[] categories = [.. taken.Numbers!.Keys.Order(StringComparer.Ordinal)];
            int[] order = new int[categories.Length];
            for (int i = 0; i < categories.Length; i++) order[taken.Numbers[categories[i]]] = i;
            for (int row = 0; row < values.Rows; row++) values[row, column] = taken.Rows![row] == Missing ? double.NaN : order[taken.Rows[row]];
            result[names[column]] = categories;
        }

        if (result.Count == 0) return null;
        if (looksLikeRow) throw FileFailure.Mismatch(source, "has a first line that looks like all others, where the names of the columns were expected", "put a line of names above it");
        return result;
    }

    private ElboException Unknown(Column column, string field, int line, int fieldPlace)
    {
        string[] some = [.. column.Numbers!.Keys.Take(12)];
        return FileFailure.Mismatch(
            source, $"has '{field}' in {place(line, fieldPlace)}, whose categories are {string.Join(", ", some)}{(column.Numbers.Count > some.Length ? ", …" : "")}", "correct it, or leave it empty where it is not known");
    }

    /// <summary>What is known of a column: the numbers of its texts in the order of their coming, and which of them each row has.</summary>
    private sealed class Column(IReadOnlyList<string>? known)
    {
        public Dictionary<string, int>? Numbers { get; set; } = known?.Index().ToDictionary(static pair => pair.Item, static pair => pair.Index, StringComparer.Ordinal) ?? new(StringComparer.Ordinal);

        public List<int>? Rows { get; set; } = [];

        /// <summary>Where the first text stands; null where all are numbers.</summary>
        public (int Line, int Column)? FirstText { get; set; }

        public int Number(string text)
        {
            if (Numbers!.TryGetValue(text, out int number)) return number;
            Numbers.Add(text, Numbers.Count);
            return Numbers.Count - 1;
        }
    }
}
