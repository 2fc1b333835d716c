namespace Elbo.Numerics.Tests.RandomStreams;

/// <summary>Moments, Kolmogorov-Smirnov and chi-square tests; seeds are fixed, thresholds stand near p = 1e-4.</summary>
public sealed class RandomDistributionTests
{
    private const int Count = 400_000;

    private static readonly RandomStream s_stream = new(seed: 314159);

    [Fact]
    public void Uniforms_are_uniform()
    {
        double[] u = Doubles(s => s.FillUniform);
        CheckMoments(u, 0.5, 1.0 / 12, 0.0746);
        CheckKolmogorov(u, x => x);
        double[] v = Singles(s => s.FillUniform);
        CheckMoments(v, 0.5, 1.0 / 12, 0.0746);
        CheckKolmogorov(v, x => x);
    }

    [Fact]
    public void Normals_are_normal()
    {
        foreach (double[] z in new[] { Doubles(s => s.FillNormal), Singles(s => s.FillNormal) })
        {
            CheckMoments(z, 0, 1, Math.Sqrt(2));
            CheckMoments([.. z.Select(x => x * x * x)], 0, 15, 101);
            CheckMoments([.. z.Select(x => x * x * x * x)], 3, 96, 1400);
            CheckKolmogorov(z, x => 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-x / Math.Sqrt(2)));
            double tail = z.Count(x => Math.Abs(x) > 3) / (double)Count;
            Assert.InRange(tail, 0.0027 - 0.0004, 0.0027 + 0.0004);
        }
    }

    [Fact]
    public void Normals_of_one_pair_and_neighbours_are_uncorrelated()
    {
        foreach (double[] z in new[] { Doubles(s => s.FillNormal), Singles(s => s.FillNormal) })
        {
            foreach (int lag in new[] { 1, 2, 8, 16, 32 })
            {
                CheckMoments([.. z.Skip(lag).Zip(z, (a, b) => a * b)], 0, 1, 2.9);
                CheckMoments([.. z.Skip(lag).Zip(z, (a, b) => (a * a - 1) * (b * b - 1))], 0, 4, 60);
            }
        }
    }

    [Fact]
    public void Gumbels_are_gumbel()
    {
        foreach (double[] g in new[] { Doubles(s => s.FillGumbel), Singles(s => s.FillGumbel) })
        {
            CheckMoments(g, 0.57721566490153286, Math.PI * Math.PI / 6, 3.5);
            CheckKolmogorov(g, x => Math.Exp(-Math.Exp(-x)));
        }
    }

    [Fact]
    public void Bernoulli_draws_succeed_as_often_as_asked()
    {
        foreach (float p in new[] { 0.001f, 0.2f, 0.5f, 0.97f })
        {
            float[] probabilities = new float[Count];
            Array.Fill(probabilities, p);
            float[] draws = new float[Count];
            s_stream.FillBernoulli(probabilities, draws);
            double deviation = 4 * Math.Sqrt(p * (1 - p) / Count);
            Assert.InRange(draws.Average(), p - deviation, p + deviation);
        }
    }

    [Fact]
    public void Integers_are_uniform_on_their_range()
    {
        foreach (uint bound in new[] { 1u, 3u, 10u, 97u })
        {
            long[] counts = new long[bound];
            for (ulong i = 0; i < 50_000; i++)
                counts[s_stream.Integer(bound, i)]++;
            CheckChiSquare(counts, 50_000);
        }

        // Just above 2^31 a plain modulus would be biased by half.
        const uint large = 0xC0000000;
        double mean = Enumerable.Range(0, 50_000).Average(i => (double)s_stream.Integer(large, (ulong)i));
        Assert.InRange(mean / large, 0.5 - 0.0052, 0.5 + 0.0052);
    }

    [Fact]
    public void Permutations_of_four_are_equally_frequent()
    {
        long[] counts = new long[256];
        int[] p = new int[4];
        for (ulong i = 0; i < 48_000; i++)
        {
            s_stream.Split(i).Permutation(p);
            counts[(p[0] << 6) | (p[1] << 4) | (p[2] << 2) | p[3]]++;
        }

        long[] seen = [.. counts.Where(c => c > 0)];
        Assert.Equal(24, seen.Length);
        CheckChiSquare(seen, 48_000);
    }

    [Fact]
    public void Children_are_independent_of_each_other_and_of_the_parent()
    {
        double[] parent = new double[50_000];
        double[] first = new double[parent.Length];
        double[] second = new double[parent.Length];
        s_stream.FillNormal(parent);
        s_stream.Split(0).FillNormal(first);
        s_stream.Split(1).FillNormal(second);
        CheckMoments([.. parent.Zip(first, (a, b) => a * b)], 0, 1, 2.9);
        CheckMoments([.. first.Zip(second, (a, b) => a * b)], 0, 1, 2.9);
    }

    private static double[] Doubles(Func<RandomStream, Action<Span<double>, ulong>> fill) => Draw(fill);

    private static double[] Singles(Func<RandomStream, Action<Span<float>, ulong>> fill) => [.. Draw(fill).Select(x => (double)x)];

    private static T[] Draw<T>(Func<RandomStream, Action<Span<T>, ulong>> fill)
    {
        T[] values = new T[Count];
        fill(s_stream)(values, 5);
        return values;
    }

    /// <summary>Mean and variance within four standard errors; <paramref name="spread"/> is the standard deviation of the squared deviation.</summary>
    private static void CheckMoments(double[] x, double mean, double variance, double spread)
    {
        double m = x.Average();
        double v = x.Average(value => (value - mean) * (value - mean));
        Assert.True(Math.Abs(m - mean) < 4 * Math.Sqrt(variance / x.Length), $"mean {m}, expected {mean}");
        Assert.True(Math.Abs(v - variance) < 4 * spread / Math.Sqrt(x.Length), $"variance {v}, expected {variance}");
    }

    private static void CheckKolmogorov(double[] x, Func<double, double> cumulative)
    {
        double[] sorted = [.. x.Order()];
        double distance = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double f = cumulative(sorted[i]);
            distance = Math.Max(distance, Math.Max(f - i / (double)sorted.Length, (i + 1) / (double)sorted.Length - f));
        }

        Assert.True(distance * Math.Sqrt(sorted.Length) < 2.2, $"Kolmogorov-Smirnov {distance * Math.Sqrt(sorted.Length):F2}");
    }

    private static void CheckChiSquare(long[] counts, long total)
    {
        double expected = total / (double)counts.Length;
        double statistic = counts.Sum(c => (c - expected) * (c - expected) / expected);
        int freedom = counts.Length - 1;
        Assert.True(statistic <= freedom + 4 * Math.Sqrt(2.0 * freedom) + 6, $"chi-square {statistic:F1} with {freedom} degrees of freedom");
    }
}
