using System.Text.Json.Serialization;
using Elbo.Report.Serialization;

namespace Elbo.Report;

/// <summary>A matrix as a field of colour: a transition matrix, loadings, labels by component, responsibilities.</summary>
public sealed record HeatmapSection : ReportSection
{
    /// <summary>The names of the rows, from the top.</summary>
    public required IReadOnlyList<string> RowNames { get; init; }

    /// <summary>The names of the columns, from the left.</summary>
    public required IReadOnlyList<string> ColumnNames { get; init; }

    /// <summary>The values, <c>[rows, columns]</c> in row-major order; negative ones get a colour of their own. Stored in the page as 32-bit floats.</summary>
    [JsonConverter(typeof(DoubleBlobConverter))]
    public required ReadOnlyMemory<double> Values { get; init; }

    /// <summary>What a row stands for, for example <c>from state</c>.</summary>
    public string? RowLabel { get; init; }

    /// <summary>What a column stands for, for example <c>to state</c>.</summary>
    public string? ColumnLabel { get; init; }

    /// <summary>The quantity, for example <c>probability</c>.</summary>
    public required string ValueLabel { get; init; }

    /// <summary>The digits shown after the decimal point.</summary>
    public int Decimals { get; init; } = 2;
}
