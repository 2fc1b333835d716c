using System.Text.Json.Nodes;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Rows;
using Elbo.Data;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>Fills a report from a run of a row model.</summary>
internal static class RowReport
{
    public static ReportData Build(RowRun run, RowSummary summary)
    {
        List<ReportSection> sections = [.. run.Family.Sections(run.Model, run.Rows, run.Runtime)];
        if (FitSections.Selection(run, summary) is { } selection) sections.Add(selection);
        if (FitSections.Bounds(run, summary) is { } bounds) sections.Add(bounds);
        sections.Add(Configuration(run, summary));
        sections.Add(Reproduction(run));
        return new ReportData { Header = Header(run, summary), Sections = sections };
    }

    private static ReportHeader Header(RowRun run, RowSummary summary)
    {
        string source = run.Recipe.Data.Source;
        string data = NamedSets.Find(source)?.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(source));
        string size = $"{Text.Count(summary.Rows)} rows of {(run.IsImage ? Text.Extents(run.RowShape) : $"{Text.Count(run.Model.Columns)} {(run.Model.Columns == 1 ? "column" : "columns")}")}";
        string sequences = summary.Sequences is > 1 and { } count ? $" in {Text.Count(count)} sequences" : "";
        return new ReportHeader
        {
            RunName = run.Folder.Name,
            Title = Sentence(summary.Model),
            Summary = $"Fitted to {size}{sequences} ({data}) in {Text.Count(summary.Iterations)} {(summary.Iterations == 1 ? "iteration" : "iterations")}, {Text.Time(TimeSpan.FromSeconds(summary.Seconds))}.",
            DataSet = $"{data} · {size}{sequences}",
            Created = run.Recipe.Made?.Created ?? DateTimeOffset.UnixEpoch,
            Elapsed = TimeSpan.FromSeconds(summary.Seconds),
            StopReason = summary.Explanation,
            Bound = new BoundSummary { Split = "training", Rows = (int)Math.Min(int.MaxValue, summary.Rows), Elbo = summary.Elbo, LogLikelihood = run.Family.IsExact ? summary.LogLikelihood : null },
            Numbers = Numbers(summary, run.Family.IsExact),
            Version = run.Recipe.Made?.Version.Split('+')[0] ?? ToolVersion.Text,
        };
    }

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private static List<HeadlineNumber> Numbers(RowSummary summary, bool isExact)
    {
        List<HeadlineNumber> numbers = summary is not { Bic: { } bic, Aic: { } aic } ? [] :
        [
            new() { Label = "BIC", Value = bic, Decimals = 1, HigherIsBetter = false, Explanation = "−2 log L + parameters · log rows: lower is better, and a parameter must earn its place." },
            new() { Label = "AIC", Value = aic, Decimals = 1, HigherIsBetter = false, Explanation = "−2 log L + 2 · parameters: lower is better." },
        ];
        numbers.Add(new HeadlineNumber { Label = "parameters", Value = summary.Parameters, Decimals = 0, Explanation = "Free numbers of the model." });
        if (!isExact)
        {
            string explanation = summary.LogLikelihoodIsBound ? "A lower bound for rows under the fitted model, without the cost of its parameters." : "Mean log density of the training rows under the fitted model.";
            numbers.Insert(0, new HeadlineNumber { Label = summary.LogLikelihoodIsBound ? "log p(x), at least" : "log p(x)", Value = summary.LogLikelihood, Decimals = 2, Unit = "nats", HigherIsBetter = true, Explanation = explanation });
        }

        if (summary.LogLikelihoodPerSequence is { } sequence && summary.Sequences > 1)
            numbers.Insert(0, new HeadlineNumber { Label = "log p per sequence", Value = sequence, Unit = "nats", HigherIsBetter = true, Explanation = "The log-likelihood of a whole sequence, on average." });
        return numbers;
    }

    private static TableSection Configuration(RowRun run, RowSummary summary)
    {
        JsonObject document = (JsonObject)JsonNode.Parse(run.Recipe.Write())!;
        List<TableGroup> groups =
        [
            new TableGroup { Title = "Model", Entries = [new TableEntry("family", run.Recipe.Family), .. TrainingSections.Entries(document["options"]), new TableEntry("parameters", Text.Count(summary.Parameters))] },
            new TableGroup { Title = "Data", Entries = [.. TrainingSections.Entries(document["data"]).Where(static entry => entry.Key != "column names")] },
        ];
        if (run.Recipe.Made is { } made) groups.Add(TrainingSections.Machine(made));
        return new TableSection { Title = "Configuration and machine", Groups = groups };
    }

    private static ReproductionSection Reproduction(RowRun run) => new()
    {
        Title = "Make it again",
        Note = "The command makes the run again, to the same bytes on any machine of the same kind; the recipe in a file of its own does so too: elbo fit --recipe recipe.json.",
        Command = run.Recipe.Made?.Command ?? $"elbo fit --recipe {run.Folder.RecipePath}",
        Recipe = (run.Recipe with { Made = null }).Write(),
    };
}
