using System.CommandLine;
using System.Globalization;
using System.Text;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Rows;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo impute</c>: fills in missing values.</summary>
internal sealed class ImputeVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Argument<string> input = InputArgument.Create();
    private readonly Option<string?> output = OutputFile.Option("The table (.csv) or array (.npy) to write. [default: a table on standard output]", false, ".csv", ".npy");
    private readonly Option<int?> draws = new Option<int?>("--draws") { Description = "Fill in draws from p(missing | observed) instead of its mean, so many times; the column 'draw' tells them apart.", HelpName = "n" }.Within(1, 10_000);
    private readonly Option<ulong?> seed = CommonOptions.Seed("Decides the draws. [default: 1]");
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public ImputeVerb(Terminal terminal)
        : base(
            "impute",
            "Fill in missing values: with their mean given the values that are there, or with draws. What is there stays as it is.",
            "elbo impute runs/gmm-gaps-1 gaps.csv -o filled.csv",
            "elbo impute runs/gmm-gaps-1 gaps.csv --draws 5 -o filled.csv")
    {
        Add(run);
        Add(input);
        foreach (Option option in (Option[])[output, draws, seed, folder, threads, json]) Add(option);
        SetAction(parse => Impute(terminal, parse));
    }

    private int Impute(Terminal terminal, ParseResult parse)
    {
        using RowRun rows = RowRun.Require(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), "'elbo impute' fills in values with mixtures and factor models");
        string source = parse.GetRequiredValue(input);
        string? path = OutputFile.RequireFolder(parse.GetValue(output));
        Observations given = rows.Input(source, parse.GetValue(folder)).Rows;
        RandomStream root = new(parse.GetValue(seed) ?? 1);
        int count = parse.GetValue(draws) ?? 1;
        RandomStream?[] streams = [.. Enumerable.Range(0, count).Select(draw => parse.GetValue(draws) is null ? (RandomStream?)null : root.Split((ulong)draw))];
        long missing = Missing(given);
        if (path is null && parse.GetValue(json))
        {
            JsonOutput.Write(terminal.Out, writer =>
            {
                writer.WriteNumber("missing", missing);
                for (int draw = 0; draw < count; draw++)
                    writer.WriteRows(count == 1 ? "rows" : string.Create(CultureInfo.InvariantCulture, $"draw{draw + 1}"), Filled(rows, given, streams[draw]), rows.Category);
            });
            return ExitCode.Success;
        }

        int[] shape = count == 1 ? [(int)given.Rows, given.Columns] : [count, (int)given.Rows, given.Columns];
        if (path is not null && OutputFile.Is(path, ".npy")) Npy.Save(path, shape, streams.SelectMany(stream => Filled(rows, given, stream)));
        else RowOutput.WriteText(path, Table(rows, given, source, parse.GetValue(folder), streams), terminal);
        if (path is not null) Report(terminal, parse.GetValue(json), path, given, missing, count);
        return ExitCode.Success;
    }

    /// <summary>The rows with their gaps filled, a chunk at a time.</summary>
    private static IEnumerable<Matrix> Filled(RowRun run, Observations given, RandomStream? draws) =>
        RowChunks.Of(given, run.Family.IsSequential).Select(chunk => run.Model.Impute(chunk.Rows, draws is { } random ? RowChunks.Draws(random, chunk.First) : null, run.Runtime));

    /// <summary>The table that was given with its gaps filled, its header, order and other columns kept; an array becomes a table.</summary>
    private static IEnumerable<StringBuilder> Table(RowRun run, Observations given, string source, string? folder, RandomStream?[] streams)
    {
        bool isCsv = NamedSets.Find(source) is null && ObservationSource.IsCsv(source), several = streams.Length > 1;
        StringBuilder table = new();
        for (int draw = 0; draw < streams.Length; draw++)
        {
            using CsvText? text = isCsv ? CsvText.Open(source, ObservationSource.CsvOptions(run.InputOptions(folder))) : null;
            char delimiter = text?.Delimiter ?? ',';
            if (draw == 0 && (isCsv ? text!.Header : run.ColumnNames) is { } header)
                yield return table.AppendJoin(delimiter, (several ? header.Prepend("draw") : header).Select(RowOutput.Quoted)).Append('\n');
            foreach (Matrix filled in Filled(run, given, streams[draw]))
            {
                table.Clear();
                for (int row = 0; row < filled.Rows; row++)
                {
                    if (several) table.Append(CultureInfo.InvariantCulture, $"{draw + 1}").Append(delimiter);
                    table.AppendJoin(delimiter, Fields(run, text, source, filled, row).Select(RowOutput.Quoted)).Append('\n');
                }

                yield return table;
            }
        }
    }

    /// <summary>The fields of the next row of a table with those that are missing filled, or of an array all of them.</summary>
    private static string[] Fields(RowRun run, CsvText? text, string source, Matrix filled, int row)
    {
        if (text is null) return [.. Enumerable.Range(0, filled.Columns).Select(column => run.Written(column, filled[row, column]))];
        string[] fields = text.ReadRow() ?? throw new ElboException($"'{source}' became shorter while it was read; fill it again when nothing writes to it.");
        for (int column = 0; column < text.ValueColumns.Count; column++)
        {
            // What the file has no column for stays away.
            if (text.ValueColumns[column] is >= 0 and int place && CsvText.IsMissing(fields[place])) fields[place] = run.Written(column, filled[row, column]);
        }

        return fields;
    }

    private static long Missing(Observations rows)
    {
        if (!rows.MayHaveMissing) return 0;
        int most = RowChunks.RowsOf(rows.Columns);
        double[] buffer = new double[Math.Min(rows.Rows, most) * rows.Columns];
        long count = 0;
        for (long first = 0; first < rows.Rows; first += most)
            foreach (double value in rows.Read(first, (int)Math.Min(most, rows.Rows - first), buffer)) count += double.IsNaN(value) ? 1 : 0;
        return count;
    }

    private static void Report(Terminal terminal, bool json, string path, Observations rows, long missing, int draws)
    {
        if (!json)
        {
            terminal.Out.WriteLine($"{path}: {Text.Count(missing)} missing {(missing == 1 ? "value" : "values")} of {Text.Count(rows.Rows)} rows filled{(draws > 1 ? $" {Text.Count(draws)} times" : "")}");
            return;
        }

        JsonOutput.Write(terminal.Out, writer =>
        {
            writer.WriteString("output", path);
            writer.WriteNumber("rows", rows.Rows);
            writer.WriteNumber("missing", missing);
            writer.WriteNumber("draws", draws);
        });
    }
}
