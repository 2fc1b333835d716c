using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Report;

namespace Elbo.Cli.Reports;

/// <summary>Fills a report from a run.</summary>
internal static class RunReport
{
    public static ReportData Build(FittedRun run, RunSummary? summary, CancellationToken cancellation)
    {
        summary ??= Measure(run, cancellation);
        LatentFrame frame = LatentFrame.Of(run);
        PixelScale? pixels = PixelScale.Of(run);
        DecoderNetwork? decoder = pixels is null ? null : PageDecoder.Of(run, pixels);
        (string part, DataSet rows) = RunData.Reported(run.Splits);
        List<ReportSection> sections = [];
        if (run.Model.LatentSize >= 2)
        {
            sections.Add(LatentSections.Scatter(run, frame, pixels, part, rows, cancellation));
            if (pixels is not null) sections.Add(LatentSections.Plane(run, frame, pixels, decoder));
        }

        if (pixels is not null)
        {
            sections.Add(PictureSections.Reconstructions(run, pixels, part, rows, cancellation));
            if (run.Model.HasBound) sections.Add(PictureSections.Samples(run, frame, pixels));
        }

        if (TrainingSections.Curves(run, summary) is { } curves) sections.Add(curves);
        sections.Add(LatentSections.Activity(summary));
        sections.Add(TrainingSections.Tables(run, summary));
        sections.Add(TrainingSections.Reproduction(run));
        return new ReportData { Header = Header(run, summary), Sections = sections, Decoder = decoder };
    }

    private static ReportHeader Header(FittedRun run, RunSummary summary)
    {
        Recipe recipe = run.Recipe;
        string title = TrainedRun.ModelTitle(run.Definition);
        string data = NamedSets.Find(recipe.Data.Source)?.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(recipe.Data.Source));
        string rows = $"{Text.Count(run.Splits.Train.Rows)} training rows of {Text.Extents(run.Splits.Train.RowShape.ToArray())}";
        int threads = recipe.Made?.Threads ?? run.Runtime.Threads;
        string when = summary.Steps == 0 ? "; training has not ended" : $" in {Text.Number(Math.Round(summary.Epochs, 2))} {(Math.Round(summary.Epochs, 2) == 1 ? "epoch" : "epochs")} ({Text.Time(TimeSpan.FromSeconds(summary.Seconds))} on {threads} {(threads == 1 ? "thread" : "threads")})";
        return new ReportHeader
        {
            RunName = run.Folder.Name,
            Title = title,
            Summary = $"Fitted to {Text.Count(run.Splits.Train.Rows)} rows of {data}{when}.",
            DataSet = $"{data} · {rows}",
            Created = recipe.Made?.Created ?? DateTimeOffset.UnixEpoch,
            Elapsed = TimeSpan.FromSeconds(summary.Seconds),
            StopReason = summary.Explanation.Length > 0 ? summary.Explanation : null,
            Bound = summary.Elbo is { } elbo
                ? new BoundSummary
                {
                    Split = summary.Split,
                    Rows = summary.Rows,
                    Elbo = elbo,
                    Reconstruction = summary.Reconstruction,
                    Kl = summary.Kl,
                    LogLikelihood = summary.LogLikelihood,
                    StandardError = summary.StandardError,
                    ImportanceSamples = summary.ImportanceSamples,
                }
                : null,
            Numbers = Numbers(summary),
            Version = recipe.Made?.Version.Split('+')[0] ?? ToolVersion.Text,
        };
    }

    private static List<HeadlineNumber> Numbers(RunSummary summary)
    {
        List<HeadlineNumber> numbers = [];
        if (summary.Elbo is null)
        {
            numbers.Add(new HeadlineNumber
            {
                Label = "reconstruction",
                Value = summary.Reconstruction,
                Unit = $"nats per {summary.Split} row",
                HigherIsBetter = true,
                Explanation = "ln p(x|z) at the code of the row: how well it is rebuilt.",
            });
        }

        numbers.Add(new HeadlineNumber
        {
            Label = "active units",
            Value = summary.ActiveUnits,
            Unit = $"of {summary.LatentVariance.Count}",
            Decimals = 0,
            Explanation = "Latent dimensions whose code moves with the data: the variance of its mean is above 0.01.",
        });
        if (summary.RowsPerSecond > 0)
            numbers.Add(new HeadlineNumber { Label = "speed", Value = summary.RowsPerSecond, Unit = "rows per second", Decimals = 0, Explanation = "Training rows seen in a second of fitting." });
        numbers.Add(new HeadlineNumber { Label = "parameters", Value = summary.Parameters, Decimals = 0, Explanation = "Numbers that were learned." });
        return numbers;
    }

    /// <summary>Measures a run whose training has not ended.</summary>
    public static RunSummary Measure(FittedRun run, CancellationToken cancellation)
    {
        (string part, DataSet rows) = RunData.Reported(run.Splits);
        EvaluationResult result = run.Evaluator.Evaluate(run.Rows(rows), new EvaluationOptions { Seed = run.Recipe.Training.Seed, Samples = run.Recipe.Evaluation.Samples }, cancellation);
        return RunSummary.Of(part, result) with { Parameters = run.Model.Parameters.Sum(static parameter => (long)parameter.Shape.ElementCount) };
    }
}
