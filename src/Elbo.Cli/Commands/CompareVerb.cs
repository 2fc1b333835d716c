using System.CommandLine;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Reports;
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
        List<ReportData> reports = [];
        foreach (string run in parse.GetRequiredValue(runs))
        {
            using FittedRun fitted = FittedRun.Open(run, parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
            reports.Add(RunReport.Build(fitted, RunSummary.TryLoad(fitted.Folder.FullPath), cancellation));
        }

        string path = parse.GetValue(output) ?? "compare.html";
        ReportWriter.WriteCompare(reports, path);
        if (parse.GetValue(json)) WriteJson(terminal.Out, reports, path);
        else WriteTable(terminal.Out, reports, path);
        return ExitCode.Success;
    }

    private static void WriteTable(TextWriter output, List<ReportData> reports, string path)
    {
        TextTable table = new TextTable("run", "rows", "ELBO", "reconstruction", "KL", "model").AlignRight(2, 3, 4);
        foreach (ReportData report in reports)
        {
            BoundSummary? bound = report.Header.Bound;
            HeadlineNumber? reconstruction = report.Header.Numbers.FirstOrDefault(static number => number.Label == "reconstruction");
            table.Add(
                report.Header.RunName, bound?.Split ?? "", bound is null ? "-" : Text.Nats(bound.Elbo),
                (bound?.Reconstruction ?? reconstruction?.Value) is { } value ? Text.Nats(value) : "-", bound?.Kl is { } kl ? Text.Nats(kl) : "-", report.Header.Title);
        }

        table.Write(output);
        output.WriteLine(path);
    }

    private static void WriteJson(TextWriter output, List<ReportData> reports, string path) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("report", path);
        writer.WriteStartArray("runs");
        foreach (ReportData report in reports)
        {
            writer.WriteStartObject();
            writer.WriteString("run", report.Header.RunName);
            if (report.Header.Bound is { } bound)
            {
                writer.WriteString("split", bound.Split);
                writer.WriteFinite("elbo", bound.Elbo);
                if (bound.Reconstruction is { } reconstruction) writer.WriteFinite("reconstruction", reconstruction);
                if (bound.Kl is { } kl) writer.WriteFinite("kl", kl);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
