using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Families;

/// <summary>Parameters that a person gives to start from.</summary>
/// <param name="Source">Where they stand, for messages.</param>
/// <param name="Kind">The family they say they are of; null where they do not say.</param>
/// <param name="Definition">The definition beside them; null where there is none.</param>
/// <param name="Parameters">The parameters by name.</param>
internal sealed record StartParameters(string Source, string? Kind, JsonElement? Definition, IReadOnlyDictionary<string, NumericArray> Parameters)
{
    /// <summary>Reads a run folder, or a JSON file of parameters: what 'elbo show --json' prints, or an object of arrays by name.</summary>
    /// <exception cref="ElboException">There is no such file, or it holds something else.</exception>
    public static StartParameters Load(string path)
    {
        if (Directory.Exists(path))
        {
            (ModelDescription description, IReadOnlyDictionary<string, NumericArray> parameters) = RowModelFiles.Read(path);
            return new StartParameters(path, description.Kind, description.Definition, parameters);
        }

        if (!File.Exists(path)) throw new ElboException($"The start '{path}' does not exist; give a run folder or a JSON file of parameters.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new ElboException($"'{path}' holds no JSON object; give parameters by name, as 'elbo show --json' prints them.");
            JsonElement group = root.TryGetProperty("parameters", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object ? inner : root;
            Dictionary<string, NumericArray> parameters = [];
            foreach (JsonProperty property in group.EnumerateObject()) parameters[property.Name] = ReadArray(property.Value, property.Name, path);
            return new StartParameters(
                path,
                root.TryGetProperty("kind", out JsonElement kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null,
                root.TryGetProperty("definition", out JsonElement definition) ? definition.Clone() : null,
                parameters);
        }
        catch (JsonException exception)
        {
            throw new ElboException($"'{path}' is not valid JSON; give parameters by name, as 'elbo show --json' prints them.", exception);
        }
    }

    /// <summary>The definition beside the parameters.</summary>
    /// <exception cref="ElboException">There is none.</exception>
    public JsonElement RequireDefinition() =>
        Definition ?? throw new ElboException($"'{Source}' has no 'definition' beside its parameters; give what 'elbo show --json' prints, or a run folder.");

    /// <summary>Refuses parameters that say they are of another family.</summary>
    /// <exception cref="ElboException">They do.</exception>
    public void CheckKind(string wanted)
    {
        if (Kind is not null && Kind != wanted) throw new ElboException($"'{Source}' holds parameters of '{Kind}', and '{wanted}' is to be fitted; give parameters of the same family.");
    }

    /// <summary>The array of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="ranks">How many extents it may have.</param>
    /// <exception cref="ElboException">There is none, or it has another number of extents.</exception>
    public NumericArray Require(string name, params ReadOnlySpan<int> ranks)
    {
        if (!Parameters.TryGetValue(name, out NumericArray? array))
            throw new ElboException($"'{Source}' has no '{name}' (it has {string.Join(", ", Parameters.Keys)}); give all parameters, as 'elbo show --json' prints them.");
        if (ranks.Length > 0 && !ranks.Contains(array.Rank))
            throw new ElboException($"'{Source}' has '{name}' as an array of {array.Rank} extents, and {string.Join(" or ", ranks.ToArray())} were expected; write it as 'elbo show --json' prints it.");
        return array;
    }

    private static NumericArray ReadArray(JsonElement element, string name, string path)
    {
        List<int> shape = [];
        for (JsonElement at = element; at.ValueKind == JsonValueKind.Array; at = at[0])
        {
            shape.Add(at.GetArrayLength());
            if (shape[^1] == 0) throw new ElboException($"'{path}' has an empty array in '{name}'; give at least one number.");
        }

        List<double> values = [];
        Fill(element, 0);
        NumericArray array = new(NumericType.Float64, [.. shape]);
        values.ToArray().CopyTo(array.AsSpan<double>());
        return array;

        void Fill(JsonElement at, int depth)
        {
            if (depth == shape.Count)
            {
                if (at.ValueKind != JsonValueKind.Number) throw new ElboException($"'{path}' has {(at.ValueKind == JsonValueKind.Array ? "arrays of different depth" : at.GetRawText())} in '{name}', where a number was expected; correct it.");
                values.Add(at.GetDouble());
                return;
            }

            if (at.ValueKind != JsonValueKind.Array || at.GetArrayLength() != shape[depth])
                throw new ElboException($"'{path}' has lists of different lengths in '{name}', where {string.Join(" by ", shape)} numbers were expected; correct it.");
            foreach (JsonElement item in at.EnumerateArray()) Fill(item, depth + 1);
        }
    }
}
