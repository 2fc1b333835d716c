using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>Reads the definitions and parameters of mixtures, and says what is wrong with one.</summary>
internal static class MixtureDefinition
{
    public static int Integer(JsonElement definition, string name) =>
        Member(definition, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt32(out int value) && value >= 1
            ? value
            : throw new ElboException($"The model's '{name}' is not a whole number of at least 1.");

    public static double Number(JsonElement definition, string name) =>
        Member(definition, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw new ElboException($"The model's '{name}' is not a number.");

    public static string Text(JsonElement definition, string name) =>
        Member(definition, name) is { ValueKind: JsonValueKind.String } member ? member.GetString()! : throw new ElboException($"The model's '{name}' is not a text.");

    public static bool Truth(JsonElement definition, string name) =>
        Member(definition, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } member ? member.GetBoolean() : throw new ElboException($"The model's '{name}' is neither true nor false.");

    public static JsonElement Array(JsonElement definition, string name) =>
        Member(definition, name) is { ValueKind: JsonValueKind.Array } member ? member : throw new ElboException($"The model's '{name}' is not a list.");

    public static double[] Values(IReadOnlyDictionary<string, NumericArray> parameters, string name, params int[] shape)
    {
        if (!parameters.TryGetValue(name, out NumericArray? array)) throw new ElboException($"The parameters hold no '{name}'; they hold {(parameters.Count == 0 ? "nothing" : string.Join(", ", parameters.Keys))}.");
        if (!array.Shape.SequenceEqual(shape)) throw new ElboException($"The parameter '{name}' has the shape {NumericArray.FormatShape(array.Shape)}, and {NumericArray.FormatShape(shape)} is expected.");
        double[] values = array.ToDouble();
        foreach (double value in values)
            if (!double.IsFinite(value)) throw new ElboException(FormattableString.Invariant($"The parameter '{name}' holds {value}; parameters are finite numbers."));
        return values;
    }

    /// <summary>Values that are all positive.</summary>
    public static double[] PositiveValues(IReadOnlyDictionary<string, NumericArray> parameters, string name, params int[] shape)
    {
        double[] values = Values(parameters, name, shape);
        foreach (double value in values)
            if (!(value > 0)) throw new ElboException(FormattableString.Invariant($"The parameter '{name}' holds {value}; it must be positive."));
        return values;
    }

    private static JsonElement? Member(JsonElement definition, string name) =>
        definition.ValueKind == JsonValueKind.Object && definition.TryGetProperty(name, out JsonElement member)
            ? member
            : throw new ElboException($"The model's definition has no '{name}'.");
}
