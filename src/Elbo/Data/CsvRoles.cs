using System.Globalization;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>What each column of a CSV file holds: values, labels, weights, sequences, or nothing that was asked for.</summary>
internal sealed class CsvRoles
{
    private CsvRoles(int[] values, int label, int weight, int sequence) => (Values, Label, Weight, Sequence) = (values, label, weight, sequence);

    /// <summary>The columns of values, in the order wanted; −1 where the file lacks one that it may lack.</summary>
    public int[] Values { get; }

    /// <summary>The column of labels, or −1.</summary>
    public int Label { get; }

    /// <summary>The column of weights, or −1.</summary>
    public int Weight { get; }

    /// <summary>The column of sequences, or −1.</summary>
    public int Sequence { get; }

    /// <summary>Finds the columns that the options name.</summary>
    /// <exception cref="Numerics.ElboException">One is not there, or none is left for values.</exception>
    public static CsvRoles Find(string source, CsvOptions options, string[]? header, int columns)
    {
        bool optional = options.ModelColumns is not null;
        int label = Place(options.LabelColumn, "label column", optional);
        int weight = Place(options.WeightColumn, "weight column", optional);
        int sequence = Place(options.SequenceColumn, "sequence column", optional);
        int[] rest = [.. Enumerable.Range(0, columns).Where(column => column != label && column != weight && column != sequence)];
        if (rest.Length == 0)
        {
            string what = label >= 0 ? "labels" : weight >= 0 ? "weights" : "sequences";
            throw FileFailure.Mismatch(source, $"has {what} and no other column", "give it at least one column of numbers");
        }

        int[] values = options.Columns is { Count: > 0 } wanted ? [.. wanted.Select(name => Place(name, "column", false))]
            : options.ModelColumns is { Count: > 0 } model && header is not null ? [.. model.Select(OfModel)]
            : rest;
        if (header is not null)
        {
            // Later verbs find the columns by their names, so two of one name would be the first of them twice.
            foreach (int column in (int[])[.. values, label, weight, sequence])
            {
                int other = column < 0 ? column : Array.IndexOf(header, header[column]) is var first && first != column ? first : Array.IndexOf(header, header[column], column + 1);
                if (other >= 0) throw FileFailure.Mismatch(source, $"has two columns named '{header[column]}', {Math.Min(column, other) + 1} and {Math.Max(column, other) + 1}", "rename one of them");
            }
        }

        return new CsvRoles(values, label, weight, sequence);

        int Place(string? name, string what, bool mayBeAbsent)
        {
            if (name is null) return -1;
            int named = header is null ? -1 : Array.IndexOf(header, name);
            if (named >= 0) return named;
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < columns) return index;
            return mayBeAbsent ? -1 : throw FileFailure.Mismatch(source, $"has {Known()}, and the {what} '{name}' was expected", "give its name or its number from 0");
        }

        int OfModel(string name)
        {
            int place = Array.IndexOf(header!, name);
            return place >= 0 ? place : options.OptionalColumns.Contains(name) ? -1 : throw FileFailure.Mismatch(source, $"has {Known()}, and lacks '{name}', on which the model was fitted", "name the columns as in the model's data, or leave out the header to give them by place");
        }

        string Known() => header is null ? $"{columns} columns and no header" : $"the columns {string.Join(", ", header)}";
    }
}
