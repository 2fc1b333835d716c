using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Elbo.Cli.Hosting;
using Elbo.Cli.Machine;
using Elbo.Cli.Output;
using Elbo.Cli.Reproduction;
using Elbo.Cli.Runs;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Studies;

/// <summary>Runs a study in a folder of its own, and writes what it came to: <c>result.json</c>, <c>report.html</c>, and its section of a page of results.</summary>
internal static class StudyRunner
{
    /// <summary>Runs a study from the beginning, or goes on where it was stopped.</summary>
    /// <param name="study">The study.</param>
    /// <param name="request">How.</param>
    /// <param name="place">Where its folder is, and the page of results.</param>
    /// <param name="terminal">Where progress and the result go.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<int> RunAsync(Study study, StudyRequest request, StudyPlace place, Terminal terminal, CancellationToken cancellation)
    {
        string page = place.Document ?? study.DefaultDocument;
        bool writesPage = place.Document is not null || File.Exists(page);
        if (writesPage) ReproductionDocument.CheckWritable(page);
        using RunFolder folder = Open(study, request, place);
        if (!request.Quiet) terminal.Error.WriteLine($"{folder.FullPath}: {study.Title}");
        long start = Stopwatch.GetTimestamp();
        StudyResult result;
        try
        {
            result = await study.RunAsync(request, folder, terminal, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Elapsed(folder, start);
            terminal.Error.WriteLine($"Stopped on request. Go on with: {Root(study, request)} --run {folder.FullPath}");
            return ExitCode.Interrupted;
        }

        TimeSpan elapsed = Elapsed(folder, start);
        string json = Json(study, request, folder, result);
        AtomicFile.WriteText(Path.Combine(folder.FullPath, "result.json"), json);
        ReportWriter.Write(Report(study, request, result, elapsed), folder.ReportPath);
        if (writesPage) ReproductionDocument.ReplaceSection(page, study.Title, Section(study, request, result, elapsed));
        if (place.Json) terminal.Out.Write(json);
        else Print(result, folder, writesPage ? page : null, terminal);
        return ExitCode.Success;
    }

    private static RunFolder Open(Study study, StudyRequest request, StudyPlace place)
    {
        StudyMark mark = new(study.Name, request.Short, request.Seed);
        if (place.Run is not { } run)
        {
            RunFolder created = RunTrainer.Create(place.Runs, place.Name, study.Name);
            created.WriteRecipe(mark.Write());
            return created;
        }

        RunFolder opened = RunFolder.OpenToResume(FittedRun.Locate(run));
        StudyMark? found = StudyMark.TryRead(opened.ReadRecipe());
        if (found == mark) return opened;
        opened.Dispose();
        throw new UsageException(found is null
            ? $"'{run}' is a run of a recipe, and one of the study '{study.Name}' was expected; leave --run out to begin anew."
            : $"'{run}' is {found.Describe()}, and {mark.Describe()} was asked for; give the same options as then, or leave --run out to begin anew.");
    }

    /// <summary>The time that the study took in all, with what it took before it was stopped; kept in its folder.</summary>
    private static TimeSpan Elapsed(RunFolder folder, long start)
    {
        string path = Path.Combine(folder.FullPath, "seconds");
        double before = File.Exists(path) && double.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out double seconds) ? seconds : 0;
        TimeSpan elapsed = TimeSpan.FromSeconds(before) + Stopwatch.GetElapsedTime(start);
        AtomicFile.WriteText(path, elapsed.TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
        return elapsed;
    }

    private static void Print(StudyResult result, RunFolder folder, string? page, Terminal terminal)
    {
        result.WriteTable(terminal.Out);
        terminal.Out.WriteLine();
        foreach (string finding in result.Findings) terminal.Out.WriteLine(finding);
        terminal.Out.WriteLine(folder.ReportPath);
        if (page is not null) terminal.Out.WriteLine($"written into {page}");
    }

    private static string Json(Study study, StudyRequest request, RunFolder folder, StudyResult result)
    {
        using StringWriter text = new();
        JsonOutput.Write(text, writer =>
        {
            writer.WriteString("study", study.Name);
            writer.WriteString("title", study.Title);
            writer.WriteBoolean("short", request.Short);
            writer.WriteNumber("seed", request.Seed);
            writer.WriteString("report", folder.ReportPath);
            writer.WriteBoolean("holds", result.Holds);
            writer.WriteStrings("findings", result.Findings);
            result.WriteJson(writer);
        });
        return text.ToString();
    }

    private static ReportData Report(Study study, StudyRequest request, StudyResult result, TimeSpan elapsed) => new()
    {
        Header = new ReportHeader
        {
            RunName = study.Name,
            Title = study.Title,
            Summary = result.Findings[0],
            DataSet = study.Data,
            Created = DateTimeOffset.UtcNow,
            CreatedLabel = "Measured",
            Elapsed = elapsed,
            Numbers = result.Numbers,
            Version = ToolVersion.Text,
        },
        Sections =
        [
            .. result.Listed.Count > 0 ? [Findings(result)] : (ReportSection[])[],
            .. result.Sections,
            new ReproductionSection { Title = "Make it again", Note = $"{study.Protocol} Published in {study.Source}.", Command = Root(study, request) },
        ],
    };

    private static DataTableSection Findings(StudyResult result) => new()
    {
        Title = "What was found",
        Columns = [new DataColumn("")],
        Rows = [.. result.Listed.Select(static finding => new DataRow([finding]))],
    };

    private static IEnumerable<string> Section(Study study, StudyRequest request, StudyResult result, TimeSpan elapsed)
    {
        MachineFacts machine = MachineFacts.Read();
        int threads = request.Threads ?? machine.Threads;
        yield return $"{study.Protocol} Source: {study.Source}.";
        yield return "";
        yield return $"`{Root(study, request)}`, {Text.Time(elapsed)} on {machine.Processor} with {Text.Count(threads)} {(threads == 1 ? "thread" : "threads")}, elbo {ToolVersion.Text}.";
        yield return "";
        foreach (string finding in result.Findings) yield return $"- {finding}";
        yield return "";
        foreach (string line in result.Markdown()) yield return line;
    }

    /// <summary>The command that repeats the study.</summary>
    private static string Root(Study study, StudyRequest request)
    {
        StringBuilder command = new($"{Commands.Root.Name} reproduce {study.Name}");
        if (request.Short) command.Append(" --short");
        if (request.Seed != 1) command.Append(CultureInfo.InvariantCulture, $" --seed {request.Seed}");
        return command.ToString();
    }
}

/// <summary>Where a study's folder is, and what is printed.</summary>
/// <param name="Runs">The folder that new folders go into.</param>
/// <param name="Name">A new folder's name; null for one made up.</param>
/// <param name="Run">A folder to go on in; null for a new one.</param>
/// <param name="Document">The page of results; null for the study's own where there is one.</param>
/// <param name="Json">Whether the result is printed as JSON.</param>
internal sealed record StudyPlace(string Runs, string? Name = null, string? Run = null, string? Document = null, bool Json = false);
