using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Elbo.Report.Serialization;

/// <summary>Weights as <c>f16</c> where they may be and fit, else as <c>f32</c>.</summary>
internal sealed class WeightsConverter : JsonConverter<Weights>
{
    public override void Write(Utf8JsonWriter writer, Weights value, JsonSerializerOptions options)
    {
        // A single value costs nothing, and constants such as 1/√2 deserve their digits.
        byte[]? half = value.Precise || value.Values.Length == 1 ? null : ToHalf(value.Values);
        if (half is null) Blob.Write(writer, "f32", Blob.ToLittleEndian(value.Values));
        else Blob.Write(writer, "f16", half);
    }

    public override Weights Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A report's decoder is written for the page only; read the weights from the run folder.");

    private static byte[]? ToHalf(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[values.Length * 2];
        for (int i = 0; i < values.Length; i++)
        {
            Half half = (Half)values[i];
            if (!Half.IsFinite(half)) return null;
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), half);
        }

        return bytes;
    }
}
