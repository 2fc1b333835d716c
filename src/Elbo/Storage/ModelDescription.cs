using System.Text.Json;
using System.Text.Json.Serialization;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>What a saved model is: the content of <c>model.json</c>. It holds data only, no type names.</summary>
/// <param name="Kind">The family, which decides who reads the definition: <c>autoencoder</c>.</param>
/// <param name="RowShape">The shape of one row.</param>
/// <param name="Definition">The definition of the model, complete: nothing is left to defaults that a later version may change.</param>
/// <param name="Format">The version of this format.</param>
public sealed record ModelDescription(string Kind, IReadOnlyList<int> RowShape, JsonElement Definition, int Format = ModelDescription.CurrentFormat)
{
    /// <summary>The version that this Elbo writes, and the newest it reads.</summary>
    public const int CurrentFormat = 1;

    internal static string Write(ModelDescription model) => JsonSerializer.Serialize(model, ModelDescriptionJson.Default.ModelDescription);

    internal static ModelDescription Read(string json, string path)
    {
        // The format first: a newer file may have keys that this version would call unknown.
        int? format = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("format", out JsonElement value) && value.TryGetInt32(out int number)) format = number;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ElboException($"'{path}' is damaged: it is not valid JSON; copy it again or repeat the run.", exception);
        }

        if (format is null) throw new ElboException($"'{path}' is no model of Elbo: it has no 'format'; name a run folder that 'elbo fit' made.");
        if (format != CurrentFormat)
            throw new ElboException($"'{path}' has the model format {format}, and this Elbo reads {CurrentFormat}; use the Elbo that wrote it, or a newer one.");
        return StrictJson.Parse(json, ModelDescriptionJson.Default.ModelDescription, path);
    }
}

/// <summary>The source-generated description of <c>model.json</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelDescription))]
internal sealed partial class ModelDescriptionJson : JsonSerializerContext;
