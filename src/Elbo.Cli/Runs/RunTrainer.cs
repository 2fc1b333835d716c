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
        recipe = FitBatch(recipe, splits, terminal);
        Experiment experiment = Experiment.Prepare(recipe, splits);
        using RunFolder folder = Create(request.Runs, request.Name, request.Prefix);
        folder.WriteModel(FittedRun.Describe(recipe.Model, experiment.Model.RowShape));
        folder.WriteRecipe(RecipeFile.Write(recipe));
        if (!request.Quiet) terminal.Error.WriteLine($"{folder.FullPath}: {TrainedRun.Describe(experiment)}");
        using Runtime runtime = new(request.Threads);
        using VariableStore<float> store = new();
        using Trainer trainer = NewTrainer(experiment, runtime, store, folder);
        return Train(folder, experiment, trainer, runtime, store, request.Quiet, terminal, cancellation);
    }

    /// <summary>Goes on with a run; one that has finished is left as it is.</summary>
    /// <returns>The run; null where somebody stopped it again.</returns>
    /// <exception cref="UsageException">Fewer epochs were asked for than the run has trained, or more of a run that early stopping ended.</exception>
    public static TrainedRun? Resume(string path, double? epochs, string? dataFolder, int? threads, bool quiet, Terminal terminal, CancellationToken cancellation)
    {
        using RunFolder folder = RunFolder.OpenToResume(path);
        Recipe recipe = FittedRun.ReadRecipe(folder);
        DataSplits splits = RunData.Load(recipe, dataFolder);
        bool extended = epochs is not null && epochs != recipe.Training.Epochs;
        if (extended) recipe = recipe with { Training = recipe.Training with { Epochs = epochs, Steps = null, Samples = null } };
        Experiment experiment = Experiment.Prepare(recipe, splits);
        using Runtime runtime = new(threads);
        using VariableStore<float> store = new();
        using Trainer trainer = NewTrainer(experiment, runtime, store, folder);
        bool found = trainer.Resume(Notes.To(terminal));
        if (trainer.Step > trainer.PlannedSteps)
            throw new UsageException($"The run '{folder.FullPath}' has trained {Epochs(trainer, experiment)} already, and fewer were asked for; ask for more with --epochs, or fit anew with 'elbo fit --recipe {folder.RecipePath}'.");
        if (trainer.IsFinished && RunSummary.TryLoad(folder.FullPath) is { } summary && summary.Steps == trainer.Step && File.Exists(folder.WeightsPath))
        {
            bool stoppedEarly = trainer.Step < trainer.PlannedSteps;
            if (stoppedEarly && extended)
                throw new UsageException($"Early stopping ended the run '{folder.FullPath}' after {Epochs(trainer, experiment)}, and --epochs does not change that; raise 'training.earlyStopping.patience' in '{folder.RecipePath}', then resume.");
            return new TrainedRun(folder.FullPath, folder.ReportPath, TrainedRun.Describe(experiment), summary)
            {
                Remark = $"'{folder.FullPath}' has finished already, after {Epochs(trainer, experiment)}; "
                    + (stoppedEarly ? $"early stopping ended it: to go on, raise 'training.earlyStopping.patience' in '{folder.RecipePath}'." : $"to go on, ask for more in all: elbo resume {folder.FullPath} --epochs N"),
            };
        }

        // Only once all is known to fit, so that a refusal leaves the folder as it was.
        if (extended) folder.WriteRecipe(RecipeFile.Write(recipe));
        if (!found) Notes.To(terminal)($"'{folder.FullPath}' was stopped before its first checkpoint, so it begins again at step 0.");
        else if (!quiet) terminal.Error.WriteLine($"{folder.FullPath}: going on after step {Text.Count(trainer.Step)} of {Text.Count(trainer.PlannedSteps)}");
        return Train(folder, experiment, trainer, runtime, store, quiet, terminal, cancellation);
    }

    private static string Epochs(Trainer trainer, Experiment experiment)
    {
        double epochs = (double)trainer.Step / (experiment.Splits.Train.Rows / experiment.Recipe.Training.BatchSize);
        return $"{Text.Number(epochs)} {(epochs == 1 ? "epoch" : "epochs")}";
    }

    /// <summary>A name that is taken or no name was typed; a folder that cannot be written was not.</summary>
    public static RunFolder Create(string runs, string? name, string prefix)
    {
        try
        {
            return RunFolder.Create(runs, name, prefix);
        }
        catch (ElboException exception) when (exception.InnerException is null)
        {
            throw new UsageException(exception.Message, exception);
        }
    }

    private static Trainer NewTrainer(Experiment experiment, Runtime runtime, VariableStore<float> store, RunFolder folder) =>
        new(experiment.Model, experiment.TrainingBatches(), experiment.Recipe.Training, runtime, store, experiment.ValidationBatches(), folder);

    private static TrainedRun? Train(
        RunFolder folder, Experiment experiment, Trainer trainer, Runtime runtime, VariableStore<float> store, bool quiet, Terminal terminal, CancellationToken cancellation)
    {
        long first = trainer.Step;
        TrainingResult result = Live.Train(terminal, quiet, progress => trainer.Run(progress, cancellation));
        double seconds = (first > 0 ? RunSummary.TryLoad(folder.FullPath)?.Seconds ?? 0 : 0) + result.Elapsed.TotalSeconds;
        if (result.Reason == StopReason.Cancelled)
        {
            terminal.Error.WriteLine($"{result.Explanation} Go on with: elbo resume {folder.FullPath}");
            return null;
        }

        int batch = experiment.Recipe.Training.BatchSize;
        RunSummary summary = Measure(experiment, runtime, store, quiet, terminal, cancellation) with
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
        TrainedRun trained = new(folder.FullPath, folder.ReportPath, TrainedRun.Describe(experiment), summary);
        try
        {
            summary.Save(folder.FullPath);
            using FittedRun fitted = FittedRun.From(folder, experiment, runtime, store);
            ReportWriter.Write(RunReport.Build(fitted, summary, cancellation), folder.ReportPath);
            return trained;
        }
        catch (ElboException exception)
        {
            // The model is saved and measured: the result is told before the failure.
            return trained with { Failure = new ElboException($"{exception.Message} The model is saved; write the report later with 'elbo report {folder.FullPath}'.", exception) };
        }
    }

    private static RunSummary Measure(Experiment experiment, Runtime runtime, VariableStore<float> store, bool quiet, Terminal terminal, CancellationToken cancellation)
    {
        (string split, DataSet rows) = RunData.Reported(experiment.Splits);
        Evaluator<float> evaluator = new(runtime, experiment.Model, store);
        EvaluationOptions options = new()
        {
            Seed = experiment.Recipe.Training.Seed,
            Samples = experiment.Recipe.Evaluation.Samples,
            ImportanceSamples = experiment.Model.HasBound ? experiment.Recipe.Evaluation.ImportanceSamples : 0,
        };
        return RunSummary.Of(split, Live.Work(terminal, quiet, $"measuring the {split} rows", progress => evaluator.Evaluate(experiment.Rows(rows), options with { Progress = progress }, cancellation)));
    }

    /// <summary>The recipe with a batch that the training rows fill.</summary>
    private static Recipe FitBatch(Recipe recipe, DataSplits splits, Terminal terminal)
    {
        int asked = recipe.Training.BatchSize, rows = splits.Train.Rows;
        if (asked <= rows) return recipe;
        Notes.To(terminal)($"a batch of {Text.Count(asked)} rows was asked for, and there are {Text.Count(rows)} training rows; each batch takes all of them.");
        return recipe with { Training = recipe.Training with { BatchSize = rows } };
    }

    private static MadeRecord Made(RunRequest request, DataSplits splits)
    {
        MachineFacts machine = MachineFacts.Read();
        return new MadeRecord(
            ToolVersion.Full, machine.Runtime, machine.System, machine.Processor, request.Threads ?? machine.Threads, machine.VectorBits,
            DateTimeOffset.UtcNow, request.Command, request.RecipeName, RowsRecord.Of(splits.Record), request.DataFolder is { } folder ? Path.GetFullPath(folder) : null);
    }
}
