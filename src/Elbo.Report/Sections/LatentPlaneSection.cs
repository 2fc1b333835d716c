namespace Elbo.Report;

/// <summary>
/// A plane through latent space. With <see cref="ReportData.Decoder"/> the page decodes the point under the pointer and fills the grid
/// itself; without, it shows <see cref="Grid"/>. A position <c>u ∈ (0, 1)</c> along an axis stands for
/// <c>Centre + Scale · Φ⁻¹(u)</c>, so that equal areas hold equal prior mass (Kingma &amp; Welling 2014, appendix A).
/// </summary>
public sealed record LatentPlaneSection : ReportSection
{
    /// <summary>
    /// The dimensions offered as axes and sliders, the most active first: the first two span the plane shown at the start. At least two.
    /// </summary>
    public required IReadOnlyList<LatentDimension> Dimensions { get; init; }

    /// <summary>The latent vector through which the plane passes, one value per latent dimension: zeros, or the prior mean.</summary>
    public required IReadOnlyList<float> Origin { get; init; }

    /// <summary>The number of images along each side of the grid.</summary>
    public int GridSize { get; init; } = 20;

    /// <summary>
    /// The decoded grid, <c>GridSize²</c> images row by row from the top (large second coordinate) to the bottom; needed only where the page
    /// has no decoder. Cell <c>i</c> of <c>n</c> stands for <c>u = (i + ½)/n</c>.
    /// </summary>
    public ImageSet? Grid { get; init; }
}

/// <summary>One latent dimension as an axis of the page.</summary>
public sealed record LatentDimension
{
    /// <summary>The index in the latent vector, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The name, for example <c>z3</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The centre of the axis: the prior mean.</summary>
    public float Centre { get; init; }

    /// <summary>The scale of the axis: the prior standard deviation, positive.</summary>
    public float Scale { get; init; } = 1f;
}
