using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>
/// Reads JSON written by people: comments and trailing commas are fine, an unknown or repeated key or a value of the wrong kind is refused
/// with its path, what was expected, and the nearest known name.
/// </summary>
/// <remarks>Types come from a source-generated context, so nothing here needs reflection at run time.</remarks>
public static class StrictJson
{
    private static readonly JsonDocumentOptions DocumentOptions = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads a value.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="json">The text.</param>
    /// <param name="type">The type's description, from a source-generated context.</param>
    /// <param name="name">What to call the text in messages: a file's path.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ElboException">The text is not JSON, or does not fit the type.</exception>
    public static T Parse<T>(string json, JsonTypeInfo<T> type, string name)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(Encoding.UTF8.GetBytes(json), type, name);
    }

    /// <summary>Reads a value from UTF-8.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="utf8">The text.</param>
    /// <param name="type">The type's description, from a source-generated context.</param>
    /// <param name="name">What to call the text in messages: a file's path.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ElboException">The text is not JSON, or does not fit the type.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> utf8, JsonTypeInfo<T> type, string name)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, DocumentOptions);
            return Read(document.RootElement, type, name);
        }
        catch (JsonException exception)
        {
            string line = exception.LineNumber is { } number ? $" (line {number + 1})" : "";
            throw new ElboException($"'{name}' is not valid JSON: {FirstSentence(exception.Message)}{line}; correct it there.", exception);
        }
    }

    /// <summary>Reads a value from a part of a document.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="element">The part.</param>
    /// <param name="type">The type's description, from a source-generated context.</param>
    /// <param name="name">What to call the document in messages: a file's path.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ElboException">The part does not fit the type.</exception>
    public static T Read<T>(JsonElement element, JsonTypeInfo<T> type, string name)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(type);
        StrictJsonCheck.Check(element, type, "", name);
        try
        {
            // Written anew, because the serializer reads the element's own text, where comments would be errors.
            ArrayBufferWriter<byte> plain = new();
            using (Utf8JsonWriter writer = new(plain)) element.WriteTo(writer);
            return JsonSerializer.Deserialize(plain.WrittenSpan, type) ?? throw StrictJsonCheck.Unfit(name, "", element, "an object");
        }
        catch (JsonException exception)
        {
            string path = (exception.Path ?? "$").TrimStart('$').TrimStart('.');
            throw new ElboException(path.Length == 0 ? $"'{name}': {exception.Message}" : $"'{name}': '{path}': {exception.Message}", exception);
        }
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.', ' ');
    }
}
