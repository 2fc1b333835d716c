using Elbo.Cli.Display;
using Elbo.Cli.Hosting;
using Elbo.Cli.Machine;
using Elbo.Cli.Output;
using Elbo.Cli.Recipes;
using Elbo.Cli.Reports;
using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Numerics;
using Elbo.Report;
using Elbo.Storage;
using Elbo.Training;

namespace Elbo.Cli.Runs;

/// <summary>Trains a run, new or resumed, measures it and writes its report.</summary>
internal static class RunTrainer
{
    /// <summary>Fits a recipe in a new run folder.</summary>
    /// <returns>The run; null where somebody stopped it.</returns>
    public static async Task<TrainedRun?> FitAsync(RunRequest request, Terminal terminal, CancellationToken cancellation)
    {
        Recipe recipe = RecipePaths.Complete(request.Recipe);
        DataSplits splits = await RunData.LoadAsync(recipe, request.DataFolder, terminal, request.Quiet, cancellation).ConfigureAwait(false);
        recipe = recipe with { Data = recipe.Data with { Source = RunData.Recorded(recipe.Data.Source) }, Made = Made(request, splits) };
        Experiment experiment = Experiment.Prepare(recipe, splits);
        CheckBatch(recipe, splits);
        using RunFolder folder = UsageException.Guard(() => RunFolder.Create(request.Runs, request.Name, request.Prefix));
        folder.WriteModel(FittedRun.Describe(recipe.Model, experiment.Model.RowShape));
        folder.WriteRecipe(RecipeFile.Write(recipe));
        if (!request.Quiet) terminal.Error.WriteLine($"{folder.FullPath}: {TrainedRun.Describe(experiment)}");
        return Train(folder, experiment, request.Threads, request.Quiet, resume: false, terminal, cancellation);
    }

    /// <summary>Goes on with a run.</summary>
    /// <returns>The run; null where somebody stopped it again.</returns>
    public static TrainedRun? Resume(string path, double? epochs, string? dataFolder, int? threads, bool quiet, Terminal terminal, CancellationToken cancellation)
    {
        using RunFolder folder = RunFolder.OpenToResume(path);
        Recipe recipe = FittedRun.ReadRecipe(folder);
        DataSplits splits = RunData.Load(recipe, dataFolder);
        bool extended = epochs is not null && epochs != recipe.Training.Epochs;
        if (extended) recipe = recipe with { Training = recipe.Training with { Epochs = epochs, Steps = null, Samples = null } };
        Experiment experiment = Experiment.Prepare(recipe, splits);
        // Only once all is known to fit, so that a refusal leaves the folder as it was.
        if (extended) folder.WriteRecipe(RecipeFile.Write(recipe));
        return Train(folder, experiment, threads, quiet, resume: true, terminal, cancellation);
    }

    private static TrainedRun? Train(RunFolder folder, Experiment experiment, int? threads, bool quiet, bool resume, Terminal terminal, CancellationToken cancellation)
    {
        using Runtime runtime = new(threads);
        using VariableStore<float> store = new();
        using Trainer trainer = new(experiment.Model, experiment.TrainingBatches(), experiment.Recipe.Training, runtime, store, experiment.ValidationBatches(), folder);
        if (resume && trainer.Resume(Notes.To(terminal)) && !quiet)
            terminal.Error.WriteLine($"{folder.FullPath}: going on after step {Text.Count(trainer.Step)} of {Text.Count(trainer.PlannedSteps)}");
        long first = trainer.Step;
        TrainingResult result = Live.Train(terminal, quiet, progress => trainer.Run(progress, cancellation));
        double seconds = (resume ? RunSummary.TryLoad(folder.FullPath)?.Seconds ?? 0 : 0) + result.Elapsed.TotalSeconds;
        if (result.Reason == StopReason.Cancelled)
        {
            terminal.Error.WriteLine($"{result.Explanation} Go on with: elbo resume {folder.FullPath}");
            return null;
        }

        (string split, DataSet rows) = RunData.Reported(experiment.Splits);
        Evaluator<float> evaluator = new(runtime, experiment.Model, store);
        EvaluationOptions options = new()
        {
            Seed = experiment.Recipe.Training.Seed,
            Samples = experiment.Recipe.Evaluation.Samples,
            ImportanceSamples = experiment.Model.HasBound ? experiment.Recipe.Evaluation.ImportanceSamples : 0,
        };
        EvaluationResult measured = Live.Work(terminal, quiet, $"measuring the {split} rows", progress => evaluator.Evaluate(experiment.Rows(rows), options with { Progress = progress }, cancellation));
        int batch = experiment.Recipe.Training.BatchSize;
        RunSummary summary = RunSummary.Of(split, measured) with
        {
            Epochs = (double)result.Step / (experiment.Splits.Train.Rows / batch),
            Steps = result.Step,
            Parameters = experiment.Model.Parameters.Sum(static parameter => (long)parameter.Shape.ElementCount),
            Seconds = seconds,
            RowsPerSecond = result.Step > first ? (result.Step - first) * (double)batch / result.Elapsed.TotalSeconds : 0,
            Reason = result.Reason,
            Explanation = result.Explanation,
            BestEpoch = result.BestEpoch,
        };
        summary.Save(folder.FullPath);
        using (FittedRun fitted = FittedRun.From(folder, experiment, runtime, store))
            ReportWriter.Write(RunReport.Build(fitted, summary, cancellation), folder.ReportPath);
        return new TrainedRun(folder.FullPath, folder.ReportPath, TrainedRun.Describe(experiment), summary);
    }

    private static void CheckBatch(Recipe recipe, DataSplits splits)
    {
        if (recipe.Training.BatchSize > splits.Train.Rows)
            throw new UsageException($"A batch of {recipe.Training.BatchSize} rows was asked for, and there are {splits.Train.Rows} training rows; choose a smaller --batch-size.");
    }

    private static MadeRecord Made(RunRequest request, DataSplits splits)
    {
        MachineFacts machine = MachineFacts.Read();
        return new MadeRecord(
            ToolVersion.Full, machine.Runtime, machine.System, machine.Processor, request.Threads ?? machine.Threads, machine.VectorBits,
            DateTimeOffset.UtcNow, request.Command, request.RecipeName, RowsRecord.Of(splits.Record), request.DataFolder is { } folder ? Path.GetFullPath(folder) : null);
    }
}
