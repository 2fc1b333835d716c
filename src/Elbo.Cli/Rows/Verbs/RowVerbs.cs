using System.Globalization;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Cli.Rows.Verbs;

/// <summary>The verbs of a row model that turn rows into numbers.</summary>
internal static class RowVerbs
{
    private const int PictureColumns = 16;

    /// <summary>A sequence is drawn as a whole, in memory.</summary>
    private const int MostInSequence = 10_000_000;

    /// <summary><c>elbo score</c>: the log density of each row.</summary>
    public static int Score(RowRun run, string input, string? folder, string? path, bool json, Terminal terminal)
    {
        Observations rows = run.Input(input, folder).Rows;
        IEnumerable<Matrix> scores = RowChunks.LogDensities(run.Model, rows, run.Family.IsSequential, run.Runtime).Select(static chunk => chunk.LogDensities);
        if (path is null && json)
        {
            JsonOutput.Write(terminal.Out, writer => writer.WriteNumbers("scores", scores.SelectMany(chunk =>
            {
                writer.Flush();
                return chunk.Values.ToArray();
            })));
        }
        else
        {
            RowOutput.WriteTable(path, (int)rows.Rows, [], null, scores, terminal, static (_, score) => score.ToString("R", CultureInfo.InvariantCulture));
        }

        if (path is not null) OutputFile.Report(terminal, json, path, (int)rows.Rows, []);
        return ExitCode.Success;
    }

    /// <summary><c>elbo encode</c>: responsibilities, state posteriors or factor means.</summary>
    public static int Encode(RowRun run, string input, string? folder, string? path, bool json, Terminal terminal)
    {
        Observations rows = run.Input(input, folder).Rows;
        IReadOnlyList<string> names = run.Model.CodeNames;
        IEnumerable<Matrix> codes = RowChunks.Map(rows, run.Family.IsSequential, names.Count, chunk => run.Model.Encode(chunk, run.Runtime));
        if (path is null && json)
        {
            JsonOutput.Write(terminal.Out, writer =>
            {
                writer.WriteStrings("names", names);
                writer.WriteRows("codes", codes);
            });
        }
        else
        {
            RowOutput.WriteTable(path, (int)rows.Rows, [names.Count], names, codes, terminal);
        }

        if (path is not null) OutputFile.Report(terminal, json, path, (int)rows.Rows, [names.Count]);
        return ExitCode.Success;
    }

    /// <summary><c>elbo sample</c>: draws rows.</summary>
    /// <exception cref="UsageException">So many rows do not go into one sequence, or into a picture.</exception>
    public static int Sample(RowRun run, int count, ulong seed, string path, bool json, Terminal terminal)
    {
        OutputFile.RequireRows(path, run.RowShape);
        RandomStream random = new(seed);
        if (OutputFile.Is(path, ".png"))
        {
            OutputFile.RequirePicture(path, count, run.Model.Columns);
            WritePictures(run, path, run.Model.Sample(count, random), null);
        }
        else
        {
            if (run.Family.IsSequential && count > MostInSequence) throw new UsageException($"{Text.Count(count)} rows of one sequence were asked for, and at most {Text.Count(MostInSequence)} can be drawn; draw fewer, or several sequences with another --seed each.");
            int chunk = run.Family.IsSequential ? count : RowChunks.RowsOf(run.Model.Columns);
            IEnumerable<Matrix> rows = Enumerable.Range(0, (int)(((long)count + chunk - 1) / chunk)).Select(part => run.Model.Sample(Math.Min(chunk, count - part * chunk), RowChunks.Draws(random, (long)part * chunk)));
            RowOutput.WriteTable(path, count, run.RowShape, run.ColumnNames, rows, terminal, run.Written);
        }

        OutputFile.Report(terminal, json, path, count, run.RowShape);
        return ExitCode.Success;
    }

    /// <summary><c>elbo reconstruct</c>: rows as the model explains them.</summary>
    public static int Reconstruct(RowRun run, string input, int? count, string? folder, string path, bool json, Terminal terminal)
    {
        OutputFile.RequireRows(path, run.RowShape);
        Observations given = run.Input(input, folder).Rows;
        bool picture = OutputFile.Is(path, ".png");
        int rows = (int)Math.Min(given.Rows, count ?? (picture ? 64 : given.Rows));
        Observations shown = rows == given.Rows ? given : First(given, rows);
        if (picture)
        {
            OutputFile.RequirePicture(path, 2L * rows, run.Model.Columns);
            WritePictures(run, path, Interleave(shown.ToMatrix(), run.Model.Reconstruct(shown, run.Runtime)), Math.Min(PictureColumns, rows));
        }
        else
        {
            IEnumerable<Matrix> made = RowChunks.Map(shown, run.Family.IsSequential, run.Model.Columns, chunk => run.Model.Reconstruct(chunk, run.Runtime));
            RowOutput.WriteTable(path, rows, run.RowShape, run.ColumnNames, made, terminal, run.Written);
        }

        OutputFile.Report(terminal, json, path, rows, run.RowShape);
        return ExitCode.Success;
    }

    private static void WritePictures(RowRun run, string path, Matrix rows, int? columns)
    {
        OutputFile.WriteRows(path, Array.ConvertAll(rows.Values.ToArray(), static value => (float)value), run.RowShape, 0, columns);
    }

    /// <summary>The first rows, without sequences where they may be cut.</summary>
    private static Observations First(Observations rows, int count)
    {
        if (rows.SequenceLengths.IsEmpty) return rows.Slice(0, count);
        Matrix first = new(count, rows.Columns);
        rows.Read(0, count, first.Values).CopyTo(first.Values);
        return Observations.FromMatrix(rows.Name, first, rows.ColumnNames);
    }

    /// <summary>A line of originals, the line of their reconstructions, and so on.</summary>
    private static Matrix Interleave(Matrix original, Matrix made)
    {
        int columns = Math.Min(PictureColumns, original.Rows), lines = (original.Rows + columns - 1) / columns;
        Matrix result = new(2 * lines * columns, original.Columns);
        for (int row = 0; row < original.Rows; row++)
        {
            int place = row / columns * 2 * columns + row % columns;
            original.Row(row).CopyTo(result.Row(place));
            made.Row(row).CopyTo(result.Row(place + columns));
        }

        return result;
    }
}
