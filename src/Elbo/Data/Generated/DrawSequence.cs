using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>
/// The draws of one generated image, one after the other. Only additions, products and divisions follow from them, so that a
/// generated image is the same bytes on every machine, whatever its mathematics library.
/// </summary>
internal struct DrawSequence(RandomStream stream)
{
    private ulong next;

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public float Uniform(float low, float high) => low + (high - low) * (float)stream.Uniform(next++);

    /// <summary>A number from 0 to <paramref name="count"/> − 1.</summary>
    public int Index(int count) => Math.Min(count - 1, (int)(stream.Uniform(next++) * count));

    /// <summary>A bell-shaped number of mean 0 and standard deviation 1, within ±3: the sum of three uniform ones.</summary>
    public float Bell() => (float)(2 * (stream.Uniform(next++) + stream.Uniform(next++) + stream.Uniform(next++)) - 3);
}
