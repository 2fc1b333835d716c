using System.Text.Json;

namespace Elbo.Cli.Studies;

/// <summary>The recipe of a study's folder: what it is of, so that only the same study goes on in it.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Short">Whether it is the shorter form.</param>
/// <param name="Seed">The seed.</param>
internal sealed record StudyMark(string Study, bool Short, ulong Seed)
{
    public string Describe() => $"{(Short ? "the shorter form of " : "")}the study '{Study}' with seed {Seed}";

    public string Write() => $$"""
        {
          "study": "{{Study}}",
          "short": {{(Short ? "true" : "false")}},
          "seed": {{Seed}}
        }

        """;

    /// <summary>Reads one; null where the text is something else.</summary>
    public static StudyMark? TryRead(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            JsonElement mark = document.RootElement;
            return mark.ValueKind == JsonValueKind.Object && mark.TryGetProperty("study", out JsonElement study) && study.GetString() is { } name
                && mark.TryGetProperty("short", out JsonElement isShort) && mark.TryGetProperty("seed", out JsonElement seed)
                ? new StudyMark(name, isShort.GetBoolean(), seed.GetUInt64())
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
