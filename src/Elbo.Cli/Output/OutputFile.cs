using System.CommandLine;
using System.Globalization;
using System.Text;
using Elbo.Cli.Hosting;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Output;

/// <summary>Results that go into a file: a picture, an array or text, by the file's ending.</summary>
internal static class OutputFile
{
    /// <summary>The option that names the file; a verb that can also print leaves it optional.</summary>
    public static Option<string?> Option(string description, bool required, params string[] endings)
    {
        Option<string?> option = new("--output", "-o") { Description = description, HelpName = "file", Required = required };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0) return;
            string path = result.Tokens[^1].Value;
            if (!endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
                result.AddError($"--output must end in {string.Join(" or ", endings)}, which decides what is written, but '{path}' was given.");
        });
        return option;
    }

    /// <summary>Refuses a file in a folder that does not exist, before any work.</summary>
    /// <returns>The path; null where there is none.</returns>
    public static string? RequireFolder(string? path)
    {
        if (path is not null && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new ElboException($"'{path}' cannot be written: its folder does not exist; make the folder or choose another.");
        return path;
    }

    /// <summary>Refuses what <see cref="WriteRows"/> could not write of such rows, before any work.</summary>
    public static void RequireRows(string path, IReadOnlyList<int> rowShape)
    {
        RequireFolder(path);
        if (Is(path, ".png") && rowShape is not [1 or 3, _, _])
            throw new ElboException($"Rows of {(rowShape.Count == 1 ? $"{rowShape[0]} values" : $"shape {Text.Extents(rowShape)}")} make no picture; write them as .npy or .csv.");
    }

    /// <summary>What one picture may hold: beyond, nobody can look at it, and its size in bytes leaves the range of 32 bits.</summary>
    public const int MostPictureValues = 50_000_000;

    /// <summary>Refuses more pictures than go into one file, before any work.</summary>
    public static void RequirePicture(string path, long count, int rowLength)
    {
        if (count * rowLength > MostPictureValues) throw new ElboException($"{Text.Count(count)} pictures of {Text.Count(rowLength)} values are too many for '{path}'; ask for fewer, or write them all as .npy.");
    }

    public static bool Is(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes rows as an array or as lines with commas, or tiles them as a picture.</summary>
    /// <param name="path">The file, .npy, .csv or .png.</param>
    /// <param name="values">The rows, <c>[count, ...row]</c>.</param>
    /// <param name="rowShape">The shape of a row.</param>
    /// <param name="shift">What the recipe added to each value; pictures show the values without it.</param>
    /// <param name="columns">Images across; null for as square as can be.</param>
    public static void WriteRows(string path, float[] values, IReadOnlyList<int> rowShape, double shift, int? columns = null)
    {
        int[] shape = [.. rowShape];
        int length = shape.Aggregate(1, static (product, extent) => product * extent), count = values.Length / length;
        if (Is(path, ".npy"))
        {
            Npy.Save(path, NumericArray.From<float>(values, [count, .. shape]));
            return;
        }

        if (Is(path, ".csv"))
        {
            AtomicFile.WriteText(path, Lines(Array.ConvertAll(values, static value => (double)value), length));
            return;
        }

        if (values.Length > MostPictureValues)
            throw new ElboException($"{count} pictures of {Text.Extents(shape)} are too many for one .png file; ask for fewer, or write them all as .npy.");
        Png.Save(path, Grid(shape, columns).Draw(shift == 0 ? values : Array.ConvertAll(values, value => value - (float)shift), shape));
    }

    /// <summary>Writes a table of numbers as an array or as lines with commas.</summary>
    /// <param name="path">The file, .npy or .csv; null for lines to the terminal.</param>
    /// <param name="values">The numbers, <c>[rows, columns]</c>.</param>
    /// <param name="columns">Numbers a row; 0 for one number a row in an array of rank 1.</param>
    /// <param name="terminal">Where lines go without a file.</param>
    public static void WriteNumbers(string? path, double[] values, int columns, Terminal terminal)
    {
        if (path is not null && Is(path, ".npy"))
        {
            float[] numbers = Array.ConvertAll(values, static value => (float)value);
            Npy.Save(path, columns == 0 ? NumericArray.From<double>(values, values.Length) : NumericArray.From<float>(numbers, values.Length / columns, columns));
            return;
        }

        string text = Lines(values, columns);
        if (path is null) terminal.Out.Write(text);
        else AtomicFile.WriteText(path, text);
    }

    private static string Lines(double[] values, int columns)
    {
        StringBuilder text = new();
        int width = Math.Max(1, columns);
        for (int i = 0; i < values.Length; i++)
            text.Append(values[i].ToString(columns == 0 ? "R" : "G9", CultureInfo.InvariantCulture)).Append((i + 1) % width == 0 ? '\n' : ',');
        return text.ToString();
    }

    /// <summary>Says what was written.</summary>
    public static void Report(Terminal terminal, bool json, string path, int rows, IEnumerable<int> shape)
    {
        if (!json)
        {
            terminal.Out.WriteLine(path);
            return;
        }

        JsonOutput.Write(terminal.Out, writer =>
        {
            writer.WriteString("output", path);
            writer.WriteNumber("rows", rows);
            writer.WriteNumbers("shape", shape.Select(static extent => (double)extent));
        });
    }

    /// <summary>Small images are enlarged until a person can see them.</summary>
    private static ImageGrid Grid(int[] shape, int? columns)
    {
        return new ImageGrid { Columns = columns, Scale = Math.Max(1, 56 / Math.Max(shape[^1], shape[^2])) };
    }
}
