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
            throw new ElboException($"An initializer is a string such as \"glorot-uniform\" or \"normal(0.01)\", not {reader.TokenType}.");
        return Initializer.Parse(reader.GetString()!);
    }

    public override void Write(Utf8JsonWriter writer, Initializer value, JsonSerializerOptions options) =>
        writer.WriteStringValue(InitializerNames.Write(value));
}
