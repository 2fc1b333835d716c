using System.Text.Json.Serialization;

namespace Elbo.Report;

/// <summary>One section of a report: data of a kind the page knows how to show.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CurvesSection), "curves")]
[JsonDerivedType(typeof(ReconstructionsSection), "reconstructions")]
[JsonDerivedType(typeof(ImageGridSection), "image-grid")]
[JsonDerivedType(typeof(LatentScatterSection), "latent-scatter")]
[JsonDerivedType(typeof(LatentPlaneSection), "latent-plane")]
[JsonDerivedType(typeof(BarsSection), "bars")]
[JsonDerivedType(typeof(HeatmapSection), "heatmap")]
[JsonDerivedType(typeof(ComponentEllipsesSection), "component-ellipses")]
[JsonDerivedType(typeof(StateTimelineSection), "state-timeline")]
[JsonDerivedType(typeof(IntervalsSection), "intervals")]
[JsonDerivedType(typeof(TableSection), "table")]
[JsonDerivedType(typeof(DataTableSection), "data-table")]
[JsonDerivedType(typeof(ReproductionSection), "reproduction")]
public abstract record ReportSection
{
    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence or two under the heading, plain text: what is shown and how to read it.</summary>
    public string? Note { get; init; }
}
