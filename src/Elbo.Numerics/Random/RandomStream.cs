namespace Elbo.Numerics;

/// <summary>
/// An endless, random-access sequence of random draws: draw <c>index</c> of stream <c>(seed, stream)</c> is always the same
/// value, in whatever order, chunks or threads the draws are asked for.
/// </summary>
/// <remarks>
/// <para>
/// Built on Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). A fill that starts at
/// <c>start</c> writes draws <c>start, start + 1, …</c>, so filling [a, b) and then [b, c) equals filling [a, c).
/// </para>
/// <para>
/// All kinds of draws read the same underlying words: <c>Uniform(5)</c> and <c>Normal(5)</c> of one stream are dependent, and so
/// are float and double fills of one stream. Give each purpose its own stream by <see cref="Split"/>.
/// </para>
/// <para>
/// Words, uniforms, Bernoulli draws, integers and permutations are the same on every machine. Normal and Gumbel draws are the
/// same on all machines with fused multiply-add; without it they may differ in the last place.
/// </para>
/// </remarks>
/// <param name="seed">The key of the generator; every seed is as good as any other.</param>
/// <param name="stream">Selects one of 2^64 independent sequences of the seed.</param>
public readonly partial struct RandomStream(ulong seed, ulong stream = 0) : IEquatable<RandomStream>
{
    private const ulong SplitDomain = 0x9E3779B97F4A7C15;

    /// <summary>The key of the generator.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>Which of the seed's sequences this is.</summary>
    public ulong Stream { get; } = stream;

    /// <summary>
    /// An independent stream that depends on this one and <paramref name="key"/> only; splitting uses up no draws. Two
    /// different paths of keys meet with probability 2^−128.
    /// </summary>
    /// <param name="key">Names the child, for instance a layer's number, a step or a row.</param>
    public RandomStream Split(ulong key)
    {
        (ulong first, ulong second) = Philox.Block(key, Stream, Seed ^ SplitDomain);
        return new RandomStream(first, second);
    }

    /// <summary>Draw <paramref name="index"/> as 32 uniform random bits.</summary>
    /// <param name="index">Which draw.</param>
    public uint Bits(ulong index)
    {
        ulong position = index % Philox.GroupWords;
        (ulong first, ulong second) = Philox.Block((index / Philox.GroupWords * Philox.GroupBlocks) + (position / 2 % Philox.GroupBlocks), Stream, Seed);
        ulong pair = position < Philox.GroupWords / 2 ? first : second;
        return (uint)(pair >> (int)(position % 2 * 32));
    }

    /// <summary>Draw <paramref name="index"/> as 64 uniform random bits; covers the words <c>2·index</c> and <c>2·index + 1</c> of <see cref="Bits"/>.</summary>
    /// <param name="index">Which draw.</param>
    public ulong LongBits(ulong index)
    {
        ulong position = index % (Philox.GroupWords / 2);
        (ulong first, ulong second) = Philox.Block((index / (Philox.GroupWords / 2) * Philox.GroupBlocks) + (position % Philox.GroupBlocks), Stream, Seed);
        return position < Philox.GroupBlocks ? first : second;
    }

    /// <summary>Draw <paramref name="index"/> from the uniform distribution on the open interval (0, 1): an odd multiple of 2^−53.</summary>
    /// <param name="index">Which draw.</param>
    public double Uniform(ulong index) => BitConverter.UInt64BitsToDouble((LongBits(index) >> 12) | 0x3FF0000000000000) - (1 - 1.1102230246251565e-16);

    /// <summary>Draw <paramref name="index"/> from the standard normal distribution N(0, 1); |draw| ≤ 8.65.</summary>
    /// <param name="index">Which draw.</param>
    public double Normal(ulong index)
    {
        ulong position = index % (Philox.GroupWords / 2);
        (ulong first, ulong second) = Philox.Block((index / (Philox.GroupWords / 2) * Philox.GroupBlocks) + (position % Philox.GroupBlocks), Stream, Seed);
        DoubleBoxMuller<ScalarDoubleLanes, double>.Pair(
            BitConverter.UInt64BitsToDouble(first), BitConverter.UInt64BitsToDouble(second), out double cosine, out double sine);
        return position < Philox.GroupBlocks ? cosine : sine;
    }

    /// <summary>
    /// Draw <paramref name="index"/> as an integer uniform on <c>0 … bound − 1</c>, without bias: Lemire's multiplication method
    /// ("Fast random integer generation in an interval", 2019), which redraws from a child stream with probability below 2^−32.
    /// </summary>
    /// <param name="bound">The number of outcomes, at least 1.</param>
    /// <param name="index">Which draw.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is 0.</exception>
    public uint Integer(uint bound, ulong index)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        ulong high = Math.BigMul(LongBits(index), bound, out ulong low);
        // Products whose low half is below 2^64 mod bound have one preimage too many.
        return low >= bound || low >= (0UL - bound) % bound ? (uint)high : Split(index).Integer(bound, 0);
    }

    /// <summary>Whether both are the same sequence.</summary>
    /// <param name="other">The other stream.</param>
    public bool Equals(RandomStream other) => Seed == other.Seed && Stream == other.Stream;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RandomStream other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Seed, Stream);

    /// <summary>Whether both are the same sequence.</summary>
    /// <param name="left">One stream.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(RandomStream left, RandomStream right) => left.Equals(right);

    /// <summary>Whether the two are different sequences.</summary>
    /// <param name="left">One stream.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(RandomStream left, RandomStream right) => !left.Equals(right);
}
