using System.Globalization;
using Elbo.Cli.Display;
using Elbo.Cli.Families;
using Elbo.Cli.Hosting;
using Elbo.Cli.Machine;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Reports;
using Elbo.Cli.Runs;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>Fits a row model in a run folder, new or resumed, measures it and writes its report.</summary>
internal static class RowFitter
{
    /// <summary>Fits in a new run folder.</summary>
    /// <returns>The run; null where somebody stopped it.</returns>
    public static async Task<RowResult?> FitAsync(RowFitRequest request, Terminal terminal, CancellationToken cancellation)
    {
        LoadedObservations rows = await RowData.LoadAsync(request.Data, request.DataFolder, terminal, request.Quiet, cancellation).ConfigureAwait(false);
        RowDataRecipe data = request.Data with
        {
            Source = RunData.Recorded(request.Data.Source),
            ColumnNames = rows.HasColumnNames ? rows.Rows.ColumnNames : null,
            // None is not the same as not known: text in a later file is refused then.
            Categories = request.Data.Text == true ? rows.Categories ?? new Dictionary<string, IReadOnlyList<string>>() : null,
        };
        LoadedObservations seen = request.Family.Prepare(rows, request.Values);
        RowRecipe recipe = new(request.Family.Name, data, request.Values.ToRecipe(), Made(request, rows.Rows));
        // What is wrong with a start is known before a folder is made for it.
        SizeSearch search = SizeSearch.Prepare(request.Family, request.Common, request.Values, seen);
        if (!request.Quiet && request.Family.Note(seen, request.Values) is { } note) Notes.To(terminal)(note);
        string prefix = Names.Prefix(request.Family.Name, request.Data.Source);
        RunFolder folder = RunTrainer.Create(request.Runs, request.Name, prefix);
        bool keep = false;
        try
        {
            folder.WriteRecipe(recipe.Write());
            if (!request.Quiet) terminal.Error.WriteLine($"{folder.FullPath}: {request.Family.Name} on {Text.Count(rows.Rows.Rows)} rows of {Text.Count(rows.Rows.Columns)} {(rows.Rows.Columns == 1 ? "column" : "columns")} ({request.Data.Source})");
            RowResult? result = Run(folder, search, recipe, seen, new RowCheckpoint(), request.Threads, request.Quiet, terminal, cancellation);
            keep = true;
            return result;
        }
        finally
        {
            // A fit that fails leaves nothing half-written, unless a checkpoint holds work that can go on.
            keep |= Directory.Exists(folder.CheckpointPath);
            folder.Dispose();
            if (!keep) Directory.Delete(folder.FullPath, recursive: true);
        }
    }

    /// <summary>Goes on with a run.</summary>
    /// <param name="path">The run folder.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="maxIterations">The most iterations of one start from now on; null for the recipe's.</param>
    /// <param name="dataFolder">Where named data sets are looked for first.</param>
    /// <param name="threads">How many threads; null for one per processor.</param>
    /// <param name="quiet">Whether to print no progress.</param>
    /// <param name="terminal">Where to print.</param>
    /// <param name="cancellation">Stops, with all saved.</param>
    /// <returns>The run; null where somebody stopped it again.</returns>
    public static RowResult? Resume(
        string path, RowRecipe recipe, int? maxIterations, string? dataFolder, int? threads, bool quiet, Terminal terminal, CancellationToken cancellation)
    {
        using RunFolder folder = RunFolder.OpenToResume(path);
        Family family = FamilyList.Find(recipe.Family);
        CommonSettings common = new(family);
        SettingValues values = SettingValues.FromRecipe(common.All, recipe.Options, folder.RecipePath);
        FitOptions before = common.Options(values);
        if (maxIterations is { } most) values = Allow(common, values, most);
        RowSummary? done = File.Exists(folder.ModelPath) ? RowSummary.TryLoad(folder.FullPath) : null;
        if (done is not null && (maxIterations is null || HasConverged(done)))
            return new RowResult(folder.FullPath, folder.ReportPath, done) { Remark = $"'{folder.FullPath}' has finished already; {Advice(folder, done, common.MaxIterations is not null)}" };
        LoadedObservations rows = family.Prepare(RowData.Load(recipe, dataFolder), values);
        SizeSearch search = SizeSearch.Prepare(family, common, values, rows);
        RowCheckpoint checkpoint = done is null ? RowCheckpoint.Load(folder, family, Notes.To(terminal)) : new RowCheckpoint();
        if (maxIterations is not null)
        {
            RunExtension extension = new(family, before, search);
            if (done is null)
            {
                extension.Extend(checkpoint, rows.Rows.TotalWeight);
            }
            else
            {
                (ModelDescription description, IReadOnlyDictionary<string, NumericArray> parameters) = RowModelFiles.Read(folder.FullPath);
                checkpoint = extension.Unfinish(done, RowMetrics.Read(folder), family.Load(description.Definition, parameters), rows.Rows.TotalWeight);
            }

            // In this order a run that is killed in between is whole, or goes on to what it was.
            checkpoint.Save(folder);
            File.Delete(Path.Combine(folder.FullPath, RowSummary.FileName));
            recipe = recipe with { Options = values.ToRecipe(), Made = recipe.Made is { } made ? made with { Command = $"elbo fit --recipe {RunData.Recorded(folder.RecipePath)}" } : null };
            folder.WriteRecipe(recipe.Write());
        }

        if (!quiet) terminal.Error.WriteLine($"{folder.FullPath}: {search.Describe(checkpoint)}");
        return Run(folder, search, recipe, rows, checkpoint, threads, quiet, terminal, cancellation);
    }

    /// <summary>The choices with more iterations.</summary>
    private static SettingValues Allow(CommonSettings common, SettingValues values, int most)
    {
        Setting<int> setting = common.MaxIterations ?? throw new UsageException("--max-iterations does not go here: this model is not fitted in iterations; leave it out.");
        int allowed = values.Get(setting);
        if (most < allowed) throw new UsageException($"--max-iterations {most} is fewer than the {allowed} that the run is allowed already; ask for more.");
        return values.With(setting, most.ToString(CultureInfo.InvariantCulture));
    }

    private static bool HasConverged(RowSummary summary) => summary.Tried is { } tried ? tried.All(static size => size.Failure is not null || size.Converged) : summary.Converged;

    private static string Advice(RunFolder folder, RowSummary summary, bool iterates) => iterates && !HasConverged(summary)
        ? $"to go on, allow more iterations: elbo resume {folder.FullPath} --max-iterations N."
        : $"to fit with other choices, use 'elbo fit --recipe {folder.RecipePath}' or start from it with --start.";

    private static RowResult? Run(
        RunFolder folder, SizeSearch search, RowRecipe recipe, LoadedObservations rows, RowCheckpoint checkpoint, int? threads, bool quiet, Terminal terminal, CancellationToken cancellation)
    {
        using Runtime runtime = new(threads);
        FitDisplay display = new(terminal, quiet);
        RowSummary? summary;
        try
        {
            summary = search.Run(folder, checkpoint, runtime, display, cancellation);
        }
        finally
        {
            display.End();
        }

        if (summary is null)
        {
            terminal.Error.WriteLine($"Stopped on request. Go on with: elbo resume {folder.FullPath}");
            return null;
        }

        RowMetrics.Write(folder, search.HasSizes, checkpoint.Done);
        summary.Save(folder.FullPath);
        // After these, since a folder with a model counts as a fit that has ended.
        RowModelFiles.Save(folder.FullPath, checkpoint.Best!, rows.RowShape);
        RowResult result = new(folder.FullPath, folder.ReportPath, summary);
        try
        {
            using RowRun run = RowRun.From(folder, search.Family, recipe, checkpoint.Best!, rows, runtime);
            ReportWriter.Write(RowReport.Build(run, summary), folder.ReportPath);
            return result;
        }
        catch (ElboException exception)
        {
            return result with { Failure = new ElboException($"{exception.Message} The model is saved; write the report later with 'elbo report {folder.FullPath}'.", exception) };
        }
    }

    private static MadeRecord Made(RowFitRequest request, Observations rows)
    {
        MachineFacts machine = MachineFacts.Read();
        return new MadeRecord(
            ToolVersion.Full, machine.Runtime, machine.System, machine.Processor, request.Threads ?? machine.Threads, machine.VectorBits,
            DateTimeOffset.UtcNow, request.Command, request.Family.Name, RowData.Record(rows), request.DataFolder is { } folder ? Path.GetFullPath(folder) : null);
    }
}
