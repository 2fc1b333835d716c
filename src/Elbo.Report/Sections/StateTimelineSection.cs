using System.Text.Json.Serialization;
using Elbo.Report.Serialization;

namespace Elbo.Report;

/// <summary>Sequences over time: what was observed, the most likely path of hidden states, and how sure the model is of them.</summary>
public sealed record StateTimelineSection : ReportSection
{
    /// <summary>The names of the K states.</summary>
    public required IReadOnlyList<string> StateNames { get; init; }

    /// <summary>The names of the C columns shown.</summary>
    public required IReadOnlyList<string> ColumnNames { get; init; }

    /// <summary>The sequences offered, the first shown at the start; at least one.</summary>
    public required IReadOnlyList<StateSequence> Sequences { get; init; }
}

/// <summary>One sequence, or the beginning of one.</summary>
public sealed record StateSequence
{
    /// <summary>What to call it, for example <c>sequence 3, first 500 of 1,204 rows</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What was observed, <c>[T, C]</c>; NaN where a value is missing.</summary>
    [JsonConverter(typeof(FloatBlobConverter))]
    public required ReadOnlyMemory<float> Values { get; init; }

    /// <summary>The most likely path, <c>[T]</c>, states from 0.</summary>
    [JsonConverter(typeof(Int32BlobConverter))]
    public required ReadOnlyMemory<int> Path { get; init; }

    /// <summary>The posterior of each state at each row, <c>[T, K]</c>.</summary>
    [JsonConverter(typeof(FloatBlobConverter))]
    public required ReadOnlyMemory<float> Posteriors { get; init; }
}
