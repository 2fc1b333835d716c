using System.Runtime.InteropServices;

namespace Elbo.Numerics;

public readonly unsafe partial struct RandomStream
{
    private const int PermutationWords = 256;

    /// <summary>Fills with uniform draws from the open interval (0, 1), odd multiples of 2^−24.</summary>
    /// <param name="destination">Receives draws <c>start … start + Length − 1</c>.</param>
    /// <param name="start">Index of the first draw.</param>
    public void FillUniform(Span<float> destination, ulong start = 0) =>
        RandomFill.Run(destination, start, Stream, Seed, RandomKernels.Single(RandomTransform.Uniform, VectorWidths.Widest));

    /// <summary>Fills with uniform draws from the open interval (0, 1), odd multiples of 2^−53: those of <see cref="Uniform"/>.</summary>
    /// <param name="destination">Receives draws <c>start … start + Length − 1</c>.</param>
    /// <param name="start">Index of the first draw.</param>
    public void FillUniform(Span<double> destination, ulong start = 0) =>
        RandomFill.Run(destination, start, Stream, Seed, RandomKernels.Double(RandomTransform.Uniform, VectorWidths.Widest));

    /// <summary>Fills with draws from the standard normal distribution N(0, 1); |draw| ≤ 6.66.</summary>
    /// <param name="destination">Receives draws <c>start … start + Length − 1</c>.</param>
    /// <param name="start">Index of the first draw.</param>
    public void FillNormal(Span<float> destination, ulong start = 0) =>
        RandomFill.Run(destination, start, Stream, Seed, RandomKernels.Single(RandomTransform.Normal, VectorWidths.Widest));

    /// <summary>Fills with draws from the standard normal distribution N(0, 1): those of <see cref="Normal"/>.</summary>
    /// <param name="destination">Receives draws <c>start … start + Length − 1</c>.</param>
    /// <param name="start">Index of the first draw.</param>
    public void FillNormal(Span<double> destination, ulong start = 0) =>
        RandomFill.Run(destination, start, Stream, Seed, RandomKernels.Double(RandomTransform.Normal, VectorWidths.Widest));

    /// <summary>Fills with draws from the standard Gumbel distribution, <c>−log(−log u)</c>; draws lie in [−2.9, 22.2].</summary>
    /// <param name="destination">Receives draws <c>start … start + Length − 1</c>.</param>
    /// <param name="start">Index of the first draw.</param>
    public void FillGumbel(Span<float> destination, ulong start = 0) =>
        RandomFill.Run(destination, start, Stream, Seed, RandomKernels.Single(RandomTransform.Gumbel, VectorWidths.Widest));

    /// <summary>Fills with draws from the standard Gumbel distribution, <c>−log(−log u)</c>; draws lie in [−3.7, 37.5].</summary>
    /// <param name="destination">Receives draws <c>start … start + Length − 1</c>.</param>
    /// <param name="start">Index of the first draw.</param>
    public void FillGumbel(Span<double> destination, ulong start = 0) =>
        RandomFill.Run(destination, start, Stream, Seed, RandomKernels.Double(RandomTransform.Gumbel, VectorWidths.Widest));

    /// <summary>Fills with 1 where a uniform draw lies below the probability and 0 elsewhere; 0 never and 1 always succeeds.</summary>
    /// <param name="probabilities">Success probabilities in [0, 1], one per draw; may be the destination itself. A NaN gives 0.</param>
    /// <param name="destination">Receives draws <c>start … start + Length − 1</c>.</param>
    /// <param name="start">Index of the first draw.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void FillBernoulli(ReadOnlySpan<float> probabilities, Span<float> destination, ulong start = 0) =>
        FillBelow(probabilities, destination, start, RandomKernels.Single(RandomTransform.Uniform, VectorWidths.Widest));

    /// <inheritdoc cref="FillBernoulli(ReadOnlySpan{float}, Span{float}, ulong)"/>
    public void FillBernoulli(ReadOnlySpan<double> probabilities, Span<double> destination, ulong start = 0) =>
        FillBelow(probabilities, destination, start, RandomKernels.Double(RandomTransform.Uniform, VectorWidths.Widest));

    /// <summary>Fills with raw words: those of <see cref="Bits"/>.</summary>
    /// <param name="destination">Receives draws <c>start … start + Length − 1</c>.</param>
    /// <param name="start">Index of the first draw.</param>
    public void FillBits(Span<uint> destination, ulong start = 0) =>
        RandomFill.Run(MemoryMarshal.Cast<uint, float>(destination), start, Stream, Seed, &Unchanged);

    /// <summary>Fills with a uniformly random permutation of <c>0 … Length − 1</c> (Fisher and Yates; no modulo bias).</summary>
    /// <param name="destination">Receives the permutation; its contents before the call do not matter.</param>
    public void Permutation(Span<int> destination)
    {
        Span<uint> words = stackalloc uint[PermutationWords];
        ulong used = 0;
        for (int i = 0; i < destination.Length; i++)
        {
            uint bound = (uint)i + 1;
            ulong product;
            do
            {
                if (used % PermutationWords == 0)
                    FillBits(words, used);
                product = (ulong)words[(int)(used++ % PermutationWords)] * bound;
            }
            while ((uint)product < bound && (uint)product < (0u - bound) % bound);

            int j = (int)(product >> 32);
            destination[i] = destination[j];
            destination[j] = i;
        }
    }

    private void FillBelow<T>(ReadOnlySpan<T> probabilities, Span<T> destination, ulong start, delegate*<T*, int, void> uniform)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        if (probabilities.Length != destination.Length)
        {
            throw new ArgumentException(
                $"{probabilities.Length} probabilities were given for {destination.Length} draws; give one probability per draw.", nameof(probabilities));
        }

        const int chunk = 1024;
        T* draws = stackalloc T[chunk];
        var greater = ElementwiseKernels<T>.Binary(BinaryOpcode.Greater);
        for (int i = 0; i < destination.Length; i += chunk)
        {
            int count = Math.Min(chunk, destination.Length - i);
            RandomFill.Run(new Span<T>(draws, count), start + (ulong)i, Stream, Seed, uniform);
            fixed (T* p = probabilities[i..], d = destination[i..])
                greater(p, draws, d, count);
        }
    }

    private static void Unchanged(float* data, int groups)
    {
    }
}
