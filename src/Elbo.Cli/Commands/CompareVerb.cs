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
                using (row) reports.Add(RowReport.Build(row, RowSummary.Load(row.Folder.FullPath)));
                continue;
            }

            using FittedRun fitted = FittedRun.Open(run, parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
            RunSummary summary = RunSummary.TryLoad(fitted.Folder.FullPath) ?? RunReport.Measure(fitted, cancellation);
            ReportData report = RunReport.Build(fitted, summary, cancellation);
            reports.Add(report);
            compared.Add(new ComparedRun(report.Header.RunName, report.Header.Title, MeasuredRows.Of(fitted, summary), summary));
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

    private sealed record ComparedRun(string Name, string Title, MeasuredRows Rows, RunSummary Summary);

    private static void WriteTable(TextWriter output, List<ComparedRun> runs, string path)
    {
        TextTable table = new TextTable("run", "rows", "ELBO", "reconstruction", "KL", "model").AlignRight(2, 3, 4);
        foreach ((string name, string title, _, RunSummary summary) in runs)
        {
            table.Add(
                name, $"{Text.Count(summary.Rows)} {summary.Split}", summary.Elbo is { } elbo ? Text.Nats(elbo) : "-",
                Text.Nats(summary.Reconstruction), summary.Kl is { } kl ? Text.Nats(kl) : "-", title);
        }

        table.Write(output);
        output.WriteLine(path);
    }

    private static void WriteJson(TextWriter output, List<ComparedRun> runs, string path) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("report", path);
        writer.WriteStartArray("runs");
        foreach ((string name, _, _, RunSummary summary) in runs)
        {
            writer.WriteStartObject();
            writer.WriteString("run", name);
            writer.WriteString("split", summary.Split);
            writer.WriteNumber("rows", summary.Rows);
            if (summary.Elbo is { } elbo) writer.WriteFinite("elbo", elbo);
            writer.WriteFinite("reconstruction", summary.Reconstruction);
            if (summary.Kl is { } kl) writer.WriteFinite("kl", kl);
            if (summary.LogLikelihood is { } likelihood) writer.WriteFinite("logLikelihood", likelihood);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
