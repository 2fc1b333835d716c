using System.Globalization;
using System.Runtime.InteropServices;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>Takes the lines of a CSV file one by one. A parser of our own, because it names line and column of the first bad field.</summary>
internal sealed class CsvTable(string source, CsvOptions options)
{
    private readonly List<double> values = [];
    private readonly List<string> labels = [];
    private readonly List<double> weights = [];
    private readonly List<int> sequences = [];
    private readonly List<int> lines = [];
    private readonly HashSet<string> ended = [];
    private readonly CsvFields cutter = new(source, options);
    private string? sequence;
    private string[]? header;
    private CsvRoles? roles;
    private CsvCategories? categories;
    private int columns;

    /// <summary>The names of the columns of values; null where the file has no header.</summary>
    public IReadOnlyList<string>? ValueNames => header is null || roles is null ? null : [.. roles.Values.Select((column, place) => column < 0 ? options.ModelColumns![place] : header[column])];

    public void AddLine(string text, int line)
    {
        IReadOnlyList<string> fields = cutter.Split(text, line);
        if (roles is null)
        {
            columns = fields.Count;
            bool isHeader = Csv.IsHeader(fields, options);
            if (isHeader) header = [.. fields];
            roles = CsvRoles.Find(source, options, header, columns);
            if (options.TextCategories) categories = new CsvCategories(source, [.. roles.Values.Select(ColumnName)], options.Categories, Place);
            if (isHeader) return;
        }

        if (fields.Count != columns)
            throw FileFailure.Mismatch(source, $"has {fields.Count} fields in line {line}, and {columns} were expected, as in its first line", "correct the line");
        for (int place = 0; place < roles.Values.Length; place++) values.Add(Value(fields, place, line));
        if (roles.Label >= 0) labels.Add(fields[roles.Label]);
        if (roles.Weight >= 0) weights.Add(ParseWeight(fields[roles.Weight], line));
        if (roles.Sequence >= 0) AddToSequence(fields[roles.Sequence], line);
        lines.Add(line);
    }

    public DataSet ToDataSet(string name)
    {
        CheckRows();
        (int[] Labels, string[]? Names)? numbered = roles!.Label >= 0 ? NumberLabels() : null;
        float[] floats = new float[values.Count];
        for (int i = 0; i < floats.Length; i++) floats[i] = (float)values[i];
        return DataSet.FromFloats(name, floats, [roles.Values.Length], numbered?.Labels, numbered?.Names).WithLines([.. lines]);
    }

    public LoadedObservations ToObservations(string name)
    {
        CheckRows();
        Matrix matrix = new(lines.Count, roles!.Values.Length, [.. values]);
        string[]? above = header is null ? null : [.. roles.Values.Select(column => column < 0 ? "" : header[column])];
        IReadOnlyDictionary<string, IReadOnlyList<string>>? found = options.Categories is null ? categories?.Number(matrix, above) : options.Categories;
        return ToObservations((names, weights, sequences) => new MatrixObservations(name, matrix, names, weights, sequences, [.. lines])) with { Categories = found };
    }

    /// <summary>The observations of a table whose values may have been taken away by <see cref="TakeValues"/>.</summary>
    public LoadedObservations ToObservations(Func<IReadOnlyList<string>?, double[]?, IReadOnlyList<int>?, Observations> make)
    {
        CheckRows();
        (int[] Labels, string[]? Names)? numbered = roles!.Label >= 0 ? NumberLabels() : null;
        Observations observations = make(ValueNames, weights.Count > 0 ? [.. weights] : null, sequences.Count > 0 ? sequences : null);
        return new LoadedObservations(observations, [observations.Columns]) { HasColumnNames = header is not null, Labels = numbered?.Labels ?? [], LabelNames = numbered?.Names ?? [] };
    }

    /// <summary>The number of columns of values.</summary>
    public int ValueColumns => roles?.Values.Length ?? 0;

    /// <summary>The number of rows so far.</summary>
    public int Rows => lines.Count;

    /// <summary>Takes the values since the last call away, so that a table larger than memory can be read.</summary>
    public void TakeValues(Stream target)
    {
        target.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)));
        values.Clear();
    }

    private double Value(IReadOnlyList<string> fields, int place, int line)
    {
        int column = roles!.Values[place];
        return column < 0 ? double.NaN : categories?.Take(place, fields[column], line, column) ?? Parse(fields[column], line, column);
    }

    private string ColumnName(int column, int place) => header is not null && column >= 0 ? header[column] : options.ModelColumns is { Count: > 0 } model ? model[place] : $"x{place}";

    private void CheckRows()
    {
        if (lines.Count == 0) throw FileFailure.Mismatch(source, "has no row of numbers", "give it at least one");
    }

    private double Parse(string field, int line, int column)
    {
        bool missing = Csv.IsMissing(field);
        if (missing && options.AllowMissing) return double.NaN;
        if (!missing && Csv.TryParse(field, out double value) && IsFinite(value)) return value;
        if (missing) throw FileFailure.Mismatch(source, $"has a missing value in {Place(line, column)}", "fill it, or allow missing values");
        throw FileFailure.Mismatch(source, $"has '{Shorten(field)}' in {Place(line, column)}, and a finite number was expected", Remedy);
    }

    private bool IsFinite(double value) => SinglePrecision ? float.IsFinite((float)value) : double.IsFinite(value);

    /// <summary>Whether the values will be floats, which more numbers overflow.</summary>
    public bool SinglePrecision { get; init; } = true;

    private string Remedy => SinglePrecision
        ? "correct it, or name the column of labels if this is one"
        : "correct it, or choose other columns";

    private double ParseWeight(string field, int line)
    {
        if (!Csv.IsMissing(field) && Csv.TryParse(field, out double value) && double.IsFinite(value) && value >= 0) return value;
        throw FileFailure.Mismatch(source, $"has the weight '{Shorten(field)}' in {Place(line, roles!.Weight)}, and a finite number that is not negative was expected", "correct it");
    }

    private void AddToSequence(string name, int line)
    {
        if (Csv.IsMissing(name))
            throw FileFailure.Mismatch(source, $"has no sequence in {Place(line, roles!.Sequence)}", "name the sequence of every row");
        if (sequences.Count > 0 && name == sequence)
        {
            sequences[^1]++;
            return;
        }

        if (!ended.Add(name))
            throw FileFailure.Mismatch(source, $"comes back to the sequence '{Shorten(name)}' in {Place(line, roles!.Sequence)} after another one began", "sort the rows by sequence, each in its order of time");
        sequence = name;
        sequences.Add(1);
    }

    private string Place(int line, int column) => header is null ? $"line {line}, column {column + 1}" : $"line {line}, column {column + 1} ('{header[column]}')";

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
