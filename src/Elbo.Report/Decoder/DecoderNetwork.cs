using System.Text.Json.Serialization;
using Elbo.Numerics;

namespace Elbo.Report;

/// <summary>
/// A decoder the page can run: the graph from one latent vector to the mean of the pixels, as a list of steps with the weights in them.
/// Whatever the model, its decoder is known by its graph alone.
/// </summary>
public sealed record DecoderNetwork
{
    internal DecoderNetwork()
    {
    }

    /// <summary>The number of latent dimensions.</summary>
    public required int LatentDimensions { get; init; }

    /// <summary>The channels of the image: 1 or 3.</summary>
    public required int Channels { get; init; }

    /// <summary>The height of the image in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The width of the image in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>The factor applied to the mean to bring it into [0, 1] for display.</summary>
    public float PixelScale { get; init; } = 1f;

    /// <summary>The shift added after <see cref="PixelScale"/>.</summary>
    public float PixelShift { get; init; }

    /// <summary>The steps in order, each after its inputs; the last gives the picture.</summary>
    [JsonInclude]
    internal IReadOnlyList<DecoderStep> Steps { get; init; } = [];

    /// <summary>Follows a decoder's graph from a latent vector to a picture. What does not depend on the latent vector is computed now.</summary>
    /// <param name="decode">From codes <c>[1, D]</c> to means of <c>Channels · Height · Width</c> pixels: <c>model.Decode</c>.</param>
    /// <param name="latentDimensions">D.</param>
    /// <param name="channels">The channels of the image: 1 or 3.</param>
    /// <param name="height">The height of the image in pixels.</param>
    /// <param name="width">The width of the image in pixels.</param>
    /// <param name="variables">The values of the variables in the graph; copied.</param>
    /// <param name="precise">
    /// Whether the page keeps 32 bits of each weight rather than 16, which are half the size and give pixels equal to within a byte's rounding.
    /// </param>
    /// <returns>The decoder, for <see cref="ReportData.Decoder"/>.</returns>
    /// <exception cref="ArgumentException">The graph does not give <c>Channels · Height · Width</c> values, or the channels are neither 1 nor 3.</exception>
    /// <exception cref="ElboException">The graph holds an operation that the page cannot run, such as a random draw; the message names it.</exception>
    public static DecoderNetwork Trace(Func<Tensor, Tensor> decode, int latentDimensions, int channels, int height, int width, VariableStore<float> variables, bool precise = false)
    {
        ArgumentNullException.ThrowIfNull(decode);
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentOutOfRangeException.ThrowIfLessThan(latentDimensions, 1);
        if (channels is not (1 or 3)) throw new ArgumentException($"A page can show images of 1 (grey) or 3 (colour) channels, but these have {channels}.", nameof(channels));
        Tensor latent = Tensor.Input("z", [1, latentDimensions]);
        Tensor mean = decode(latent);
        if (mean.Shape.ElementCount != (long)channels * height * width)
            throw new ArgumentException($"The decoder gives {mean.Shape} for one latent vector, but an image [{channels}, {height}, {width}] has {(long)channels * height * width} values.", nameof(decode));
        return new DecoderNetwork
        {
            LatentDimensions = latentDimensions,
            Channels = channels,
            Height = height,
            Width = width,
            Steps = new DecoderTrace(latent, mean, variables, precise).Steps,
        };
    }
}
