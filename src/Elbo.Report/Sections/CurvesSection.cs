using System.Text.Json.Serialization;
using Elbo.Report.Serialization;

namespace Elbo.Report;

/// <summary>Quantities over training, one panel each, with one shared pointer.</summary>
public sealed record CurvesSection : ReportSection
{
    /// <summary>The name of the horizontal axis, for example <c>epoch</c>, <c>step</c> or <c>iteration</c>.</summary>
    public string XLabel { get; init; } = "epoch";

    /// <summary>Whether the horizontal axis begins logarithmic; a switch of the page changes it.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>The panels, in order.</summary>
    public required IReadOnlyList<CurvePanel> Panels { get; init; }

    /// <summary>Places worth marking on the horizontal axis, for example the best epoch.</summary>
    public IReadOnlyList<CurveMark> Marks { get; init; } = [];
}

/// <summary>One panel: curves that share a unit.</summary>
public sealed record CurvePanel
{
    /// <summary>The quantity, for example <c>ELBO</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The unit, for example <c>nats per datum</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>One short sentence for a student.</summary>
    public string? Explanation { get; init; }

    /// <summary>The curves.</summary>
    public required IReadOnlyList<Curve> Curves { get; init; }
}

/// <summary>One curve.</summary>
public sealed record Curve
{
    /// <summary>Which curve of the panel, for example <c>train</c> or <c>validation</c>; the same name has the same colour in every panel.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the curve that it is set beside, such as a published one beside ours: it takes that curve's colour, broken. Null for one of its own.</summary>
    public string? Beside { get; init; }

    /// <summary>The abscissae, increasing. Stored in the page as 32-bit floats.</summary>
    [JsonConverter(typeof(DoubleBlobConverter))]
    public required ReadOnlyMemory<double> X { get; init; }

    /// <summary>The ordinates, as many as <see cref="X"/>; NaN leaves a gap. Stored in the page as 32-bit floats.</summary>
    [JsonConverter(typeof(DoubleBlobConverter))]
    public required ReadOnlyMemory<double> Y { get; init; }
}

/// <summary>A place on the horizontal axis.</summary>
public sealed record CurveMark
{
    /// <summary>The abscissa.</summary>
    public required double X { get; init; }

    /// <summary>What happened there, in a word or two, for example <c>best</c>.</summary>
    public required string Label { get; init; }
}
