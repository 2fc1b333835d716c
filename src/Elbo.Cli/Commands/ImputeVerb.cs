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
        Matrix[] filled = [.. Enumerable.Range(0, count).Select(draw => rows.Model.Impute(given, parse.GetValue(draws) is null ? null : root.Split((ulong)draw), rows.Runtime))];
        long missing = Missing(given);
        if (path is null && parse.GetValue(json))
        {
            JsonOutput.Write(terminal.Out, writer =>
            {
                writer.WriteNumber("missing", missing);
                for (int draw = 0; draw < count; draw++) writer.WriteMatrix(count == 1 ? "rows" : string.Create(CultureInfo.InvariantCulture, $"draw{draw + 1}"), filled[draw]);
            });
            return ExitCode.Success;
        }

        if (path is not null && OutputFile.Is(path, ".npy")) WriteArray(path, filled);
        else RowOutput.Write(path, Table(rows, source, parse.GetValue(folder), filled), terminal);
        if (path is not null) Report(terminal, parse.GetValue(json), path, given, missing, count);
        return ExitCode.Success;
    }

    private static void WriteArray(string path, Matrix[] filled)
    {
        int[] shape = [filled[0].Rows, filled[0].Columns];
        NumericArray array = new(NumericType.Float64, filled.Length == 1 ? shape : [filled.Length, .. shape]);
        for (int draw = 0; draw < filled.Length; draw++) filled[draw].Values.CopyTo(array.AsSpan<double>()[(draw * shape[0] * shape[1])..]);
        Npy.Save(path, array);
    }

    /// <summary>The table that was given with its gaps filled, its header, order and other columns kept.</summary>
    private static StringBuilder Table(RowRun run, string source, string? folder, Matrix[] filled)
    {
        CsvText text = NamedSets.Find(source) is null && ObservationSource.IsCsv(source)
            ? CsvText.Load(source, ObservationSource.CsvOptions(run.InputOptions(folder)))
            : Plain(run, filled[0]);
        StringBuilder table = new();
        bool several = filled.Length > 1;
        if (text.Header is { } header) table.AppendJoin(text.Delimiter, (several ? header.Prepend("draw") : header).Select(RowOutput.Quoted)).Append('\n');
        for (int draw = 0; draw < filled.Length; draw++)
        {
            for (int row = 0; row < text.Rows.Count; row++)
            {
                string[] fields = [.. text.Rows[row]];
                for (int column = 0; column < text.ValueColumns.Count; column++)
                {
                    ref string field = ref fields[text.ValueColumns[column]];
                    if (CsvText.IsMissing(field)) field = run.Written(column, filled[draw][row, column]);
                }

                if (several) table.Append(CultureInfo.InvariantCulture, $"{draw + 1}").Append(text.Delimiter);
                table.AppendJoin(text.Delimiter, fields.Select(RowOutput.Quoted)).Append('\n');
            }
        }

        return table;
    }

    /// <summary>An array as a table in which every field is to be filled.</summary>
    private static CsvText Plain(RowRun run, Matrix filled) => new(
        run.ColumnNames, [.. Enumerable.Range(0, filled.Rows).Select(_ => Enumerable.Repeat("", filled.Columns).ToArray())], [.. Enumerable.Range(0, filled.Columns)], ',');

    private static long Missing(Observations rows)
    {
        if (!rows.MayHaveMissing) return 0;
        double[] buffer = new double[rows.Columns];
        long count = 0;
        for (long row = 0; row < rows.Rows; row++)
            foreach (double value in rows.Read(row, 1, buffer)) count += double.IsNaN(value) ? 1 : 0;
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
