using System.Globalization;
using System.Text;
using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>Rows of doubles that go into a file, or to the terminal.</summary>
internal static class RowOutput
{
    /// <summary>Writes a table whose rows come in chunks: an array of doubles (.npy), or lines with commas under a header (.csv, or the terminal).</summary>
    /// <param name="path">The file; null for the terminal.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="rowShape">The shape of a row in an array; empty for one number a row.</param>
    /// <param name="names">The names of the columns; null for no header.</param>
    /// <param name="chunks">The rows.</param>
    /// <param name="written">A number of a column as text; null for as it reads back the same, a missing one empty.</param>
    /// <param name="terminal">Where lines go without a file.</param>
    public static void WriteTable(
        string? path, int rows, IReadOnlyList<int> rowShape, IReadOnlyList<string>? names, IEnumerable<Matrix> chunks, Terminal terminal, Func<int, double, string>? written = null)
    {
        if (path is not null && OutputFile.Is(path, ".npy")) Npy.Save(path, [rows, .. rowShape], chunks);
        else WriteText(path, Lines(), terminal);

        IEnumerable<StringBuilder> Lines()
        {
            StringBuilder text = new();
            if (names is not null) yield return text.AppendJoin(',', names.Select(Quoted)).Append('\n');
            foreach (Matrix chunk in chunks)
            {
                text.Clear();
                for (int row = 0; row < chunk.Rows; row++) Append(text, chunk.Row(row), written);
                yield return text;
            }
        }
    }

    /// <summary>Writes text that comes in pieces into a file, whole or not at all, or to the terminal.</summary>
    public static void WriteText(string? path, IEnumerable<StringBuilder> pieces, Terminal terminal)
    {
        if (path is null)
        {
            foreach (StringBuilder piece in pieces) terminal.Out.Write(piece);
            return;
        }

        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream, leaveOpen: true);
            foreach (StringBuilder piece in pieces) writer.Write(piece);
        });
    }

    /// <summary>Writes text lines into a file, or to the terminal.</summary>
    public static void Write(string? path, StringBuilder text, Terminal terminal)
    {
        if (path is null) terminal.Out.Write(text.ToString());
        else AtomicFile.WriteText(path, text.ToString());
    }

    /// <summary>A number so that it reads back the same; a missing one is empty.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A field, in quotation marks where it needs them.</summary>
    public static string Quoted(string field) => field.AsSpan().ContainsAny(",;\t\"") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    /// <summary>Rows that come in chunks as an array of arrays; text where a number stands for a category.</summary>
    public static void WriteRows(this Utf8JsonWriter writer, string name, IEnumerable<Matrix> chunks, Func<int, double, string?>? category = null)
    {
        writer.WriteStartArray(name);
        foreach (Matrix chunk in chunks)
        {
            for (int row = 0; row < chunk.Rows; row++)
            {
                writer.WriteStartArray();
                for (int column = 0; column < chunk.Columns; column++)
                {
                    double value = chunk[row, column];
                    if (category?.Invoke(column, value) is { } text) writer.WriteStringValue(text);
                    else if (double.IsFinite(value)) writer.WriteNumberValue(value);
                    else writer.WriteNullValue();
                }

                writer.WriteEndArray();
            }

            writer.Flush();
        }

        writer.WriteEndArray();
    }

    private static void Append(StringBuilder text, ReadOnlySpan<double> row, Func<int, double, string>? written)
    {
        for (int column = 0; column < row.Length; column++)
        {
            if (column > 0) text.Append(',');
            text.Append(written is null ? Number(row[column]) : Quoted(written(column, row[column])));
        }

        text.Append('\n');
    }
}
