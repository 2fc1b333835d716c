using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Data;

namespace Elbo.Cli.Rows.Verbs;

/// <summary><c>elbo eval</c> of a row model.</summary>
internal static class RowEval
{
    /// <param name="run">The run.</param>
    /// <param name="split">The part that was asked for; null where none was.</param>
    /// <param name="other">Other rows; null for the run's.</param>
    /// <param name="folder">Where named data sets are looked for first.</param>
    /// <param name="json">Whether to print JSON.</param>
    /// <param name="terminal">Where to print.</param>
    public static int Evaluate(RowRun run, string? split, string? other, string? folder, bool json, Terminal terminal)
    {
        (string what, LoadedObservations rows) = Rows(run, split, other, folder);
        RowMeasure measure = RowMeasure.Of(run.Model, rows.Rows, run.Family.IsSequential, run.Runtime);
        RowSummary? summary = RowSummary.TryLoad(run.Folder.FullPath);
        // The bound of a model that is not exact belongs to the rows it was fitted on.
        double? elbo = run.Family.IsExact ? measure.LogLikelihood : what == "train" ? summary?.Elbo : null;
        if (json) WriteJson(terminal.Out, run, what, measure, elbo, summary);
        else WriteTable(terminal.Out, run, what, measure, elbo, summary);
        return ExitCode.Success;
    }

    private static (string What, LoadedObservations Rows) Rows(RowRun run, string? split, string? other, string? folder)
    {
        if (other is not null) return (other, run.Input(other, folder));
        if (split == "validation") throw new UsageException("A row model is fitted on all training rows and sets none aside for validation; choose --split train or test, or give rows with --data.");
        if (split == "train") return (split, run.Rows);
        // Of a source without test rows there are those that the model was fitted on.
        if (NamedSets.Find(run.Recipe.Data.Source) is not null || split == "test")
        {
            LoadedObservations rows = run.Input(run.Recipe.Data.Source, folder);
            if (rows.IsTest) return ("test", rows);
            if (split == "test") throw new UsageException($"'{run.Recipe.Data.Source}' has no test rows; give some with --data, or choose --split train.");
        }

        return ("train", run.Rows);
    }

    private static void WriteTable(TextWriter output, RowRun run, string what, RowMeasure measure, double? elbo, RowSummary? summary)
    {
        TextTable table = new();
        table.Add("model", run.Model.Title);
        table.Add("rows", $"{Text.Count(measure.Rows)} ({what}){(measure.Sequences is { } count ? $" in {Text.Count(count)} {(count == 1 ? "sequence" : "sequences")}" : "")}");
        if (elbo is { } bound && !run.Family.IsExact) table.Add("ELBO", $"{RowResult.Nats(bound)} nats per row");
        table.Add("log p(x)", $"{(run.Model.LogDensityIsBound ? "at least " : "")}{RowResult.Nats(measure.LogLikelihood)} ± {RowResult.Nats(measure.StandardError)} nats per row{(run.Family.IsExact ? ", which is the ELBO: the posterior is exact" : "")}");
        if (measure.LogLikelihoodPerSequence is { } sequence) table.Add("per sequence", $"{RowResult.Nats(sequence)} nats");
        if (run.Family.IsExact) table.Add("BIC, AIC", $"{RowResult.Criterion(measure.Bic(run.Model))}, {RowResult.Criterion(measure.Aic(run.Model))} ({Text.Count(run.Model.FreeParameters)} parameters; lower is better)");
        if (summary is not null) table.Add("fit", summary.Explanation);
        table.Write(output);
    }

    private static void WriteJson(TextWriter output, RowRun run, string what, RowMeasure measure, double? elbo, RowSummary? summary) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("run", run.Folder.FullPath);
        writer.WriteString("model", run.Model.Title);
        writer.WriteString("data", what);
        writer.WriteNumber("rows", measure.Rows);
        if (measure.Sequences is { } count) writer.WriteNumber("sequences", count);
        if (elbo is { } bound) writer.WriteFinite("elbo", bound);
        writer.WriteFinite("logLikelihood", measure.LogLikelihood);
        if (run.Model.LogDensityIsBound) writer.WriteBoolean("logLikelihoodIsBound", true);
        writer.WriteFinite("standardError", measure.StandardError);
        if (measure.LogLikelihoodPerSequence is { } sequence) writer.WriteFinite("logLikelihoodPerSequence", sequence);
        if (run.Family.IsExact)
        {
            writer.WriteFinite("bic", measure.Bic(run.Model));
            writer.WriteFinite("aic", measure.Aic(run.Model));
        }

        writer.WriteNumber("parameters", run.Model.FreeParameters);
        if (summary is null) return;
        writer.WriteNumber("iterations", summary.Iterations);
        writer.WriteBoolean("converged", summary.Converged);
    });
}
