using System.Globalization;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>Tables of numbers as text: one row a line, every line with the same number of fields.</summary>
public static class Csv
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, in UTF-8, plain or in gzip.</param>
    /// <param name="options">How to read it; null detects everything and takes no labels.</param>
    /// <returns>Rows of shape <c>[columns]</c> as floats, a missing field as NaN.</returns>
    /// <exception cref="ElboException">The file cannot be read, or a field is not a number; the sentence names line and column.</exception>
    public static DataSet Load(string path, CsvOptions? options = null) => FileFailure.Guard(path, () =>
    {
        using StreamReader reader = new(CompressedFile.Open(path));
        return Read(reader, Path.GetFileNameWithoutExtension(path), path, options);
    });

    /// <summary>Reads a file in double precision, for models of rows; missing fields are allowed.</summary>
    /// <param name="path">The file, in UTF-8, plain or in gzip.</param>
    /// <param name="options">How to read it; null detects everything and takes every column for values.</param>
    /// <returns>The rows, with weights, sequences and labels where the options name their columns.</returns>
    /// <exception cref="ElboException">The file cannot be read, or a field is not a number; the sentence names line and column.</exception>
    public static LoadedObservations LoadObservations(string path, CsvOptions? options = null) => FileFailure.Guard(path, () =>
    {
        using StreamReader reader = new(CompressedFile.Open(path));
        return ReadObservations(reader, Path.GetFileNameWithoutExtension(path), path, options);
    });

    /// <summary>
    /// Reads a file of any length in chunks: its values go to a temporary file as they are read, from where each pass of a fit reads them block by block. Every field
    /// is checked here, once. Disk is needed for 8 bytes a value; memory for the weights, labels and sequences only.
    /// </summary>
    /// <param name="path">The file, in UTF-8, plain or in gzip.</param>
    /// <param name="options">How to read it; null detects everything and takes every column for values.</param>
    /// <returns>The rows, <see cref="FileObservations"/>; the temporary file is gone when they are disposed of, or the process ends.</returns>
    /// <exception cref="ElboException">The file cannot be read, or a field is not a number; the sentence names line and column.</exception>
    public static LoadedObservations StreamObservations(string path, CsvOptions? options = null) => FileFailure.Guard(path, () =>
    {
        const int Chunk = 4096;
        options ??= new CsvOptions();
        // What number a category gets is known at the end only, when its row is on the disk already, unless an earlier file had it.
        CsvTable table = new(path, options with { AllowMissing = true, TextCategories = options is { TextCategories: true, Categories: not null } }) { SinglePrecision = false };
        string spill = Path.Combine(Path.GetTempPath(), $"elbo-{Guid.NewGuid():N}.rows");
        try
        {
            using (FileStream target = new(spill, FileMode.CreateNew, FileAccess.Write))
            {
                using StreamReader reader = new(CompressedFile.Open(path));
                for (int line = 1; reader.ReadLine() is { } text; line++)
                {
                    if (string.IsNullOrWhiteSpace(text)) continue;
                    table.AddLine(text, line);
                    if (table.Rows % Chunk == 0) table.TakeValues(target);
                }

                table.TakeValues(target);
            }

            return table.ToObservations((names, weights, sequences) =>
                FileObservations.Open(spill, Path.GetFileNameWithoutExtension(path), table.Rows, table.ValueColumns, 0, false, names, weights, sequences));
        }
        finally
        {
            // An open file keeps its content until it is closed, so nothing stays behind once the rows are read.
            File.Delete(spill);
        }
    });

    internal static DataSet Read(TextReader reader, string name, string source, CsvOptions? options = null)
    {
        CsvTable table = new(source, options ?? new CsvOptions());
        Fill(table, reader);
        return table.ToDataSet(name);
    }

    internal static LoadedObservations ReadObservations(TextReader reader, string name, string source, CsvOptions? options = null)
    {
        CsvTable table = new(source, (options ?? new CsvOptions()) with { AllowMissing = true }) { SinglePrecision = false };
        Fill(table, reader);
        return table.ToObservations(name);
    }

    /// <summary>Whether the first line names the columns: whether it has a field that is no number. Columns asked for by number may hold text without a header above them.</summary>
    internal static bool IsHeader(IReadOnlyList<string> fields, CsvOptions options)
    {
        if (options.HasHeader is { } known) return known;
        // Rows of text for a model look like names to everybody who does not know its names.
        if (options is { TextCategories: true, Categories.Count: > 0, ModelColumns: { Count: > 0 } model }) return fields.Any(field => model.Contains(field));
        HashSet<int> text = [];
        foreach (string? named in (ReadOnlySpan<string?>)[options.LabelColumn, options.SequenceColumn])
            if (int.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out int index)) text.Add(index);
        for (int i = 0; i < fields.Count; i++)
            if (!text.Contains(i) && !IsMissing(fields[i]) && !TryParse(fields[i], out _)) return true;
        return false;
    }

    internal static bool IsMissing(ReadOnlySpan<char> field) =>
        field.IsEmpty || field is "?" || field.Equals("NA", StringComparison.OrdinalIgnoreCase) || field.Equals("NaN", StringComparison.OrdinalIgnoreCase) || field.Equals("null", StringComparison.OrdinalIgnoreCase);

    internal static bool TryParse(ReadOnlySpan<char> field, out double value) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static void Fill(CsvTable table, TextReader reader)
    {
        for (int line = 1; reader.ReadLine() is { } text; line++)
            if (!string.IsNullOrWhiteSpace(text)) table.AddLine(text, line);
    }
}
