using System.Text.Json;
using System.Text.Json.Serialization;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>What a fit came to: the content of <c>summary.json</c>, and what 'elbo fit --json' prints.</summary>
internal sealed record RowSummary
{
    public const string FileName = "summary.json";

    /// <summary>The model in a few words.</summary>
    public required string Model { get; init; }

    public required long Rows { get; init; }

    /// <summary>The number of sequences; null where rows have no order.</summary>
    public int? Sequences { get; init; }

    /// <summary>The bound on the training rows, in nats per row (per unit of weight).</summary>
    public required double Elbo { get; init; }

    /// <summary>The mean log density of the training rows under the model, in nats; of Bayesian models, of the posterior predictive.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>Whether <see cref="LogLikelihood"/> is a lower bound on it.</summary>
    public bool LogLikelihoodIsBound { get; init; }

    /// <summary>The log-likelihood as a mean over sequences.</summary>
    public double? LogLikelihoodPerSequence { get; init; }

    /// <summary>Null where the bound is not the log-likelihood.</summary>
    public double? Bic { get; init; }

    public double? Aic { get; init; }

    /// <summary>The size chosen: components, states, factors, ….</summary>
    public int? Size { get; init; }

    public required long Parameters { get; init; }

    public required int Iterations { get; init; }

    public required bool Converged { get; init; }

    public required string Explanation { get; init; }

    /// <summary>The start that was kept, from 1; null where there was one only.</summary>
    public int? Start { get; init; }

    /// <summary>The time spent on fitting, resumed parts included.</summary>
    public required double Seconds { get; init; }

    /// <summary>What chose the size; null where there was one only.</summary>
    public string? Criterion { get; init; }

    /// <summary>Each size that was tried; null where there was one only.</summary>
    public IReadOnlyList<SizeOutcome>? Tried { get; init; }

    public void Save(string folder) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, RowSummaryJson.Default.RowSummary));

    /// <summary>The summary in a run folder.</summary>
    /// <exception cref="ElboException">It is missing or damaged.</exception>
    public static RowSummary Load(string folder) =>
        TryLoad(folder) ?? throw new ElboException($"'{Path.Combine(folder, FileName)}' is missing or damaged; repeat the run.");

    /// <summary>The summary in a run folder; null where the fit has not ended yet, or the file is damaged.</summary>
    public static RowSummary? TryLoad(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            return StrictJson.Parse(File.ReadAllText(path), RowSummaryJson.Default.RowSummary, path);
        }
        catch (Exception exception) when (exception is ElboException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>How the fit of one size ended.</summary>
internal sealed record SizeOutcome
{
    public required int Size { get; init; }

    public double Elbo { get; init; }

    public double? Bic { get; init; }

    public double? Aic { get; init; }

    /// <summary>BIC plus twice the entropy of the responsibilities (Biernacki, Celeux and Govaert, 2000); null where codes are no probabilities.</summary>
    public double? Icl { get; init; }

    public long Parameters { get; init; }

    public int Iterations { get; init; }

    /// <summary>The start that was kept, from 1; null where there was one only.</summary>
    public int? Start { get; init; }

    [JsonConverter(typeof(NamedEnumConverter<FitStop>))]
    public FitStop Stop { get; init; }

    public string Explanation { get; init; } = "";

    /// <summary>Why this size could not be fitted; null where it was.</summary>
    public string? Failure { get; init; }

    [JsonIgnore]
    public bool Converged => Stop is FitStop.Converged or FitStop.ClosedForm;

    /// <summary>The value of a criterion, the lower the better.</summary>
    public double Criterion(string name) => name switch
    {
        "aic" => Aic ?? double.NaN,
        "icl" => Icl ?? double.NaN,
        "elbo" => -Elbo,
        _ => Bic ?? double.NaN,
    };
}

/// <summary>The source-generated description of <c>summary.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RowSummary))]
internal sealed partial class RowSummaryJson : JsonSerializerContext;
