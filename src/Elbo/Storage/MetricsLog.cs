using System.Text;
using System.Text.Json;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Storage;

/// <summary>The file <c>metrics.jsonl</c>: one JSON line an epoch, only ever appended to; a resumed run first cuts off what its checkpoint does not know of.</summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    private MetricsLog(string path, FileStream stream)
    {
        _path = path;
        _stream = stream;
    }

    /// <summary>Opens the file for appending after its first <paramref name="length"/> bytes.</summary>
    public static MetricsLog Open(string path, long length)
    {
        FileStream? stream = null;
        FolderFailure.Guard(path, () =>
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            stream.SetLength(Math.Min(length, stream.Length));
            stream.Seek(0, SeekOrigin.End);
        });
        return new MetricsLog(path, stream!);
    }

    /// <summary>Appends a record and flushes it to the disk.</summary>
    /// <returns>The length of the file in bytes.</returns>
    public long Append(EpochRecord record)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, TrainingStateJson.Default.EpochRecord), (byte)'\n'];
        FolderFailure.Guard(_path, () =>
        {
            _stream.Write(line);
            _stream.Flush(flushToDisk: true);
        });
        return _stream.Length;
    }

    /// <summary>Reads the records in the first <paramref name="length"/> bytes.</summary>
    public static IReadOnlyList<EpochRecord> Read(string path, long length, Action<string>? note)
    {
        byte[] bytes = File.Exists(path) ? FileFailure.Guard(path, () => File.ReadAllBytes(path)) : [];
        if (bytes.Length < length) note?.Invoke($"'{path}' is shorter than its checkpoint knows it; the records of earlier epochs are lost, the training is not.");
        List<EpochRecord> records = [];
        foreach (string line in Encoding.UTF8.GetString(bytes, 0, (int)Math.Min(length, bytes.Length)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                records.Add(JsonSerializer.Deserialize(line, TrainingStateJson.Default.EpochRecord)!);
            }
            catch (JsonException)
            {
                note?.Invoke($"A line of '{path}' is damaged and was passed over.");
            }
        }

        return records;
    }

    public void Dispose() => _stream.Dispose();
}
