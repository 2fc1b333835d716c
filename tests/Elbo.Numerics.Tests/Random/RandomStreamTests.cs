namespace Elbo.Numerics.Tests.RandomStreams;

[Trait("Category", "Kernel")]
public sealed class RandomStreamTests
{
    private delegate void Filler<T>(RandomStream stream, Span<T> destination, ulong start);

    private static readonly RandomStream s_stream = new(seed: 20240229, stream: 7);

    [Fact]
    public void A_fill_does_not_depend_on_how_it_is_cut()
    {
        CheckCuts<float>((s, d, i) => s.FillUniform(d, i));
        CheckCuts<double>((s, d, i) => s.FillUniform(d, i));
        CheckCuts<float>((s, d, i) => s.FillNormal(d, i));
        CheckCuts<double>((s, d, i) => s.FillNormal(d, i));
        CheckCuts<float>((s, d, i) => s.FillGumbel(d, i));
        CheckCuts<double>((s, d, i) => s.FillGumbel(d, i));
        CheckCuts<uint>((s, d, i) => s.FillBits(d, i));
        float[] p = new float[5000];
        s_stream.Split(1).FillUniform(p);
        CheckCuts<float>((s, d, i) => s.FillBernoulli(p.AsSpan((int)i - 3, d.Length), d, i));
    }

    [Fact]
    public void Single_draws_are_those_of_the_fills()
    {
        const ulong start = 1234567890123;
        double[] uniform = new double[50];
        double[] normal = new double[50];
        uint[] bits = new uint[50];
        s_stream.FillUniform(uniform, start);
        s_stream.FillNormal(normal, start);
        s_stream.FillBits(bits, start);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(uniform[i], s_stream.Uniform(start + (ulong)i));
            Assert.Equal(normal[i], s_stream.Normal(start + (ulong)i));
            Assert.Equal(bits[i], s_stream.Bits(start + (ulong)i));
            Assert.Equal(s_stream.Bits(2 * (ulong)i) | ((ulong)s_stream.Bits((2 * (ulong)i) + 1) << 32), s_stream.LongBits((ulong)i));
        }
    }

    [Fact]
    public unsafe void Every_width_gives_the_same_draws()
    {
        foreach (RandomTransform transform in Enum.GetValues<RandomTransform>())
        {
            uint[] expected = Transformed(transform, VectorWidth.Scalar, isSingle: true);
            uint[] expectedDouble = Transformed(transform, VectorWidth.Scalar, isSingle: false);
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                Assert.Equal(expected, Transformed(transform, width, isSingle: true));
                Assert.Equal(expectedDouble, Transformed(transform, width, isSingle: false));
            }
        }

        static uint[] Transformed(RandomTransform transform, VectorWidth width, bool isSingle)
        {
            uint[] words = new uint[20 * Philox.GroupWords];
            fixed (uint* data = words)
            {
                Philox.Fill(data, 11, 20, 3, 4);
                if (isSingle)
                    RandomKernels.Single(transform, width)((float*)data, 20);
                else
                    RandomKernels.Double(transform, width)((double*)data, 20);
            }

            return words;
        }
    }

    /// <summary>Pinned so that no change of code silently changes every experiment.</summary>
    [Fact]
    public void Draws_of_seed_1_stay_what_they_are()
    {
        var stream = new RandomStream(1);
        Assert.Equal([3823634032u, 3842641596u, 2515673792u, 3656441241u], new[] { stream.Bits(0), stream.Bits(1), stream.Bits(16), stream.Bits(32) });
        Assert.Equal(0.8946847163350925, stream.Uniform(0));
        Assert.Equal(2.426737364500107, stream.Normal(3), 14);
        float[] normal = new float[2];
        stream.FillNormal(normal, 15);
        Assert.Equal(-1.2233763f, normal[0], 6);
        Assert.Equal(-0.24733368f, normal[1], 6);
        Assert.Equal(new RandomStream(5959140300252101239, 16663064658158380792), stream.Split(2));
        int[] permutation = new int[8];
        stream.Permutation(permutation);
        Assert.Equal([7, 4, 2, 5, 1, 6, 3, 0], permutation);
    }

    [Fact]
    public void Uniforms_stay_inside_the_open_interval_at_the_extreme_words()
    {
        Assert.Equal(5.9604644775390625e-8f, Single(0));
        Assert.Equal(1 - 5.9604644775390625e-8f, Single(uint.MaxValue));
        Assert.Equal(1.1102230246251565e-16, Double(0));
        Assert.Equal(1 - 1.1102230246251565e-16, Double(ulong.MaxValue));

        static unsafe float Single(uint bits)
        {
            float[] data = [.. Enumerable.Repeat(BitConverter.UInt32BitsToSingle(bits), 32)];
            fixed (float* d = data)
                RandomKernels.Single(RandomTransform.Uniform, VectorWidths.Widest)(d, 1);
            return data[0];
        }

        static unsafe double Double(ulong bits)
        {
            double[] data = [.. Enumerable.Repeat(BitConverter.UInt64BitsToDouble(bits), 16)];
            fixed (double* d = data)
                RandomKernels.Double(RandomTransform.Uniform, VectorWidths.Widest)(d, 1);
            return data[0];
        }
    }

    [Fact]
    public unsafe void Normals_and_gumbels_are_finite_at_the_extreme_words()
    {
        foreach (RandomTransform transform in new[] { RandomTransform.Normal, RandomTransform.Gumbel })
        {
            foreach (uint word in new[] { 0u, 1u, 0x7FFFFFFFu, 0x80000000u, uint.MaxValue })
            {
                uint[] words = [.. Enumerable.Repeat(word, 64)];
                fixed (uint* data = words)
                {
                    RandomKernels.Single(transform, VectorWidths.Widest)((float*)data, 1);
                    RandomKernels.Double(transform, VectorWidths.Widest)((double*)(data + 32), 1);
                    for (int i = 0; i < 32; i++)
                        Assert.True(float.IsFinite(((float*)data)[i]), $"{transform} of {word:X}");
                    for (int i = 0; i < 16; i++)
                        Assert.True(double.IsFinite(((double*)(data + 32))[i]), $"{transform} of {word:X}");
                }
            }
        }
    }

    [Fact]
    public void Bernoulli_of_0_never_and_of_1_always_succeeds()
    {
        float[] p = [.. Enumerable.Range(0, 4000).Select(i => (float)(i % 2))];
        float[] draws = new float[p.Length];
        s_stream.FillBernoulli(p, draws);
        Assert.Equal(p, draws);
        ArgumentException error = Assert.Throws<ArgumentException>(() => s_stream.FillBernoulli(new float[3], new float[4]));
        Assert.Contains("3 probabilities were given for 4 draws", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Children_differ_by_key_and_path_and_are_equal_by_value()
    {
        var children = new HashSet<RandomStream>();
        for (ulong key = 0; key < 1000; key++)
        {
            Assert.True(children.Add(s_stream.Split(key)));
            Assert.True(children.Add(s_stream.Split(1).Split(key)));
        }

        Assert.Equal(s_stream.Split(5), new RandomStream(20240229, 7).Split(5));
        Assert.NotEqual(s_stream, new RandomStream(20240229, 8));
    }

    [Fact]
    public void Permutations_hold_every_number_once_at_any_length()
    {
        foreach (int length in new[] { 0, 1, 2, 255, 256, 257, 60000 })
        {
            int[] permutation = new int[length];
            Array.Fill(permutation, -1);
            s_stream.Permutation(permutation);
            Array.Sort(permutation);
            Assert.Equal(Enumerable.Range(0, length), permutation);
        }
    }

    [Fact]
    public void An_empty_range_of_integers_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => s_stream.Integer(0, 0));

    private static void CheckCuts<T>(Filler<T> fill)
        where T : unmanaged
    {
        T[] whole = new T[4500];
        fill(s_stream, whole, 3);
        foreach (int cut in new[] { 0, 1, 13, 16, 29, 31, 32, 33, 61, 1000, 4096 })
        {
            T[] parts = new T[whole.Length];
            fill(s_stream, parts.AsSpan(cut), 3 + (ulong)cut);
            fill(s_stream, parts.AsSpan(0, cut), 3);
            Assert.Equal(whole, parts);
        }
    }
}
