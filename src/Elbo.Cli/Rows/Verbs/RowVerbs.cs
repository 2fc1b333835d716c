using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Cli.Rows.Verbs;

/// <summary>The verbs of a row model that turn rows into numbers.</summary>
internal static class RowVerbs
{
    private const int PictureColumns = 16;

    /// <summary><c>elbo score</c>: the log density of each row.</summary>
    public static int Score(RowRun run, string input, string? folder, string? path, bool json, Terminal terminal)
    {
        LoadedObservations rows = run.Input(input, folder);
        double[] scores = new double[checked((int)rows.Rows.Rows)];
        run.Model.LogDensity(rows.Rows, scores, run.Runtime);
        if (path is null && json) JsonOutput.Write(terminal.Out, writer => writer.WriteNumbers("scores", scores));
        else OutputFile.WriteNumbers(path, scores, 0, terminal);
        if (path is not null) OutputFile.Report(terminal, json, path, scores.Length, []);
        return ExitCode.Success;
    }

    /// <summary><c>elbo encode</c>: responsibilities, state posteriors or factor means.</summary>
    public static int Encode(RowRun run, string input, string? folder, string? path, bool json, Terminal terminal)
    {
        Matrix codes = run.Model.Encode(run.Input(input, folder).Rows, run.Runtime);
        if (path is null && json)
        {
            JsonOutput.Write(terminal.Out, writer =>
            {
                writer.WriteStrings("names", run.Model.CodeNames);
                writer.WriteMatrix("codes", codes);
            });
        }
        else
        {
            RowOutput.WriteTable(path, codes, run.Model.CodeNames, null, terminal);
        }

        if (path is not null) OutputFile.Report(terminal, json, path, codes.Rows, [codes.Columns]);
        return ExitCode.Success;
    }

    /// <summary><c>elbo sample</c>: draws rows.</summary>
    public static int Sample(RowRun run, int count, ulong seed, string path, bool json, Terminal terminal)
    {
        OutputFile.RequireRows(path, run.RowShape);
        Matrix rows = run.Model.Sample(count, new RandomStream(seed));
        WriteRows(run, path, rows, terminal);
        OutputFile.Report(terminal, json, path, rows.Rows, run.RowShape);
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
        Matrix made = run.Model.Reconstruct(shown, run.Runtime);
        if (picture) WritePictures(run, path, Interleave(shown.ToMatrix(), made), Math.Min(PictureColumns, rows));
        else WriteRows(run, path, made, terminal);
        OutputFile.Report(terminal, json, path, rows, run.RowShape);
        return ExitCode.Success;
    }

    private static void WriteRows(RowRun run, string path, Matrix rows, Terminal terminal)
    {
        if (OutputFile.Is(path, ".png")) WritePictures(run, path, rows, null);
        else RowOutput.WriteTable(path, rows, run.ColumnNames, run.RowShape, terminal, run.Written);
    }

    private static void WritePictures(RowRun run, string path, Matrix rows, int? columns)
    {
        OutputFile.WriteRows(path, Array.ConvertAll(rows.Values.ToArray(), static value => (float)value), run.RowShape, 0, columns);
    }

    private static Observations First(Observations rows, int count)
    {
        Matrix first = new(count, rows.Columns);
        double[] buffer = new double[count * rows.Columns];
        rows.Read(0, count, buffer).CopyTo(first.Values);
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
