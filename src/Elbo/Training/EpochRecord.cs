using System.Text.Json.Serialization;

namespace Elbo.Training;

/// <summary>
/// The metrics of one epoch: exact means over its rows. One line of <c>metrics.jsonl</c>; it holds nothing that depends on the clock or the
/// machine, so that a resumed run writes the same bytes.
/// </summary>
/// <param name="Epoch">The epoch, from 1; the last one may be a part.</param>
/// <param name="Step">The number of finished steps.</param>
/// <param name="LearningRate">The learning rate of the epoch's last step.</param>
/// <param name="Training">Each metric's mean over the training rows of the epoch, while the parameters moved; one number, or one for each element.</param>
/// <param name="Validation">Each metric's mean over the validation rows at the end of the epoch; null where they were not evaluated.</param>
public sealed record EpochRecord(
    int Epoch,
    long Step,
    double LearningRate,
    IReadOnlyDictionary<string, double[]> Training,
    IReadOnlyDictionary<string, double[]>? Validation = null)
{
    /// <summary>A metric of one number: of the validation rows where they have it, else of the training rows; null where neither has.</summary>
    /// <param name="metric">The metric's name.</param>
    public double? Best(string metric) => Scalar(Validation, metric) ?? Scalar(Training, metric);

    private static double? Scalar(IReadOnlyDictionary<string, double[]>? metrics, string name) =>
        metrics is not null && metrics.TryGetValue(name, out double[]? values) && values.Length == 1 ? values[0] : null;
}

/// <summary>The source-generated description of the lines of <c>metrics.jsonl</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EpochRecord))]
[JsonSerializable(typeof(TrainingState))]
internal sealed partial class TrainingStateJson : JsonSerializerContext;
