using System.Text.Json.Serialization;
using Elbo.Report.Serialization;

namespace Elbo.Report;

/// <summary>Rows in a plane of two of their columns, coloured by the component that most likely made them, with the components' ellipses.</summary>
public sealed record ComponentEllipsesSection : ReportSection
{
    /// <summary>The names of the C columns offered as axes; the first two are shown at the start. At least two.</summary>
    public required IReadOnlyList<string> ColumnNames { get; init; }

    /// <summary>The rows shown, <c>[N, C]</c>; NaN where a value is missing.</summary>
    [JsonConverter(typeof(FloatBlobConverter))]
    public required ReadOnlyMemory<float> Values { get; init; }

    /// <summary>The component of each row, from 0, or −1 for none.</summary>
    [JsonConverter(typeof(Int32BlobConverter))]
    public required ReadOnlyMemory<int> Components { get; init; }

    /// <summary>The names of the K components.</summary>
    public required IReadOnlyList<string> ComponentNames { get; init; }

    /// <summary>The weight of each component.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>The components' means, <c>[K, C]</c>.</summary>
    [JsonConverter(typeof(FloatBlobConverter))]
    public required ReadOnlyMemory<float> Means { get; init; }

    /// <summary>The components' covariances, <c>[K, C, C]</c>; empty for means alone.</summary>
    [JsonConverter(typeof(FloatBlobConverter))]
    public ReadOnlyMemory<float> Covariances { get; init; }

    /// <summary>The row number of each point in its data set. Empty means 0, 1, 2, ...</summary>
    [JsonConverter(typeof(Int32BlobConverter))]
    public ReadOnlyMemory<int> Rows { get; init; }
}
