using System.CommandLine;
using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Reports;
using Elbo.Cli.Rows;
using Elbo.Cli.Runs;
using Elbo.Report;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo report</c>: writes the report of a run anew.</summary>
internal sealed class ReportVerb : Verb
{
    private readonly Argument<string> run = RunArgument.Create();
    private readonly Option<string?> output = OutputFile.Option("The page to write. [default: report.html in the run folder]", false, ".html");
    private readonly Option<string?> folder = CommonOptions.DataFolder();
    private readonly Option<int?> threads = CommonOptions.Threads();
    private readonly Option<bool> json = CommonOptions.Json();

    public ReportVerb(Terminal terminal)
        : base("report", "Write the report of a run: one HTML file that works offline.", "elbo report runs/first", "elbo report runs/first -o first.html")
    {
        Add(run);
        foreach (Option option in (Option[])[output, folder, threads, json]) Add(option);
        SetAction((parse, cancellation) =>
        {
            OutputFile.RequireFolder(parse.GetValue(output));
            if (RowRun.TryOpen(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder)) is { } row)
            {
                using (row) return Task.FromResult(Write(terminal, parse, RowReport.Build(row, RowSummary.Load(row.Folder.FullPath)), row.Folder.ReportPath));
            }

            using FittedRun fitted = FittedRun.Open(parse.GetRequiredValue(run), parse.GetValue(threads), parse.GetValue(folder), Notes.To(terminal));
            return Task.FromResult(Write(terminal, parse, RunReport.Build(fitted, RunSummary.TryLoad(fitted.Folder.FullPath), cancellation), fitted.Folder.ReportPath));
        });
    }

    private int Write(Terminal terminal, ParseResult parse, ReportData report, string usual)
    {
        string path = parse.GetValue(output) ?? usual;
        ReportWriter.Write(report, path);
        if (parse.GetValue(json)) JsonOutput.Write(terminal.Out, writer => writer.WriteString("report", path));
        else terminal.Out.WriteLine(path);
        return ExitCode.Success;
    }
}
