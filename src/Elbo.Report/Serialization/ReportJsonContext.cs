using System.Text.Json.Serialization;

namespace Elbo.Report.Serialization;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(FiniteDoubleConverter)])]
[JsonSerializable(typeof(ReportPayload))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;

/// <summary>What the page reads: one run, or several to compare.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Compare">Whether the page is a comparison.</param>
internal sealed record ReportPayload(IReadOnlyList<ReportData> Runs, bool Compare);
