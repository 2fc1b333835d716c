namespace Elbo.Report;

/// <summary>
/// A decoder the page can run: a chain of layers from a latent vector to the mean of the pixels. Arrays of a layer are row-major; images are
/// planar, <c>[channels, height, width]</c>.
/// </summary>
public sealed record DecoderNetwork
{
    /// <summary>The number of latent dimensions.</summary>
    public required int LatentDimensions { get; init; }

    /// <summary>The channels of the image: 1 or 3.</summary>
    public required int Channels { get; init; }

    /// <summary>The height of the image in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The width of the image in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>The layers in order; the last gives <c>Channels · Height · Width</c> values.</summary>
    public required IReadOnlyList<DecoderLayer> Layers { get; init; }

    /// <summary>How the last layer's values become the mean of the pixels.</summary>
    public MeanFunction Mean { get; init; } = MeanFunction.Sigmoid;

    /// <summary>The factor applied to the mean to bring it into [0, 1] for display.</summary>
    public float PixelScale { get; init; } = 1f;

    /// <summary>The shift added after <see cref="PixelScale"/>.</summary>
    public float PixelShift { get; init; }
}

/// <summary>From the decoder's last values to the mean of each pixel.</summary>
public enum MeanFunction
{
    /// <summary>The values are means already (normal, Laplace).</summary>
    Identity,

    /// <summary>The values are logits (Bernoulli): <c>1/(1 + e^−a)</c>.</summary>
    Sigmoid,

    /// <summary>
    /// The values are logits of a continuous Bernoulli: <c>λ/(2λ−1) + 1/(2 artanh(1−2λ))</c> with <c>λ = 1/(1 + e^−a)</c>, which is
    /// <c>1/(1 − e^−a) − 1/a</c> (Loaiza-Ganem &amp; Cunningham 2019, equation 9).
    /// </summary>
    ContinuousBernoulli,
}
