using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Autoencoders;

/// <summary>One implementation of an axis: its name in JSON and how its options are read and written.</summary>
/// <typeparam name="TAxis">The axis.</typeparam>
internal sealed record FamilyMember<TAxis>(string Name, Func<JsonElement, TAxis> Read, Func<TAxis, JsonElement?> Write)
{
    public static FamilyMember<TAxis> Of<T>(string name, Func<JsonTypeInfo<T>> type)
        where T : class, TAxis =>
        new(name, element => StrictJson.Read(element, type(), name), value => value is T exact ? JsonSerializer.SerializeToElement(exact, type()) : null);
}

/// <summary>
/// An axis of the autoencoder family in JSON: <c>{ "kind": "name", ...options }</c>, or just <c>"name"</c> with every option at its default.
/// </summary>
/// <typeparam name="TAxis">The axis.</typeparam>
internal abstract class FamilyConverter<TAxis>(string axis, FamilyMember<TAxis>[] members) : JsonConverter<TAxis>
    where TAxis : class
{
    private const string Key = "kind";

    public override TAxis Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement element = document.RootElement;
        if (element.ValueKind == JsonValueKind.String) return Read(element.GetString()!, Empty());
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(Key, out JsonElement name) || name.ValueKind != JsonValueKind.String)
            throw new JsonException($"the {axis} is a name in quotes, or an object with the key \"{Key}\"; the names are {string.Join(", ", members.Select(member => member.Name))}.");
        return Read(name.GetString()!, Without(element));
    }

    public override void Write(Utf8JsonWriter writer, TAxis value, JsonSerializerOptions options)
    {
        foreach (FamilyMember<TAxis> member in members)
        {
            if (member.Write(value) is not { } written) continue;
            writer.WriteStartObject();
            writer.WriteString(Key, member.Name);
            foreach (JsonProperty property in written.EnumerateObject()) property.WriteTo(writer);
            writer.WriteEndObject();
            return;
        }

        throw new ElboException($"The {axis} {value.GetType().Name} has no name in JSON; a model made of it is saved by the program that defines it.");
    }

    private TAxis Read(string name, JsonElement options)
    {
        FamilyMember<TAxis>? member = members.FirstOrDefault(member => member.Name == name)
            ?? throw new JsonException($"the {axis} '{name}' is not known{NearestName.Suggestion(name, [.. members.Select(member => member.Name)])}");
        try
        {
            return member.Read(options);
        }
        catch (ElboException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    private static JsonElement Empty() => JsonElement.Parse("{}");

    private static JsonElement Without(JsonElement element)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            foreach (JsonProperty property in element.EnumerateObject())
                if (property.Name != Key) property.WriteTo(writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(stream.ToArray());
    }
}
