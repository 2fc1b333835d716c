namespace Elbo.Storage;

/// <summary>An image of 8-bit samples, rows from the top, samples of a pixel side by side: <c>[height, width, channels]</c>.</summary>
public sealed class PixelImage
{
    /// <summary>Wraps samples, without a copy.</summary>
    /// <param name="width">Pixels across, at least 1.</param>
    /// <param name="height">Pixels down, at least 1.</param>
    /// <param name="channels">1 grey, 2 grey and alpha, 3 red, green and blue, 4 those and alpha.</param>
    /// <param name="samples"><c>height · width · channels</c> samples.</param>
    /// <exception cref="ArgumentException">The sizes are out of range or do not match the samples.</exception>
    public PixelImage(int width, int height, int channels, byte[] samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (channels is < 1 or > 4) throw new ArgumentOutOfRangeException(nameof(channels), channels, "An image has 1 to 4 channels.");
        if (samples.Length != (long)width * height * channels)
            throw new ArgumentException($"An image of {width}×{height}×{channels} has {(long)width * height * channels} samples, but {samples.Length} were given.", nameof(samples));
        Width = width;
        Height = height;
        Channels = channels;
        Samples = samples;
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>1 grey, 2 grey and alpha, 3 red, green and blue, 4 those and alpha.</summary>
    public int Channels { get; }

    /// <summary>The samples, of shape <c>[height, width, channels]</c>.</summary>
#pragma warning disable CA1819 // The image is a view of this array; a copy per access would hide the cost of a whole image.
    public byte[] Samples { get; }
#pragma warning restore CA1819
}
