using System.Text.Json.Serialization;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Training;

/// <summary>Everything that says how to train, as data. Change one by <c>with</c>.</summary>
/// <param name="Epochs">The budget in passes over the training rows, fractions allowed; 20 where no budget is given. Give only one of the three budgets.</param>
/// <param name="Steps">The budget in optimizer steps.</param>
/// <param name="Samples">The budget in training rows, each counted every time it is seen.</param>
/// <param name="BatchSize">Rows in a batch.</param>
/// <param name="Optimizer">The optimizer; null for Adam with its defaults.</param>
/// <param name="Schedule">The factor on the learning rate; null for a constant one.</param>
/// <param name="Clipping">What becomes of large gradients; null for nothing.</param>
/// <param name="EarlyStopping">When to stop before the budget is spent; null for never.</param>
/// <param name="ValidationEvery">After how many epochs the validation rows are evaluated; 0 for never.</param>
/// <param name="CheckpointSeconds">A checkpoint is written when this many seconds have passed since the last; 0 for no such checkpoints.</param>
/// <param name="CheckpointSteps">A checkpoint is written after every so many steps; 0 for no such checkpoints. One is always written at the end.</param>
/// <param name="GradientNorm">Whether to report the norm of the gradient.</param>
/// <param name="Seed">Decides the first parameters and all noise.</param>
public sealed record TrainingOptions(
    double? Epochs = null,
    long? Steps = null,
    long? Samples = null,
    int BatchSize = 100,
    Optimizer? Optimizer = null,
    Schedule? Schedule = null,
    Clipping? Clipping = null,
    EarlyStopping? EarlyStopping = null,
    int ValidationEvery = 1,
    double CheckpointSeconds = 30,
    long CheckpointSteps = 0,
    bool GradientNorm = false,
    ulong Seed = 1)
{
    /// <summary>Throws where an option is out of its range or two exclude each other.</summary>
    /// <exception cref="ElboException">The message names the option, what was given and what it must be.</exception>
    public void Validate()
    {
        Require(Epochs is null or > 0, "epochs", Epochs, "above 0");
        Require(Steps is null or > 0, "steps", Steps, "above 0");
        Require(Samples is null or > 0, "samples", Samples, "above 0");
        Require((Epochs is null ? 0 : 1) + (Steps is null ? 0 : 1) + (Samples is null ? 0 : 1) <= 1, "epochs", Epochs ?? Steps, "the only budget; remove 'steps' or 'samples', or this");
        Require(BatchSize >= 1, "batchSize", BatchSize, "at least 1");
        Require(ValidationEvery >= 0, "validationEvery", ValidationEvery, "at least 0");
        Require(CheckpointSeconds >= 0, "checkpointSeconds", CheckpointSeconds, "at least 0");
        Require(CheckpointSteps >= 0, "checkpointSteps", CheckpointSteps, "at least 0");
        Optimizer?.Validate();
        Schedule?.Validate();
        if (Clipping is { } clipping)
        {
            Require(clipping.Norm is null or > 0, "clipping.norm", clipping.Norm, "above 0");
            Require(clipping.Value is null or > 0, "clipping.value", clipping.Value, "above 0");
            Require(clipping.SkipAbove is null or > 0, "clipping.skipAbove", clipping.SkipAbove, "above 0");
        }

        if (EarlyStopping is { } stopping)
        {
            Require(stopping.Patience >= 1, "earlyStopping.patience", stopping.Patience, "at least 1");
            Require(stopping.MinimumChange >= 0, "earlyStopping.minimumChange", stopping.MinimumChange, "at least 0");
        }
    }

    /// <summary>The budget in steps.</summary>
    /// <param name="batchesPerEpoch">Batches in one pass over the training rows.</param>
    internal long PlannedSteps(int batchesPerEpoch) =>
        Steps ?? (Samples is { } samples ? (samples + BatchSize - 1) / BatchSize : Math.Max(1, (long)Math.Round((Epochs ?? 20) * batchesPerEpoch)));

    private static void Require(bool holds, string option, double? value, string range)
    {
        if (!holds) throw new ElboException($"The training option '{option}' is {value}; it must be {range}.");
    }
}

/// <summary>What becomes of large gradients. Norms are Euclidean, over all parameters of all objectives together.</summary>
/// <param name="Norm">A gradient of a larger norm is scaled down to this one (Pascanu et al. 2013); null for no limit.</param>
/// <param name="Value">Each element is clamped to [−value, value]; null for no limit.</param>
/// <param name="SkipAbove">A step whose gradient has a larger norm changes nothing (Child 2021); null for never.</param>
public sealed record Clipping(double? Norm = null, double? Value = null, double? SkipAbove = null);

/// <summary>When to stop before the budget is spent.</summary>
/// <param name="Patience">After how many evaluations in a row that brought nothing better.</param>
/// <param name="MinimumChange">By how much the metric must rise to count as better.</param>
/// <param name="Metric">Which metric, of the validation rows where there are some, else of the training rows; higher is better.</param>
/// <param name="RestoreBest">Whether the best parameters are taken back at the end.</param>
public sealed record EarlyStopping(int Patience = 10, double MinimumChange = 0, string Metric = "elbo", bool RestoreBest = true);

/// <summary>The source-generated description of training options, for reading them with <see cref="StrictJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TrainingOptions))]
public sealed partial class TrainingJson : JsonSerializerContext;
