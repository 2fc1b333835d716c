using System.CommandLine;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Reports;
using Elbo.Cli.Rows;
using Elbo.Cli.Runs;
using Elbo.Report;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo compare</c>: runs side by side.</summary>
internal sealed class CompareVerb : Verb
{
    private readonly Argument<string[]> runs = new("runs") { Description = "Two or more run folders.", Arity = new ArgumentArity(2, 100) };
    private readonly Option<string?> output = OutputFile.Option("The page to write. [default: compare.html]", false, ".html");
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public CompareVerb(Terminal terminal)
        : base("compare", "Set runs side by side: a table here, and an HTML file with curves, samples and what differs.", "elbo compare runs/first runs/second", "elbo compare runs/first runs/second runs/third -o all.html")
    {
        Add(runs);
        foreach (Option option in (Option[])[output, folder, threads, json]) Add(option);
        SetAction((parse, cancellation) => Task.FromResult(Compare(terminal, parse, cancellation)));
    }

    private int Compare(Terminal terminal, ParseResult parse, CancellationToken cancellation)
    {
        string path = OutputFile.RequireFolder(parse.GetValue(output)) ?? DefaultPath;
        List<ReportData> reports = [];
        List<ComparedRun> compared = [];
        foreach (string run in parse.GetRequiredValue(runs))
        {
            if (RowRun.TryOpen(run, parse.GetValue(threads), parse.GetValue(folder)) is { } row)
            {
                using (row)
                {
                    RowSummary fit = RowSummary.Load(row.Folder.FullPath);
                    reports.Add(RowReport.Build(row, fit));
                    compared.Add(ComparedRun.Of(row, fit));
                }

                continue;
            }

            using FittedRun fitted = FittedRun.Open(run, parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
            RunSummary summary = RunSummary.TryLoad(fitted.Folder.FullPath) ?? RunReport.Measure(fitted, cancellation);
            ReportData report = RunReport.Build(fitted, summary, cancellation);
            reports.Add(report);
            compared.Add(ComparedRun.Of(fitted, report.Header.Title, summary));
        }

        foreach (ComparedRun run in compared.Skip(1))
            if (run.Rows.Difference(compared[0].Rows) is { } difference)
                Notes.To(terminal)($"'{compared[0].Name}' and '{run.Name}' were measured on different rows ({difference}); their figures do not compare.");
        if (parse.GetValue(output) is null && File.Exists(path)) Notes.To(terminal)($"'{path}' was there and is replaced; name another file with --output to keep it.");
        ReportWriter.WriteCompare(reports, path);
        if (parse.GetValue(json)) WriteJson(terminal.Out, compared, path);
        else WriteTable(terminal.Out, compared, path);
        return ExitCode.Success;
    }

    private const string DefaultPath = "compare.html";

    private static void WriteTable(TextWriter output, List<ComparedRun> runs, string path)
    {
        bool criteria = runs.Exists(static run => run.Bic is not null);
        TextTable table = new TextTable([.. criteria ? (string[])["run", "rows", "ELBO", "reconstruction", "KL", "BIC", "model"] : ["run", "rows", "ELBO", "reconstruction", "KL", "model"]])
            .AlignRight([.. criteria ? (int[])[2, 3, 4, 5] : [2, 3, 4]]);
        foreach (ComparedRun run in runs)
        {
            string[] figures = [Figure(run.Elbo), Figure(run.Reconstruction), Figure(run.Kl), .. criteria ? [run.Bic is { } bic ? RowResult.Criterion(bic) : "-"] : (string[])[]];
            table.Add([run.Name, $"{Text.Count(run.Rows.Count)} {run.Rows.Split}", .. figures, run.Title]);
        }

        table.Write(output);
        output.WriteLine(path);
    }

    private static string Figure(double? value) => value is { } nats ? Text.Nats(nats) : "-";

    private static void WriteJson(TextWriter output, List<ComparedRun> runs, string path) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("report", path);
        writer.WriteStartArray("runs");
        foreach (ComparedRun run in runs)
        {
            writer.WriteStartObject();
            writer.WriteString("run", run.Name);
            writer.WriteString("split", run.Rows.Split);
            writer.WriteNumber("rows", run.Rows.Count);
            if (run.Elbo is { } elbo) writer.WriteFinite("elbo", elbo);
            if (run.Reconstruction is { } reconstruction) writer.WriteFinite("reconstruction", reconstruction);
            if (run.Kl is { } kl) writer.WriteFinite("kl", kl);
            if (run.LogLikelihood is { } likelihood) writer.WriteFinite("logLikelihood", likelihood);
            if (run.Bic is { } bic) writer.WriteFinite("bic", bic);
            if (run.Aic is { } aic) writer.WriteFinite("aic", aic);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
