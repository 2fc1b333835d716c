using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Elbo.Report.Serialization;

/// <summary><c>{ "shape": [784, 500], "values": "f16,..." }</c>.</summary>
internal sealed class WeightTensorConverter : JsonConverter<WeightTensor>
{
    public override void Write(Utf8JsonWriter writer, WeightTensor value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("shape");
        foreach (var side in value.Shape) writer.WriteNumberValue(side);
        writer.WriteEndArray();
        writer.WritePropertyName("values");
        var half = value.Precise ? null : ToHalf(value.Values.Span);
        if (half is null) Blob.Write(writer, "f32", Blob.ToLittleEndian(value.Values.Span));
        else Blob.Write(writer, "f16", half);
        writer.WriteEndObject();
    }

    public override WeightTensor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A report's decoder is written for the page only; read the weights from the run folder.");

    private static byte[]? ToHalf(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * 2];
        for (var i = 0; i < values.Length; i++)
        {
            var half = (Half)values[i];
            if (!Half.IsFinite(half)) return null;
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), half);
        }
        return bytes;
    }
}
