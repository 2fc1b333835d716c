using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>
/// The safetensors format: eight bytes of header length, a JSON header, then the data of every array without gaps.
/// </summary>
/// <remarks>
/// Reading is strict: the arrays must tile the data exactly, in any order of the header, with no overlap and no hole. Writing is
/// deterministic: arrays in the order given, the header padded with spaces so that the data start at a multiple of 8 bytes.
/// </remarks>
public static class Safetensors
{
    internal const string MetadataKey = "__metadata__";
    private const int Alignment = 8;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = false };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its arrays and metadata.</returns>
    /// <exception cref="ElboException">The file is missing, truncated, or breaks a rule of the format.</exception>
    public static SafetensorsFile Load(string path) => FileFailure.Guard(path, () =>
    {
        using FileStream stream = StreamReading.OpenRead(path);
        return Read(stream, path);
    });

    /// <summary>Reads a stream from its position to its end.</summary>
    /// <param name="stream">The stream, at the header's length.</param>
    /// <param name="name">What to call the stream in messages.</param>
    /// <returns>Its arrays and metadata.</returns>
    /// <exception cref="ElboException">The stream is truncated or breaks a rule of the format.</exception>
    public static SafetensorsFile Read(Stream stream, string name) => FileFailure.Guard(name, () => ReadCore(stream, name));

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The arrays by name, in the order to write them.</param>
    /// <param name="metadata">A map of text, written in the order given; null for none.</param>
    /// <exception cref="ElboException">The file cannot be written; one that was there before is unchanged.</exception>
    /// <exception cref="ArgumentException">A name is used twice or reserved.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, NumericArray>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">The arrays by name, in the order to write them.</param>
    /// <param name="metadata">A map of text, written in the order given; null for none.</param>
    /// <exception cref="ArgumentException">A name is used twice or reserved.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, NumericArray>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        KeyValuePair<string, NumericArray>[] items = [.. tensors];
        HashSet<string> names = [MetadataKey];
        foreach ((string name, _) in items)
            if (!names.Add(name)) throw new ArgumentException($"The name '{name}' is used twice or reserved; give every array its own name.", nameof(tensors));

        ArrayBufferWriter<byte> header = new();
        using (Utf8JsonWriter json = new(header, WriterOptions))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }

            long offset = 0;
            foreach ((string name, NumericArray array) in items)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsHeader.TypeName(array.Type));
                json.WriteStartArray("shape");
                foreach (int extent in array.Shape) json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += array.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        int padding = -header.WrittenCount & (Alignment - 1);
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.WrittenCount);
        stream.Write(length);
        stream.Write(header.WrittenSpan);
        foreach ((_, NumericArray array) in items) stream.Write(array.Bytes);
    }

    private static SafetensorsFile ReadCore(Stream stream, string name)
    {
        const int Prefix = 8;
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(StreamReading.ReadExactly(stream, Prefix, name));
        // The reference implementation's limit.
        if (length is < 2 or > 100_000_000)
            throw FileFailure.Mismatch(name, $"is not a safetensors file: it would have a header of {length} bytes", "check that it is the right file, or copy it again");
        byte[] headerBytes = StreamReading.ReadExactly(stream, (long)length, name, Prefix);
        SafetensorsHeader header = SafetensorsHeader.Parse(headerBytes, name);

        OrderedDictionary<string, NumericArray> tensors = [];
        long position = 0;
        long start = Prefix + (long)length;
        foreach (SafetensorsHeader.Entry entry in header.Entries.OrderBy(static entry => entry.Begin).ThenBy(static entry => entry.End))
        {
            if (entry.Begin != position)
                throw FileFailure.Broken(name, $"the data of '{entry.Name}' begin at byte {entry.Begin}, and {position} was expected, where the array before ends");
            byte[] data = StreamReading.ReadExactly(stream, entry.End - entry.Begin, name, start + position);
            tensors.Add(entry.Name, new NumericArray(entry.Type, entry.Shape, data));
            position = entry.End;
        }

        StreamReading.ExpectEnd(stream, name, start + position);
        return new SafetensorsFile(tensors, header.Metadata.AsReadOnly());
    }
}
