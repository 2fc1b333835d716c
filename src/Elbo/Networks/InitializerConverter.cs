using System.Text.Json;
using System.Text.Json.Serialization;
using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>An initializer as a string, see <see cref="Initializer.Parse"/>.</summary>
internal sealed class InitializerConverter : JsonConverter<Initializer>
{
    public override Initializer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("an initializer is text such as \"glorot-uniform\" or \"normal(0.01)\".");
        try
        {
            return Initializer.Parse(reader.GetString()!);
        }
        catch (ElboException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, Initializer value, JsonSerializerOptions options) =>
        writer.WriteStringValue(InitializerNames.Write(value));
}
