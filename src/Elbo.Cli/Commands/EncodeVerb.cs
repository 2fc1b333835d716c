using System.CommandLine;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Rows;
using Elbo.Cli.Rows.Verbs;
using Elbo.Cli.Runs;
using Elbo.Data;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo encode</c>: the codes of rows.</summary>
internal sealed class EncodeVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Argument<string> input = InputArgument.Create();
    private readonly Option<string?> output = OutputFile.Option("The array (.npy) or table (.csv) to write, one row per row. [default: a table on standard output]", false, ".npy", ".csv");
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public EncodeVerb(Terminal terminal)
        : base("encode", "Compute the code of each row: its posterior mean, never a draw.", "elbo encode runs/first images.npy -o codes.npy", "elbo encode runs/first mnist > codes.csv")
    {
        Add(run);
        Add(input);
        foreach (Option option in (Option[])[output, folder, threads, json]) Add(option);
        SetAction((parse, cancellation) =>
        {
            OutputFile.RequireFolder(parse.GetValue(output));
            if (RowRun.TryOpen(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder)) is { } row)
            {
                using (row)
                    return Task.FromResult(RowVerbs.Encode(row, parse.GetRequiredValue(input), parse.GetValue(folder), parse.GetValue(output), parse.GetValue(json), terminal));
            }

            using FittedRun fitted = FittedRun.Open(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
            DataSet data = InputRows.Load(fitted, parse.GetRequiredValue(input), parse.GetValue(folder));
            float[] codes = fitted.Evaluator.Encode(fitted.Rows(data, asGiven: true), cancellation);
            string? path = parse.GetValue(output);
            double[] values = Array.ConvertAll(codes, static value => (double)value);
            if (path is null && parse.GetValue(json)) JsonOutput.Write(terminal.Out, writer => WriteRows(writer, values, fitted.Model.LatentSize));
            else OutputFile.WriteNumbers(path, values, fitted.Model.LatentSize, terminal);
            if (path is not null) OutputFile.Report(terminal, parse.GetValue(json), path, data.Rows, [fitted.Model.LatentSize]);
            return Task.FromResult(ExitCode.Success);
        });
    }

    private static void WriteRows(System.Text.Json.Utf8JsonWriter writer, double[] values, int columns)
    {
        writer.WriteStartArray("codes");
        for (int start = 0; start < values.Length; start += columns)
        {
            writer.WriteStartArray();
            foreach (double value in values.AsSpan(start, columns)) writer.WriteNumberValue(value);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
