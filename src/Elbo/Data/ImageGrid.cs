using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Data;

/// <summary>Tiles images of one size to one picture.</summary>
public sealed record ImageGrid
{
    /// <summary>Images across; null makes the grid as square as can be.</summary>
    public int? Columns { get; init; }

    /// <summary>Pixels between images and around them.</summary>
    public int Padding { get; init; } = 2;

    /// <summary>Pixels of the picture for each of an image, across and down, at least 1; the padding is not enlarged.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>The grey of the padding, 0 black to 255 white.</summary>
    public byte Background { get; init; } = 96;

    /// <summary>Tiles rows of floats.</summary>
    /// <param name="values">The images, <c>[images, channels, height, width]</c>, 0 black to 1 white; what lies outside is cut off, NaN is black.</param>
    /// <param name="rowShape"><c>[channels, height, width]</c>, or <c>[values]</c>, drawn as one line of pixels; with 1 or 3 channels.</param>
    /// <returns>The picture, with as many channels as the images.</returns>
    /// <exception cref="ElboException">The rows are not images.</exception>
    /// <exception cref="ArgumentException">The values are not whole images.</exception>
    public PixelImage Draw(ReadOnlySpan<float> values, ReadOnlySpan<int> rowShape)
    {
        byte[] bytes = new byte[values.Length];
        // A comparison with NaN is false, so NaN takes the first branch's other side and becomes 0.
        for (int i = 0; i < values.Length; i++) bytes[i] = values[i] > 0 ? (byte)(Math.Min(values[i], 1) * 255 + 0.5f) : (byte)0;
        return Draw(bytes, rowShape);
    }

    /// <summary>Tiles rows of bytes.</summary>
    /// <param name="values">The images, <c>[images, channels, height, width]</c>, 0 black to 255 white.</param>
    /// <param name="rowShape"><c>[channels, height, width]</c>, or <c>[values]</c>, drawn as one line of pixels; with 1 or 3 channels.</param>
    /// <returns>The picture, with as many channels as the images.</returns>
    /// <exception cref="ElboException">The rows are not images.</exception>
    /// <exception cref="ArgumentException">The values are not whole images.</exception>
    public PixelImage Draw(ReadOnlySpan<byte> values, ReadOnlySpan<int> rowShape)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Padding);
        ArgumentOutOfRangeException.ThrowIfLessThan(Scale, 1);
        (int channels, int height, int width) = rowShape switch
        {
            [int c and (1 or 3), int h, int w] => (c, h, w),
            [int h, int w] => (1, h, w),
            [int w] => (1, 1, w),
            _ => throw new ElboException($"Rows of shape {NumericArray.FormatShape(rowShape)} are not images, and [channels, height, width] with 1 or 3 channels was expected; draw image data only."),
        };
        int rowLength = channels * height * width;
        if (values.Length == 0 || values.Length % rowLength != 0) throw new ArgumentException($"{values.Length} values are not whole images of shape {NumericArray.FormatShape(rowShape)}.", nameof(values));
        int count = values.Length / rowLength;
        int columns = Columns ?? (int)Math.Ceiling(Math.Sqrt(count));
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1, nameof(Columns));
        columns = Math.Min(columns, count);
        int rows = (count + columns - 1) / columns;
        int stepX = width * Scale + Padding;
        int stepY = height * Scale + Padding;
        int pictureWidth = checked(columns * stepX + Padding);
        int pictureHeight = checked(rows * stepY + Padding);
        byte[] samples = new byte[checked(pictureWidth * pictureHeight * channels)];
        samples.AsSpan().Fill(Background);
        for (int image = 0; image < count; image++)
        {
            int left = Padding + image % columns * stepX;
            int top = Padding + image / columns * stepY;
            ReadOnlySpan<byte> planes = values.Slice(image * rowLength, rowLength);
            for (int y = 0; y < height * Scale; y++)
            {
                Span<byte> line = samples.AsSpan(((top + y) * pictureWidth + left) * channels, width * Scale * channels);
                for (int x = 0; x < width * Scale; x++)
                    for (int channel = 0; channel < channels; channel++)
                        line[x * channels + channel] = planes[(channel * height + y / Scale) * width + x / Scale];
            }
        }

        return new PixelImage(pictureWidth, pictureHeight, channels, samples);
    }
}
