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
    /// <summary>Writes a table: an array of doubles (.npy), or lines with commas under a header (.csv, or the terminal).</summary>
    public static void WriteTable(string? path, Matrix values, IReadOnlyList<string> names, IReadOnlyList<int>? rowShape, Terminal terminal, Func<int, double, string>? written = null)
    {
        if (path is not null && OutputFile.Is(path, ".npy"))
        {
            NumericArray array = new(NumericType.Float64, [values.Rows, .. rowShape ?? [values.Columns]]);
            values.Values.CopyTo(array.AsSpan<double>());
            Npy.Save(path, array);
            return;
        }

        StringBuilder text = new();
        text.AppendJoin(',', names.Select(Quoted)).Append('\n');
        for (int row = 0; row < values.Rows; row++) Append(text, values.Row(row), written);
        Write(path, text, terminal);
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
    public static string Quoted(string field) => field.AsSpan().ContainsAny(",;\t\"") ? $"\"{field.Replace("\"", "'", StringComparison.Ordinal)}\"" : field;

    /// <summary>A matrix as an array of arrays.</summary>
    public static void WriteMatrix(this Utf8JsonWriter writer, string name, Matrix values)
    {
        writer.WriteStartArray(name);
        for (int row = 0; row < values.Rows; row++)
        {
            writer.WriteStartArray();
            foreach (double value in values.Row(row))
            {
                if (double.IsFinite(value)) writer.WriteNumberValue(value);
                else writer.WriteNullValue();
            }

            writer.WriteEndArray();
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
