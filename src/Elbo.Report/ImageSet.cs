using System.Text.Json.Serialization;
using Elbo.Report.Serialization;

namespace Elbo.Report;

/// <summary>Images of one size as bytes, shape <c>[Count, Channels, Height, Width]</c> (planar, as the data and the decoder have them).</summary>
public sealed record ImageSet
{
    /// <summary>The number of images.</summary>
    public required int Count { get; init; }

    /// <summary>The number of channels: 1 (grey) or 3 (red, green, blue).</summary>
    public required int Channels { get; init; }

    /// <summary>The height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>The pixels, 0 (black) to 255 (white), <c>Count · Channels · Height · Width</c> of them.</summary>
    [JsonConverter(typeof(ByteBlobConverter))]
    public required ReadOnlyMemory<byte> Pixels { get; init; }

    /// <summary>Makes a stack from means in [0, 1], rounding to the nearest byte and clamping what lies outside (NaN becomes 0).</summary>
    /// <param name="count">The number of images.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="values">Values of shape <c>[count, channels, height, width]</c>.</param>
    /// <exception cref="ArgumentException">The number of values is not <c>count · channels · height · width</c>.</exception>
    public static ImageSet FromUnitInterval(int count, int channels, int height, int width, ReadOnlySpan<float> values)
    {
        var expected = (long)count * channels * height * width;
        if (values.Length != expected)
            throw new ArgumentException($"{values.Length} values were given for images of shape [{count}, {channels}, {height}, {width}], which has {expected}; pass one value per pixel.", nameof(values));
        var pixels = new byte[values.Length];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = ToByte(values[i]);
        return new ImageSet { Count = count, Channels = channels, Height = height, Width = width, Pixels = pixels };
    }

    internal static byte ToByte(float value) => value >= 1f ? (byte)255 : value > 0f ? (byte)(255f * value + 0.5f) : (byte)0;
}
