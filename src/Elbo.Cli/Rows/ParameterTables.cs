using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Families;
using Elbo.Cli.Output;
using Elbo.Models;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>The parameters of a row model as tables for people and as arrays for programs.</summary>
internal static class ParameterTables
{
    /// <summary>More numbers of one parameter than this are for programs.</summary>
    private const int MostNumbers = 2_000;
    private const int MostColumns = 32;

    public static void Write(TextWriter output, Family family, RowModel model, IReadOnlyList<string> columns)
    {
        foreach ((string name, NumericArray array) in model.Parameters)
        {
            output.WriteLine();
            int[] shape = array.Shape.ToArray();
            double[] values = array.ToDouble();
            string extents = shape.Length == 0 ? "" : $"  [{string.Join(" × ", shape)}]";
            output.WriteLine($"{name}{extents}");
            if (values.Length > MostNumbers || (shape.Length > 0 && shape[^1] > MostColumns))
            {
                output.WriteLine($"  {Text.Count(values.Length)} numbers from {Number(values.Min())} to {Number(values.Max())}; see all with --json");
                continue;
            }

            Write(output, values, shape, family.AxisNames(model, name, columns) ?? Labels(shape, model, columns));
        }
    }

    public static void WriteJson(Utf8JsonWriter writer, RowModel model)
    {
        writer.WriteStartObject("parameters");
        foreach ((string name, NumericArray array) in model.Parameters)
        {
            writer.WritePropertyName(name);
            double[] values = array.ToDouble();
            int at = 0;
            WriteNested(writer, values, array.Shape, ref at);
        }

        writer.WriteEndObject();
    }

    /// <summary>The labels of each extent: the names of codes, the names of columns, or numbers.</summary>
    private static string[][] Labels(int[] shape, RowModel model, IReadOnlyList<string> columns)
    {
        string[][] labels = new string[shape.Length][];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            // The last extents are columns where they can be, and what comes before them counts the codes.
            bool codes = shape[axis] == model.CodeNames.Count && (axis == 0 || shape[axis] != columns.Count || shape[0] != model.CodeNames.Count);
            labels[axis] = codes ? [.. model.CodeNames]
                : shape[axis] == columns.Count ? [.. columns]
                : [.. Enumerable.Range(0, shape[axis]).Select(static index => index.ToString(CultureInfo.InvariantCulture))];
        }

        return labels;
    }

    private static void Write(TextWriter output, double[] values, int[] shape, IReadOnlyList<IReadOnlyList<string>> labels)
    {
        if (shape.Length <= 1)
        {
            TextTable line = new TextTable(shape.Length == 0 ? [] : ["", .. labels[0]]).AlignRight([.. Enumerable.Range(1, Math.Max(1, values.Length))]);
            line.Add(["", .. values.Select(Number)]);
            line.Write(output);
            return;
        }

        int rows = shape[^2], columns = shape[^1], blocks = values.Length / (rows * columns);
        for (int block = 0; block < blocks; block++)
        {
            if (shape.Length > 2) output.WriteLine($"  {BlockName(block, shape, labels)}");
            TextTable table = new TextTable(["", .. labels[shape.Length - 1]]).AlignRight([.. Enumerable.Range(1, columns)]);
            for (int row = 0; row < rows; row++)
                table.Add([$"  {labels[shape.Length - 2][row]}", .. values.AsSpan((block * rows + row) * columns, columns).ToArray().Select(Number)]);
            table.Write(output);
        }
    }

    private static string BlockName(int block, int[] shape, IReadOnlyList<IReadOnlyList<string>> labels)
    {
        List<string> names = [];
        for (int axis = shape.Length - 3; axis >= 0; axis--)
        {
            names.Insert(0, labels[axis][block % shape[axis]]);
            block /= shape[axis];
        }

        return string.Join(", ", names);
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) is 0 or (>= 1e-3 and < 1e6) ? "0.####" : "0.###e+0", CultureInfo.InvariantCulture);

    private static void WriteNested(Utf8JsonWriter writer, double[] values, ReadOnlySpan<int> shape, ref int at)
    {
        if (shape.Length == 0)
        {
            double value = values[at++];
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        for (int i = 0; i < shape[0]; i++) WriteNested(writer, values, shape[1..], ref at);
        writer.WriteEndArray();
    }
}
