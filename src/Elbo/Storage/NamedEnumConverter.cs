using System.Text.Json;
using System.Text.Json.Serialization;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>An enumeration as a lower-case name with hyphens: <c>LeakyRelu</c> is <c>"leaky-relu"</c>. An unknown name is refused with the nearest known one.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class NamedEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"a name was expected, one of {string.Join(", ", Names().Keys)}.");
        try
        {
            return Parse(reader.GetString()!);
        }
        catch (ElboException exception)
        {
            // A JSON failure carries its path to the reader of the message.
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(Name(value));
    }

    /// <summary>The written name of a member.</summary>
    /// <param name="value">The member.</param>
    public static string Name(T value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The member with a written name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ElboException">No member has that name; the message names the nearest.</exception>
    public static T Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Dictionary<string, T> names = Names();
        return names.TryGetValue(name, out T value) ? value : throw new ElboException($"'{name}' is not known{NearestName.Suggestion(name, names.Keys)}");
    }

    private static Dictionary<string, T> Names() => Enum.GetValues<T>().ToDictionary(Name, StringComparer.Ordinal);
}
