namespace Elbo.Report;

/// <summary>A grid of images: prior samples, traversals, interpolations, component means.</summary>
public sealed record ImageGridSection : ReportSection
{
    /// <summary>The images, filled row by row.</summary>
    public required ImageSet Images { get; init; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; init; } = 8;

    /// <summary>
    /// Where fresh samples come from: with it and <see cref="ReportData.Decoder"/> the page offers to draw again.
    /// </summary>
    public GaussianPrior? DrawFrom { get; init; }

    /// <summary>A name per grid row, for example the latent dimension a traversal runs along.</summary>
    public IReadOnlyList<string>? RowNames { get; init; }
}

/// <summary>A diagonal normal over latent vectors, <c>z_i ~ N(Mean_i, Scale_i²)</c>.</summary>
public sealed record GaussianPrior
{
    /// <summary>The means, one per latent dimension.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>The standard deviations, one per latent dimension, positive.</summary>
    public required IReadOnlyList<float> Scale { get; init; }

    /// <summary>The standard normal of the given number of dimensions.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is less than 1.</exception>
    public static GaussianPrior Standard(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        return new GaussianPrior { Mean = new float[dimensions], Scale = Enumerable.Repeat(1f, dimensions).ToArray() };
    }
}
