using System.Text.Json;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>The JSON header of a safetensors file, checked entry by entry.</summary>
internal sealed class SafetensorsHeader
{
    public List<Entry> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = [];

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> utf8, string name)
    {
        try
        {
            return new Parser(utf8, name).Parse();
        }
        // Utf8JsonReader throws InvalidOperationException for strings that are not valid UTF-8 and FormatException for numbers out of range.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw FileFailure.Broken(name, $"its header is not the JSON that the format asks for ({FileFailure.Trim(exception.Message)})");
        }
    }

    public static string TypeName(NumericType type) => type switch
    {
        NumericType.Boolean => "BOOL",
        NumericType.UInt8 => "U8",
        NumericType.Int8 => "I8",
        NumericType.UInt16 => "U16",
        NumericType.Int16 => "I16",
        NumericType.UInt32 => "U32",
        NumericType.Int32 => "I32",
        NumericType.UInt64 => "U64",
        NumericType.Int64 => "I64",
        NumericType.Float16 => "F16",
        NumericType.Float32 => "F32",
        _ => "F64",
    };

    private static NumericType? FindType(string name)
    {
        for (NumericType type = NumericType.Boolean; type <= NumericType.Float64; type++)
            if (TypeName(type) == name) return type;
        return null;
    }

    public readonly record struct Entry(string Name, NumericType Type, int[] Shape, long Begin, long End);

    private ref struct Parser(ReadOnlySpan<byte> utf8, string file)
    {
        private readonly SafetensorsHeader header = new();
        private readonly HashSet<string> names = [];
        private Utf8JsonReader reader = new(utf8);

        public SafetensorsHeader Parse()
        {
            Next(JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!names.Add(name)) throw FileFailure.Broken(file, $"its header names '{name}' twice");
                if (name == Safetensors.MetadataKey) ParseMetadata();
                else ParseEntry(name);
            }

            // Reads the rest, so that anything but the padding after the object is an error.
            while (reader.Read())
            {
            }

            return header;
        }

        private void ParseMetadata()
        {
            Next(JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!;
                Next(JsonTokenType.String);
                if (!header.Metadata.TryAdd(key, reader.GetString()!)) throw FileFailure.Broken(file, $"its metadata name '{key}' twice");
            }
        }

        private void ParseEntry(string name)
        {
            string? typeName = null;
            List<long>? shape = null;
            List<long>? offsets = null;
            Next(JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!;
                switch (key)
                {
                    case "dtype":
                        Next(JsonTokenType.String);
                        typeName = reader.GetString();
                        break;
                    case "shape": shape = ParseNumbers(); break;
                    case "data_offsets": offsets = ParseNumbers(); break;
                    default: throw FileFailure.Broken(file, $"its header has the unknown key '{key}' under '{name}'");
                }
            }

            if (typeName is null || shape is null || offsets is not { Count: 2 })
                throw FileFailure.Broken(file, $"its header gives '{name}' without dtype, shape or two data_offsets");
            if (FindType(typeName) is not { } type)
                throw FileFailure.Mismatch(file, $"holds '{name}' of type {typeName}, which Elbo does not read", "save it as F32");
            if (shape.Count > 32 || shape.Exists(static extent => extent > int.MaxValue))
                throw FileFailure.Broken(file, $"its header gives '{name}' a shape beyond what an array can have");
            int[] extents = [.. shape.Select(static extent => (int)extent)];
            long expected = NumericArray.ByteLength(type, extents);
            long actual = offsets[1] - offsets[0];
            if (expected < 0 || actual != expected)
                throw FileFailure.Broken(file, $"'{name}' of shape {NumericArray.FormatShape(extents)} and type {typeName} needs {(expected < 0 ? "more than 2 GiB" : $"{expected} bytes")}, its offsets span {actual}");
            header.Entries.Add(new Entry(name, type, extents, offsets[0], offsets[1]));
        }

        private List<long> ParseNumbers()
        {
            List<long> numbers = [];
            Next(JsonTokenType.StartArray);
            while (reader.Read() && reader.TokenType == JsonTokenType.Number)
            {
                if (!reader.TryGetInt64(out long number) || number < 0)
                    throw FileFailure.Broken(file, "its header gives a size or offset that is not a whole number of at least 0");
                numbers.Add(number);
            }

            if (reader.TokenType != JsonTokenType.EndArray) throw FileFailure.Broken(file, "its header gives a size or offset that is not a number");
            return numbers;
        }

        private void Next(JsonTokenType expected)
        {
            if (!reader.Read() || reader.TokenType != expected)
                throw FileFailure.Broken(file, $"its header has {reader.TokenType} where {expected} was expected");
        }
    }
}
