using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Elbo.Report.Serialization;

internal sealed class ByteBlobConverter : JsonConverter<ReadOnlyMemory<byte>>
{
    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) => Blob.Write(writer, "u8", value.Span);

    public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Blob.Read(ref reader, "u8");
}

internal sealed class Int32BlobConverter : JsonConverter<ReadOnlyMemory<int>>
{
    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<int> value, JsonSerializerOptions options)
    {
        var bytes = new byte[value.Length * sizeof(int)];
        for (var i = 0; i < value.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), value.Span[i]);
        Blob.Write(writer, "i32", bytes);
    }

    public override ReadOnlyMemory<int> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = Blob.Read(ref reader, "i32");
        var values = new int[bytes.Length / sizeof(int)];
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(i * sizeof(int)));
        return values;
    }
}

internal sealed class FloatBlobConverter : JsonConverter<ReadOnlyMemory<float>>
{
    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<float> value, JsonSerializerOptions options) =>
        Blob.Write(writer, "f32", Blob.ToLittleEndian(value.Span));

    public override ReadOnlyMemory<float> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = Blob.Read(ref reader, "f32");
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return values;
    }
}

/// <summary>Doubles carried as 32-bit floats: seven digits are more than a curve can show.</summary>
internal sealed class DoubleBlobConverter : JsonConverter<ReadOnlyMemory<double>>
{
    private static readonly FloatBlobConverter Floats = new();

    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<double> value, JsonSerializerOptions options) =>
        Floats.Write(writer, Array.ConvertAll(value.ToArray(), x => (float)x), options);

    public override ReadOnlyMemory<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Array.ConvertAll(Floats.Read(ref reader, typeof(ReadOnlyMemory<float>), options).ToArray(), x => (double)x);
}

/// <summary>JSON has no NaN and no infinity; the page reads <see langword="null"/> and says that the value is not finite.</summary>
internal sealed class FiniteDoubleConverter : JsonConverter<double>
{
    // So that a null is read here, as NaN, instead of being refused.
    public override bool HandleNull => true;

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else writer.WriteNullValue();
    }

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();
}
