using System.Text;
using System.Text.Json;
using Elbo.Storage;

namespace Elbo.Cli.Rows;

/// <summary>The file <c>metrics.jsonl</c> of a row model: the bound of each iteration of each size.</summary>
internal static class RowMetrics
{
    public static void Write(RunFolder folder, bool hasSizes, IReadOnlyList<DoneSize> done)
    {
        using MemoryStream stream = new();
        foreach (DoneSize size in done)
        {
            for (int i = 0; i < size.Bounds.Count; i++)
            {
                using (Utf8JsonWriter writer = new(stream))
                {
                    writer.WriteStartObject();
                    if (hasSizes) writer.WriteNumber("size", size.Outcome.Size);
                    writer.WriteNumber("iteration", i);
                    writer.WriteNumber("bound", size.Bounds[i]);
                    writer.WriteEndObject();
                }

                stream.WriteByte((byte)'\n');
            }
        }

        AtomicFile.WriteText(folder.MetricsPath, Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    /// <summary>The bounds of a size, or of the only one; empty where the file is missing or damaged.</summary>
    public static IReadOnlyList<(int? Size, IReadOnlyList<double> Bounds)> Read(RunFolder folder)
    {
        if (!File.Exists(folder.MetricsPath)) return [];
        List<(int? Size, List<double> Bounds)> sizes = [];
        foreach (string line in File.ReadLines(folder.MetricsPath))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                int? size = document.RootElement.TryGetProperty("size", out JsonElement value) ? value.GetInt32() : null;
                if (sizes.Count == 0 || sizes[^1].Size != size) sizes.Add((size, []));
                sizes[^1].Bounds.Add(document.RootElement.GetProperty("bound").GetDouble());
            }
            catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                // A curve with a gap is better than no report.
            }
        }

        return [.. sizes.Select(static size => (size.Size, (IReadOnlyList<double>)size.Bounds))];
    }
}
