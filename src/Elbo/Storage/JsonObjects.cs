using System.Text.Json;

namespace Elbo.Storage;

/// <summary>Small JSON objects written by hand, without reflection.</summary>
internal static class JsonObjects
{
    public static JsonElement Write(Action<Utf8JsonWriter> members)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }
}
