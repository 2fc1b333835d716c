using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Numerics;

namespace Elbo.Cli.Rows;

/// <summary>A fit that ended, and how to print it.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Report">The report's path.</param>
/// <param name="Summary">What it came to.</param>
internal sealed record RowResult(string Folder, string Report, RowSummary Summary)
{
    /// <summary>What to say beside the result; null where there is nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>What failed after the model was saved; null where nothing did.</summary>
    public ElboException? Failure { get; init; }

    /// <summary>Prints the result, then what failed.</summary>
    public int Finish(Terminal terminal, bool json)
    {
        Print(terminal.Out, json);
        if (Remark is not null) terminal.Error.WriteLine(Remark);
        return Failure is null ? ExitCode.Success : throw Failure;
    }

    private void Print(TextWriter output, bool json)
    {
        if (json) PrintJson(output);
        else PrintTable(output);
    }

    private void PrintTable(TextWriter output)
    {
        if (Summary.Tried is { } tried)
        {
            (string Name, Func<SizeOutcome, double?> Value)[] criteria = [("BIC", static size => size.Bic), ("AIC", static size => size.Aic), ("ICL", static size => size.Icl)];
            criteria = [.. criteria.Where(criterion => tried.Any(size => criterion.Value(size) is not null))];
            TextTable sizes = new TextTable(["size", "ELBO", .. criteria.Select(static criterion => criterion.Name), "parameters", "iterations", ""]).AlignRight([.. Enumerable.Range(0, criteria.Length + 4)]);
            foreach (SizeOutcome size in tried)
            {
                string[] numbers = size.Failure is null
                    ? [Nats(size.Elbo), .. criteria.Select(criterion => criterion.Value(size) is { } value ? Criterion(value) : "-"), Text.Count(size.Parameters), Text.Count(size.Iterations)]
                    : [.. Enumerable.Repeat("-", criteria.Length + 3)];
                string remark = size.Failure is not null ? "failed" : size.Size == Summary.Size ? $"best {Summary.Criterion!.ToUpperInvariant()}" : size.Converged ? "" : "not converged";
                sizes.Add([Text.Count(size.Size), .. numbers, remark]);
            }

            sizes.Write(output);
            output.WriteLine();
        }

        TextTable table = new();
        table.Add("run", Folder);
        table.Add("model", $"{Summary.Model}, {Text.Count(Summary.Parameters)} parameters");
        bool same = Summary.Elbo == Summary.LogLikelihood;
        table.Add("ELBO", $"{Nats(Summary.Elbo)} nats per row on {Text.Count(Summary.Rows)} training rows{(same ? ", which is log p(x): the posterior is exact" : "")}");
        if (!same) table.Add("log p(x)", $"{(Summary.LogLikelihoodIsBound ? "at least " : "")}{Nats(Summary.LogLikelihood)} nats per row under the fitted model");
        if (Summary.LogLikelihoodPerSequence is { } sequence) table.Add("per sequence", $"{Nats(sequence)} nats in each of {Text.Count(Summary.Sequences ?? 1)}");
        if (Summary is { Bic: { } bic, Aic: { } aic }) table.Add("BIC, AIC", $"{Criterion(bic)}, {Criterion(aic)} (lower is better)");
        table.Add("fit", $"{Text.Count(Summary.Iterations)} {(Summary.Iterations == 1 ? "iteration" : "iterations")} in {Text.Time(TimeSpan.FromSeconds(Summary.Seconds))}. {Summary.Explanation}");
        table.Add("report", Report);
        table.Write(output);
    }

    private void PrintJson(TextWriter output) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("run", Folder);
        writer.WriteString("report", Report);
        writer.WriteString("model", Summary.Model);
        writer.WriteNumber("rows", Summary.Rows);
        if (Summary.Sequences is { } count) writer.WriteNumber("sequences", count);
        writer.WriteFinite("elbo", Summary.Elbo);
        writer.WriteFinite("logLikelihood", Summary.LogLikelihood);
        if (Summary.LogLikelihoodIsBound) writer.WriteBoolean("logLikelihoodIsBound", true);
        if (Summary.LogLikelihoodPerSequence is { } sequence) writer.WriteFinite("logLikelihoodPerSequence", sequence);
        if (Summary.Bic is { } bic) writer.WriteFinite("bic", bic);
        if (Summary.Aic is { } aic) writer.WriteFinite("aic", aic);
        if (Summary.Size is { } size) writer.WriteNumber("size", size);
        writer.WriteNumber("parameters", Summary.Parameters);
        writer.WriteNumber("iterations", Summary.Iterations);
        writer.WriteBoolean("converged", Summary.Converged);
        writer.WriteString("explanation", Summary.Explanation);
        writer.WriteFinite("seconds", Summary.Seconds);
        if (Summary.Tried is { } tried) WriteSizes(writer, tried, Summary.Criterion!);
    });

    private static void WriteSizes(Utf8JsonWriter writer, IReadOnlyList<SizeOutcome> tried, string criterion)
    {
        writer.WriteString("select", criterion);
        writer.WriteStartArray("tried");
        foreach (SizeOutcome outcome in tried)
        {
            writer.WriteStartObject();
            writer.WriteNumber("size", outcome.Size);
            if (outcome.Failure is { } failure)
            {
                writer.WriteString("failure", failure);
            }
            else
            {
                writer.WriteFinite("elbo", outcome.Elbo);
                if (outcome.Bic is { } bic) writer.WriteFinite("bic", bic);
                if (outcome.Aic is { } aic) writer.WriteFinite("aic", aic);
                if (outcome.Icl is { } icl) writer.WriteFinite("icl", icl);
                writer.WriteNumber("parameters", outcome.Parameters);
                writer.WriteNumber("iterations", outcome.Iterations);
                writer.WriteBoolean("converged", outcome.Converged);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Densities of few columns lie near 0, where two decimals say little.</summary>
    public static string Nats(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    public static string Criterion(double value) => value.ToString("#,0.00", CultureInfo.InvariantCulture);
}
