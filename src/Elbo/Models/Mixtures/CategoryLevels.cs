using System.Globalization;
using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The categories of each of some columns: the values that stand for them in the rows, and their names.</summary>
public sealed class CategoryLevels
{
    /// <summary>A column with more is a measurement and not a category, and its counts would be mostly ones.</summary>
    private const int MostLevels = 1000;

    private const int BlockRows = 4096;

    private readonly double[][] values;
    private readonly string[][] names;
    private readonly int[] offsets;

    /// <summary>Takes the levels as they are given.</summary>
    /// <param name="values">Per column the values, ascending and different; at least one.</param>
    /// <param name="names">Per column a name for each value; null for the values as text.</param>
    /// <exception cref="ElboException">A column has no value, values are not ascending and finite, or names and values differ in number.</exception>
    public CategoryLevels(IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<IReadOnlyList<string>>? names = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0) throw new ElboException("Levels were given for no column; give at least one column.");
        if (names is not null && names.Count != values.Count) throw new ElboException($"Names of levels were given for {names.Count} columns, and there are {values.Count}; give them for each.");
        this.values = [.. values.Select(static column => column.ToArray())];
        this.names = [.. this.values.Select((column, j) => names is null ? [.. column.Select(static value => value.ToString("R", CultureInfo.InvariantCulture))] : names[j].ToArray())];
        offsets = new int[this.values.Length];
        for (int j = 0; j < this.values.Length; j++)
        {
            double[] column = this.values[j];
            if (column.Length == 0) throw new ElboException($"Column {j} has no level; give at least one.");
            if (this.names[j].Length != column.Length) throw new ElboException($"{this.names[j].Length} names were given for the {column.Length} levels of column {j}; give one for each.");
            for (int l = 0; l < column.Length; l++)
                if (!double.IsFinite(column[l]) || (l > 0 && !(column[l] > column[l - 1]))) throw new ElboException(FormattableString.Invariant($"Level {l} of column {j} is {column[l]}; give finite values in ascending order."));
            offsets[j] = Total;
            Total += column.Length;
            Most = Math.Max(Most, column.Length);
        }
    }

    /// <summary>D, the number of columns.</summary>
    public int Columns => values.Length;

    /// <summary>Σⱼ Lⱼ: the levels of all columns.</summary>
    public int Total { get; }

    /// <summary>The greatest number of levels of a column.</summary>
    public int Most { get; }

    /// <summary>The values that stand for the levels of a column, ascending.</summary>
    /// <param name="column">Which.</param>
    public ReadOnlySpan<double> Values(int column) => values[column];

    /// <summary>The names of the levels of a column.</summary>
    /// <param name="column">Which.</param>
    public IReadOnlyList<string> Names(int column) => names[column];

    /// <summary>Where the levels of a column begin among those of all columns.</summary>
    /// <param name="column">Which.</param>
    public int Offset(int column) => offsets[column];

    /// <summary>The number of a level in its column, from 0; −1 for a value that is none.</summary>
    /// <param name="column">Which.</param>
    /// <param name="value">The value.</param>
    public int IndexOf(int column, double value)
    {
        double[] levels = values[column];
        // Most levels are consecutive integers.
        double guess = value - levels[0];
        if (guess >= 0 && guess < levels.Length && levels[(int)guess] == value) return (int)guess;
        return Math.Max(-1, Array.BinarySearch(levels, value));
    }

    /// <summary>The values that occur.</summary>
    /// <param name="rows">The rows; those of weight 0 count too.</param>
    /// <exception cref="ElboException">A column holds no value, or more than 1000 different ones.</exception>
    public static CategoryLevels Of(Observations rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int d = rows.Columns;
        HashSet<double>[] seen = [.. Enumerable.Range(0, d).Select(static _ => new HashSet<double>())];
        double[] last = new double[d], buffer = new double[BlockRows * d];
        Array.Fill(last, double.NaN);
        for (long first = 0; first < rows.Rows; first += BlockRows)
        {
            ReadOnlySpan<double> block = rows.Read(first, (int)Math.Min(BlockRows, rows.Rows - first), buffer);
            for (int i = 0, j = 0; i < block.Length; i++, j = j + 1 == d ? 0 : j + 1)
            {
                double value = block[i];
                if (double.IsNaN(value) || value == last[j]) continue;
                // −0 and 0 are one level.
                seen[j].Add((last[j] = value) + 0.0);
                if (seen[j].Count > MostLevels)
                    throw new ElboException($"Column '{rows.ColumnNames[j]}' of '{rows.Name}' holds more than {MostLevels} different values; it is no column of categories: leave it out, or group its values.");
            }
        }

        for (int j = 0; j < d; j++)
            if (seen[j].Count == 0) throw new ElboException($"Column '{rows.ColumnNames[j]}' of '{rows.Name}' has no value in any row; drop it.");
        return new CategoryLevels([.. seen.Select(static column => column.Order().ToArray())]);
    }

    internal void CheckRows(Observations rows) =>
        EmissionChecks.Values(rows, (j, value) => IndexOf(j, value) >= 0, j => $"the levels of this column are {List(j)}");

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("levels");
        for (int j = 0; j < Columns; j++)
        {
            writer.WriteStartArray();
            foreach (double value in values[j]) writer.WriteNumberValue(value);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("levelNames");
        for (int j = 0; j < Columns; j++)
        {
            writer.WriteStartArray();
            foreach (string name in names[j]) writer.WriteStringValue(name);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    internal static CategoryLevels Read(JsonElement definition, int columns)
    {
        double[][] values = Lists(definition, "levels", columns, static item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double value) ? value : double.NaN);
        string[][] names = Lists(definition, "levelNames", columns, static item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.ToString());
        return new CategoryLevels(values, names);
    }

    private static T[][] Lists<T>(JsonElement definition, string name, int columns, Func<JsonElement, T> read)
    {
        JsonElement lists = MixtureDefinition.Array(definition, name);
        T[][] result = [.. lists.EnumerateArray().Select(list => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(read).ToArray() : [])];
        return result.Length == columns ? result : throw new ElboException($"The model's '{name}' are given for {result.Length} columns, and it has {columns}.");
    }

    private string List(int column) =>
        string.Join(", ", values[column].Take(10).Select(static value => value.ToString("R", CultureInfo.InvariantCulture))) + (values[column].Length > 10 ? ", …" : "");
}
