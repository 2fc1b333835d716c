using System.Text.Json;
using System.Text.Json.Serialization;
using Elbo.Evaluation;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Training;

namespace Elbo.Cli.Runs;

/// <summary>What a run came to: the content of <c>summary.json</c>, and what 'elbo fit --json' prints.</summary>
internal sealed record RunSummary
{
    public const string FileName = "summary.json";

    /// <summary>The rows measured: train, validation or test.</summary>
    public required string Split { get; init; }

    public required int Rows { get; init; }

    public double? Elbo { get; init; }

    public double? ElboStandardError { get; init; }

    public required double Reconstruction { get; init; }

    public double? Kl { get; init; }

    public IReadOnlyList<double>? KlPerDimension { get; init; }

    public required IReadOnlyList<double> LatentVariance { get; init; }

    public required int ActiveUnits { get; init; }

    public int? ImportanceSamples { get; init; }

    public double? LogLikelihood { get; init; }

    public double? StandardError { get; init; }

    public double? EffectiveSampleSize { get; init; }

    public required double Epochs { get; init; }

    public required long Steps { get; init; }

    public required long Parameters { get; init; }

    /// <summary>The time spent on training, resumed parts included.</summary>
    public required double Seconds { get; init; }

    public required double RowsPerSecond { get; init; }

    /// <summary>Why training ended: finished or early-stopping.</summary>
    [JsonConverter(typeof(NamedEnumConverter<StopReason>))]
    public required StopReason Reason { get; init; }

    public required string Explanation { get; init; }

    public int? BestEpoch { get; init; }

    public static RunSummary Of(string split, EvaluationResult result) => new()
    {
        Split = split,
        Rows = result.Rows,
        Elbo = result.Elbo,
        ElboStandardError = result.ElboStandardError,
        Reconstruction = result.Reconstruction,
        Kl = result.Kl,
        KlPerDimension = result.KlPerDimension,
        LatentVariance = result.LatentVariance,
        ActiveUnits = result.ActiveUnits,
        ImportanceSamples = result.ImportanceSamples,
        LogLikelihood = result.LogLikelihood,
        StandardError = result.StandardError,
        EffectiveSampleSize = result.EffectiveSampleSize,
        Epochs = 0,
        Steps = 0,
        Parameters = 0,
        Seconds = 0,
        RowsPerSecond = 0,
        Reason = StopReason.Finished,
        Explanation = "",
    };

    public void Save(string folder) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, RunSummaryJson.Default.RunSummary));

    /// <summary>The summary in a run folder; null where training has not ended yet, or the file is damaged, since all of it can be measured again.</summary>
    public static RunSummary? TryLoad(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            return StrictJson.Parse(File.ReadAllText(path), RunSummaryJson.Default.RunSummary, path);
        }
        catch (Exception exception) when (exception is ElboException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>The source-generated description of <c>summary.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class RunSummaryJson : JsonSerializerContext;
