using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>The topic model in <c>model.json</c>: its sizes and its words.</summary>
internal static class LatentDirichletAllocationDefinition
{
    public static JsonElement Write(LatentDirichletAllocation model)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("topics", model.Topics);
            json.WriteNumber("columns", model.Columns);
            if (model.WordNames is { } names)
            {
                json.WriteStartArray("words");
                foreach (string name in names) json.WriteStringValue(name);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }

    public static LatentDirichletAllocation Read(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        NumericArray concentrations = Require(parameters, "concentrations", 2);
        int topics = concentrations.Shape[0], columns = concentrations.Shape[1];
        if (Size(definition, "topics") is { } saidTopics && saidTopics != topics) throw new ElboException($"The definition says {saidTopics} topics, and the parameters have {topics}.");
        if (Size(definition, "columns") is { } saidColumns && saidColumns != columns) throw new ElboException($"The definition says {saidColumns} words, and the parameters have {columns}.");
        string[]? words = null;
        if (definition.ValueKind == JsonValueKind.Object && definition.TryGetProperty("words", out JsonElement list))
        {
            if (list.ValueKind != JsonValueKind.Array) throw new ElboException("The 'words' of the definition are not a list of strings.");
            words = [.. list.EnumerateArray().Select(static item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw new ElboException("The 'words' of the definition are not a list of strings."))];
        }

        return new LatentDirichletAllocation(
            new Matrix(topics, columns, concentrations.ToDouble()), Require(parameters, "documentPrior", 1).ToDouble(),
            Single(parameters, "wordPrior"), Single(parameters, "meanLength"), words);
    }

    private static int? Size(JsonElement definition, string name) =>
        definition.ValueKind == JsonValueKind.Object && definition.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int size)
            ? size
            : throw new ElboException($"The definition of a topic model has no number '{name}'.");

    private static double Single(IReadOnlyDictionary<string, NumericArray> parameters, string name) =>
        Require(parameters, name, 1) is { Count: 1 } array ? array.ToDouble()[0] : throw new ElboException($"The parameter '{name}' is not a single number.");

    private static NumericArray Require(IReadOnlyDictionary<string, NumericArray> parameters, string name, int rank)
    {
        if (!parameters.TryGetValue(name, out NumericArray? array)) throw new ElboException($"The parameter '{name}' is missing.");
        return array.Rank == rank ? array : throw new ElboException($"The parameter '{name}' has {array.Rank} dimensions; {rank} are expected.");
    }
}
