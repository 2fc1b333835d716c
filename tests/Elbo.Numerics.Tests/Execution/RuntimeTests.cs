namespace Elbo.Numerics.Tests.Execution;

public class RuntimeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_part_is_executed_once_by_a_worker_that_exists(int threads)
    {
        using Runtime runtime = new(threads);
        int[] executed = new int[1000];
        int strangers = 0;
        runtime.For(executed.Length, (part, worker) =>
        {
            Interlocked.Increment(ref executed[part]);
            if (worker < 0 || worker >= threads) Interlocked.Increment(ref strangers);
        });
        Assert.All(executed, static count => Assert.Equal(1, count));
        Assert.Equal(0, strangers);
        runtime.For(0, static (_, _) => throw new InvalidOperationException("There is no part."));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_failure_of_a_part_reaches_the_caller_and_leaves_the_runtime_usable(int threads)
    {
        using Runtime runtime = new(threads);
        Exception? failure = Record.Exception(() => runtime.For(50, static (part, _) =>
        {
            if (part == 17) throw new ElboException("Part 17 failed.");
        }));
        Assert.NotNull(failure);
        Assert.Contains("Part 17 failed.", failure.ToString(), StringComparison.Ordinal);
        int executed = 0;
        runtime.For(10, (_, _) => Interlocked.Increment(ref executed));
        Assert.Equal(10, executed);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_product_is_that_of_matrices(bool transposeA, bool transposeB)
    {
        const int Rows = 13, Depth = 29, Columns = 17;
        RandomStream random = new(7);
        Matrix a = new(Rows, Depth), b = new(Depth, Columns);
        for (int i = 0; i < a.Values.Length; i++) a.Values[i] = random.Split(1).Normal((ulong)i);
        for (int i = 0; i < b.Values.Length; i++) b.Values[i] = random.Split(2).Normal((ulong)i);
        double[] result = new double[Rows * Columns];
        using Runtime runtime = new(2);
        runtime.Multiply<double>((transposeA ? a.Transpose() : a).Values, (transposeB ? b.Transpose() : b).Values, result, Rows, Columns, transposeA, transposeB);
        double[] expected = (a * b).Values.ToArray();
        for (int i = 0; i < result.Length; i++) Assert.Equal(expected[i], result[i], 1e-12);
    }

    [Fact]
    public void Lengths_that_make_no_product_are_refused()
    {
        using Runtime runtime = new(1);
        Assert.Throws<ArgumentException>(() => runtime.Multiply<double>(new double[6], new double[6], new double[5], 2, 2));
    }
}
