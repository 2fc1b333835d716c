using System.Text.Json.Serialization;
using Elbo.Report.Serialization;

namespace Elbo.Report;

/// <summary>Posterior means of many rows in a plane, coloured by label, with the row's picture under the pointer.</summary>
public sealed record LatentScatterSection : ReportSection
{
    /// <summary>The name of the horizontal axis, for example <c>z3</c>.</summary>
    public required string XName { get; init; }

    /// <summary>The name of the vertical axis, for example <c>z7</c>.</summary>
    public required string YName { get; init; }

    /// <summary>The horizontal coordinates, one per point.</summary>
    [JsonConverter(typeof(FloatBlobConverter))]
    public required ReadOnlyMemory<float> X { get; init; }

    /// <summary>The vertical coordinates, one per point.</summary>
    [JsonConverter(typeof(FloatBlobConverter))]
    public required ReadOnlyMemory<float> Y { get; init; }

    /// <summary>The class of each point, an index into <see cref="LabelNames"/>, or −1 for none. Empty when the data have no labels.</summary>
    [JsonConverter(typeof(Int32BlobConverter))]
    public ReadOnlyMemory<int> Labels { get; init; }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>The row number of each point in its data set. Empty means 0, 1, 2, ...</summary>
    [JsonConverter(typeof(Int32BlobConverter))]
    public ReadOnlyMemory<int> Rows { get; init; }

    /// <summary>What a row number refers to, for example <c>test row</c>.</summary>
    public string RowName { get; init; } = "row";

    /// <summary>The picture of each point.</summary>
    public ImageSet? Thumbnails { get; init; }
}
