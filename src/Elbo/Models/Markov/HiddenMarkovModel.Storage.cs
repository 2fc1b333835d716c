using System.Buffers;
using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

public sealed partial class HiddenMarkovModel
{
    /// <inheritdoc/>
    public override JsonElement Definition
    {
        get
        {
            ArrayBufferWriter<byte> buffer = new();
            using (Utf8JsonWriter writer = new(buffer))
            {
                writer.WriteStartObject();
                writer.WriteString("kind", Kind);
                writer.WriteNumber("states", States);
                writer.WriteNumber("columns", Columns);
                writer.WriteString("emission", Emission.Family);
                Emission.WriteDefinition(writer);
                writer.WriteNumber("freeTransitions", Free.Parameters);
                if (Ties is not null)
                {
                    writer.WriteStartArray("stateEmissions");
                    foreach (int tie in Ties) writer.WriteNumberValue(tie);
                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
            }

            return JsonElement.Parse(buffer.WrittenSpan);
        }
    }

    /// <summary><c>start</c> <c>[K]</c>, <c>transitions</c> <c>[K, K]</c>, and those of the emissions: <c>means</c>, <c>variances</c>, <c>rates</c>, ….</summary>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
    [
        new("start", NumericArray.From<double>(StartValues)),
        new("transitions", NumericArray.From<double>(TransitionValues.Values, States, States)),
        .. Emission.Parameters,
    ];

    /// <summary>Makes a model of parameters by name, as a file of them gives them: <c>start</c>, <c>transitions</c>, and those of the emissions.</summary>
    /// <param name="emission">The family of the emissions.</param>
    /// <param name="covariance">The covariances of Gaussian emissions.</param>
    /// <param name="parameters">The parameters, in the shapes of <see cref="Parameters"/>; categorical emissions of one column.</param>
    /// <exception cref="ElboException">Something is missing, has the wrong shape, or is out of its range.</exception>
    public static HiddenMarkovModel FromParameters(EmissionKind emission, CovarianceKind covariance, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double[] start = EmissionFamilies.Array(parameters, "start", 1).ToDouble();
        Matrix transitions = EmissionFamilies.Matrix(parameters, "transitions");
        return new HiddenMarkovModel(start, transitions, EmissionFamilies.Load(emission, covariance, null, parameters));
    }

    /// <summary>Reads a model.</summary>
    /// <param name="definition">What <see cref="Definition"/> gave.</param>
    /// <param name="parameters">What <see cref="Parameters"/> gave.</param>
    /// <exception cref="ElboException">Something is missing, has the wrong shape, or is out of its range.</exception>
    public static HiddenMarkovModel Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int[]? ties = null;
        if (definition.TryGetProperty("stateEmissions", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
            ties = [.. list.EnumerateArray().Select(static item => item.TryGetInt32(out int value) ? value : -1)];
        double[] start = EmissionFamilies.Array(parameters, "start", 1).ToDouble();
        Matrix transitions = EmissionFamilies.Matrix(parameters, "transitions");
        Emission emission = EmissionFamilies.Load(definition, parameters);
        FreeTransitions free = definition.TryGetProperty("freeTransitions", out JsonElement count) && count.TryGetInt64(out long number)
            ? new FreeTransitions(number)
            : FreeTransitions.Of(start, transitions);
        return new HiddenMarkovModel(start, transitions, emission, ties, free);
    }
}
