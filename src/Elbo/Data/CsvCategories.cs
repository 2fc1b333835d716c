using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>The columns of a CSV file that hold text: their categories, and the numbers that stand for them.</summary>
/// <param name="source">The file.</param>
/// <param name="names">The names of the columns of values.</param>
/// <param name="known">The categories of an earlier file by column; null where they are yet to be found.</param>
internal sealed class CsvCategories(string source, string[] names, IReadOnlyDictionary<string, IReadOnlyList<string>>? known)
{
    private const int MostCategories = 1000;

    private readonly List<string?>[] texts = [.. names.Select(static _ => new List<string?>())];
    private readonly int[] firstText = new int[names.Length];

    /// <summary>Takes a field; null where it is missing.</summary>
    public void Add(int place, string? text, int line)
    {
        texts[place].Add(text);
        if (text is null) return;
        if (known?.GetValueOrDefault(names[place]) is { } categories)
        {
            if (categories.Contains(text)) return;
            throw FileFailure.Mismatch(source, $"has '{text}' in line {line}, column '{names[place]}', whose categories are {string.Join(", ", categories.Take(12))}", "correct it, or leave it empty where it is not known");
        }

        if (Csv.TryParse(text, out double value) && double.IsFinite(value)) return;
        if (known is not null)
            throw FileFailure.Mismatch(source, $"has '{text}' in line {line}, column '{names[place]}', and a finite number was expected", "correct it, or choose other columns");
        if (firstText[place] == 0) firstText[place] = line;
    }

    /// <summary>Puts the numbers of the categories into the columns of text.</summary>
    /// <returns>The categories by column; null where no column holds text.</returns>
    public Dictionary<string, IReadOnlyList<string>>? Number(Matrix values)
    {
        Dictionary<string, IReadOnlyList<string>> result = [];
        for (int place = 0; place < names.Length; place++)
        {
            IReadOnlyList<string>? categories = known is not null ? known.GetValueOrDefault(names[place])
                : firstText[place] > 0 ? [.. texts[place].OfType<string>().Distinct().Order(StringComparer.Ordinal)]
                : null;
            if (categories is null || texts[place].Count == 0) continue;
            if (categories.Count > MostCategories)
                throw FileFailure.Mismatch(source, $"has text in column '{names[place]}' (first in line {firstText[place]}) with {categories.Count} different values, too many for categories", "leave the column out, or group its values");
            Dictionary<string, int> numbers = categories.Index().ToDictionary(static pair => pair.Item, static pair => pair.Index, StringComparer.Ordinal);
            for (int row = 0; row < values.Rows; row++) values[row, place] = texts[place][row] is { } text ? numbers[text] : double.NaN;
            result[names[place]] = categories;
        }

        return result.Count == 0 ? null : result;
    }
}
