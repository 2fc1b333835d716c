using System.CommandLine;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Rows;
using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo forecast</c>: what a model of sequences expects after their last rows.</summary>
internal sealed class ForecastVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Argument<string> input = InputArgument.Create();
    private readonly Option<int?> steps = new Option<int?>("--steps") { Description = "How many rows to look ahead. [default: 10]", HelpName = "n" }.Within(1, 1_000_000);
    private readonly Option<string?> output = OutputFile.Option("The table (.csv) or array (.npy) to write, one row per sequence and step. [default: a table on standard output]", false, ".csv", ".npy");
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public ForecastVerb(Terminal terminal)
        : base(
            "forecast",
            "Look ahead from the last row of each sequence: the expected values of the rows that follow, and the probability of each state.",
            "elbo forecast runs/hmm-counts-1 counts.csv --steps 10 -o ahead.csv")
    {
        Add(run);
        Add(input);
        foreach (Option option in (Option[])[steps, output, folder, threads, json]) Add(option);
        SetAction(parse => Forecast(terminal, parse));
    }

    private int Forecast(Terminal terminal, ParseResult parse)
    {
        using RowRun rows = RowRun.Require(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), "'elbo forecast' looks ahead with a model of sequences");
        if (!rows.Family.IsSequential) throw new UsageException($"'elbo forecast' looks ahead with a model of sequences, and '{rows.Folder.FullPath}' holds another model ({rows.Model.Title}); fit 'hmm' or 'state-space'.");
        string? path = OutputFile.RequireFolder(parse.GetValue(output));
        int ahead = parse.GetValue(steps) ?? 10;
        Observations given = rows.Input(parse.GetRequiredValue(input), parse.GetValue(folder)).Rows;
        int sequences = Math.Max(1, given.SequenceLengths.Length), columns = rows.Model.Columns;
        (Matrix values, Matrix codes) = Ahead(rows, given, ahead);
        if (path is null && parse.GetValue(json))
        {
            JsonOutput.Write(terminal.Out, writer =>
            {
                writer.WriteNumber("steps", ahead);
                writer.WriteStrings("columns", rows.ColumnNames);
                writer.WriteStrings("codes", rows.Model.CodeNames);
                writer.WriteStartArray("forecasts");
                for (int s = 0; s < sequences; s++)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("sequence", s);
                    writer.WriteRows("values", [Part(values, s * ahead, ahead)], rows.Category);
                    writer.WriteRows("codes", [Part(codes, s * ahead, ahead)]);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return ExitCode.Success;
        }

        Matrix table = new(values.Rows, 2 + columns + codes.Columns);
        for (int row = 0; row < table.Rows; row++)
        {
            (table[row, 0], table[row, 1]) = (row / ahead, row % ahead + 1);
            values.Row(row).CopyTo(table.Row(row)[2..]);
            codes.Row(row).CopyTo(table.Row(row)[(2 + columns)..]);
        }

        string Written(int column, double value) => column >= 2 && column < 2 + columns ? rows.Written(column - 2, value) : RowOutput.Number(value);
        RowOutput.WriteTable(path, table.Rows, [table.Columns], ["sequence", "step", .. rows.ColumnNames, .. rows.Model.CodeNames], [table], terminal, Written);
        if (path is not null) OutputFile.Report(terminal, parse.GetValue(json), path, table.Rows, [table.Columns]);
        return ExitCode.Success;
    }

    /// <summary>Rows that have not come yet are rows of missing values, which every model of sequences fills in and explains.</summary>
    private static (Matrix Values, Matrix Codes) Ahead(RowRun run, Observations given, int steps)
    {
        int[] lengths = given.SequenceLengths.IsEmpty ? [checked((int)given.Rows)] : given.SequenceLengths.ToArray();
        if ((given.Rows + (long)lengths.Length * steps) * given.Columns > Array.MaxLength)
            throw new ElboException($"{steps} steps behind each of {lengths.Length} sequences do not fit in memory; look ahead by fewer, or from fewer sequences.");
        Matrix rows = given.ToMatrix(), longer = new(rows.Rows + lengths.Length * steps, rows.Columns);
        longer.Values.Fill(double.NaN);
        for (int s = 0, from = 0, to = 0; s < lengths.Length; s++)
        {
            rows.Values.Slice(from * rows.Columns, lengths[s] * rows.Columns).CopyTo(longer.Values[(to * rows.Columns)..]);
            from += lengths[s];
            to += lengths[s] + steps;
        }

        Observations all = Observations.FromMatrix(given.Name, longer, given.ColumnNames, null, Array.ConvertAll(lengths, length => length + steps));
        Matrix filled = run.Model.Impute(all, null, run.Runtime), explained = run.Model.Encode(all, run.Runtime);
        Matrix values = new(lengths.Length * steps, filled.Columns), codes = new(values.Rows, explained.Columns);
        for (int s = 0, end = 0; s < lengths.Length; s++)
        {
            end += lengths[s] + steps;
            for (int step = 0; step < steps; step++)
            {
                filled.Row(end - steps + step).CopyTo(values.Row(s * steps + step));
                explained.Row(end - steps + step).CopyTo(codes.Row(s * steps + step));
            }
        }

        return (values, codes);
    }

    private static Matrix Part(Matrix matrix, int first, int count) => new(count, matrix.Columns, matrix.Values.Slice(first * matrix.Columns, count * matrix.Columns).ToArray());
}
