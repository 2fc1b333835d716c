using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Elbo.Report.Serialization;

/// <summary>
/// Arrays in the payload: one JSON string <c>type,base64</c> or <c>type;gzip,base64</c> with type <c>u8</c>, <c>i32</c>, <c>f16</c> or
/// <c>f32</c>, little-endian. Compressed where that saves a tenth or more.
/// </summary>
internal static class Blob
{
    // Below this a gzip header and its checksum eat the gain.
    private const int SmallestCompressed = 256;

    public static void Write(Utf8JsonWriter writer, string type, ReadOnlySpan<byte> bytes)
    {
        var packed = bytes.Length < SmallestCompressed ? null : Compress(bytes);
        var compressed = packed is not null && packed.Length < 0.9 * bytes.Length;
        var text = compressed ? $"\"{type};gzip,{Convert.ToBase64String(packed!)}\"" : $"\"{type},{Convert.ToBase64String(bytes)}\"";
        // Raw, because the encoder would write each '+' of the base64 as six characters; nothing in the alphabet needs escaping in HTML.
        writer.WriteRawValue(text, skipInputValidation: true);
    }

    public static byte[] Read(ref Utf8JsonReader reader, string type)
    {
        var text = reader.GetString() ?? throw new JsonException("An array is null.");
        var comma = text.IndexOf(',');
        var head = comma < 0 ? text : text[..comma];
        if (head != type && head != type + ";gzip")
            throw new JsonException($"An array starts with '{head[..Math.Min(head.Length, 16)]}' where '{type}' was expected.");
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(text[(comma + 1)..]);
            if (head.Length == type.Length) return bytes;
            using var source = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var target = new MemoryStream();
            source.CopyTo(target);
            return target.ToArray();
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException)
        {
            throw new JsonException("An array is damaged.", exception);
        }
    }

    public static byte[] ToLittleEndian(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        if (BitConverter.IsLittleEndian) MemoryMarshal.AsBytes(values).CopyTo(bytes);
        else for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }

    private static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(bytes);
        return target.ToArray();
    }
}
