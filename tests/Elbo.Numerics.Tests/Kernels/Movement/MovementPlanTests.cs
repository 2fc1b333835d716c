namespace Elbo.Numerics.Tests.Kernels.Movement;

/// <summary>Pooling, rows of tables and transposed reads, in compiled plans against the plain evaluator.</summary>
public sealed class MovementPlanTests
{
    [Theory]
    [InlineData(2, 2, 8, 8)]
    [InlineData(2, 2, 7, 9)]
    [InlineData(3, 1, 5, 6)]
    [InlineData(3, 2, 12, 11)]
    [InlineData(1, 3, 10, 10)]
    public void Pooling_its_gradient_and_its_second_derivative_match(int size, int stride, int height, int width)
    {
        // Large enough for several parts.
        Tensor x = Tensor.Input("x", [40, 25, height, width]);
        foreach (Tensor pooled in new[] { x.AveragePool(size, stride), x.MaxPool(size, stride) })
        {
            Tensor weight = Tensor.Constant(pooled.Shape, Draw(2, pooled.Shape.ElementCount));
            Tensor gradient = (pooled.Square() * weight).Sum().Gradients(x)[0];
            Tensor second = (gradient * gradient * x).Sum().Gradients(x)[0];
            Check([pooled, gradient, second], x, Draw(1, x.Shape.ElementCount));
        }
    }

    [Theory]
    [InlineData(5, 3, 7)]
    [InlineData(50, 400, 300)]
    [InlineData(3, 1, 1)]
    public void Gathered_rows_and_their_gradient_match(int rows, int columns, int count)
    {
        Tensor table = Tensor.Input("table", [rows, columns]);
        double[] indices = [.. Enumerable.Range(0, count).Select(i => (double)new RandomStream(3).Integer((uint)rows, (ulong)i))];
        Tensor gathered = table.Gather(Tensor.Constant([count], indices));
        Tensor gradient = (gathered.Square() * gathered).Sum().Gradients(table)[0];
        Check([gathered, gradient], table, Draw(4, rows * columns));
    }

    [Fact]
    public void An_index_outside_the_table_is_named()
    {
        Tensor table = Tensor.Input("table", [4, 2]);
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        foreach (double index in new[] { -1.0, 4, double.NaN })
        {
            using Plan<float> plan = Plan<float>.Compile(runtime, store, [table.Gather(Tensor.Constant([1], [index]))]);
            ElboException error = Assert.Throws<ElboException>(() => plan.Run());
            Assert.Contains("rows 0 to 3", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(100, 784)]
    [InlineData(784, 100)]
    [InlineData(3, 5)]
    [InlineData(1, 40)]
    [InlineData(2000, 3)]
    public void Transposed_reads_match(int rows, int columns)
    {
        Tensor x = Tensor.Input("x", [2, rows, columns]);
        Check([x.Transpose([0, 2, 1]) * 2.0, x.Transpose([2, 0, 1]) + 1.0, x.Transpose([2, 1, 0]).Exp()], x, Draw(5, 2 * rows * columns));
    }

    private static double[] Draw(ulong seed, int count)
    {
        double[] values = new double[count];
        new RandomStream(seed).FillNormal(values);
        return values;
    }

    private static void Check(Tensor[] outputs, Tensor input, double[] values)
    {
        double[][] expected = ReferenceEvaluator.Evaluate(outputs, new Dictionary<Tensor, double[]> { [input] = values });
        foreach (int threads in new[] { 1, 3 })
        {
            using Runtime runtime = new(threads);
            using VariableStore<double> store = new();
            using Plan<double> plan = Plan<double>.Compile(runtime, store, outputs);
            values.CopyTo(plan.Input(input));
            plan.Run();
            for (int i = 0; i < outputs.Length; i++)
            {
                ReadOnlySpan<double> actual = plan.Output(i);
                for (int j = 0; j < actual.Length; j++)
                    Assert.True(Math.Abs(expected[i][j] - actual[j]) <= 1e-12 * (1 + Math.Abs(expected[i][j])), $"output {i}, element {j}: {actual[j]}, expected {expected[i][j]}, {threads} threads");
            }
        }
    }
}
