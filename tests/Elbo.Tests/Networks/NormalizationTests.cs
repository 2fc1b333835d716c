using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Tests.Networks;

public class NormalizationTests
{
    [Fact]
    public void Batch_normalisation_uses_the_batch_and_moves_the_running_statistics()
    {
        BatchNormalization layer = new("n", [2]);
        double[] y = LayerRunner.Run(layer, [3, 2], [1, 10, 2, 10, 6, 40], true, out Dictionary<string, double[]> after);
        // Column one: mean 3, biased variance 14/3, unbiased 7; column two: mean 20, biased 200, unbiased 300.
        double first = Math.Sqrt(14.0 / 3 + 1e-5), second = Math.Sqrt(200 + 1e-5);
        double[] expected = [-2 / first, -10 / second, -1 / first, -10 / second, 3 / first, 20 / second];
        for (int i = 0; i < 6; i++) Assert.Equal(expected[i], y[i], 1e-12);
        Assert.Equal(0.3, after["n.runningMean"][0], 1e-12);
        Assert.Equal(2.0, after["n.runningMean"][1], 1e-12);
        Assert.Equal(0.9 + 0.7, after["n.runningVariance"][0], 1e-12);
        Assert.Equal(0.9 + 30, after["n.runningVariance"][1], 1e-12);
    }

    [Fact]
    public void In_evaluation_batch_normalisation_uses_the_running_statistics_and_leaves_them()
    {
        double[] y = LayerRunner.Run(new BatchNormalization("n", [1]), [2, 1], [3, 5], false, out Dictionary<string, double[]> after);
        Assert.Equal(3 / Math.Sqrt(1 + 1e-5), y[0], 1e-12);
        Assert.Equal([1.0], after["n.runningVariance"]);
    }

    [Fact]
    public void Images_are_normalised_by_channel()
    {
        double[] y = LayerRunner.Run(new BatchNormalization("n", [2, 1, 2]), [2, 2, 1, 2], [1, 2, 10, 20, 3, 4, 30, 40], true);
        for (int channel = 0; channel < 2; channel++)
        {
            double[] values = [y[channel * 2], y[channel * 2 + 1], y[4 + channel * 2], y[5 + channel * 2]];
            Assert.Equal(0, values.Average(), 1e-12);
            Assert.Equal(1, values.Average(value => value * value), 1e-4);
        }
    }

    [Fact]
    public void A_layer_applied_twice_in_one_step_moves_the_statistics_twice()
    {
        BatchNormalization layer = new("n", [1]);
        double[] _ = LayerRunner.Run(new Sequential([1], layer, layer.Shared()), [2, 1], [0, 2], true, out Dictionary<string, double[]> after);
        // First the mean 1, then the mean 0 of what is already normalised: 0.9·(0.9·0 + 0.1·1) + 0.1·0.
        Assert.Equal(0.09, after["n.runningMean"][0], 1e-12);
    }

    [Fact]
    public void Layer_normalisation_works_on_each_row_alone()
    {
        double[] y = LayerRunner.Run(new LayerNormalization("n", [2]), [2, 2], [1, 3, -50, -10]);
        Assert.Equal(-1 / Math.Sqrt(1 + 1e-5), y[0], 1e-12);
        Assert.Equal(1 / Math.Sqrt(1 + 1e-5), y[1], 1e-12);
        Assert.Equal(20 / Math.Sqrt(400 + 1e-5), y[3], 1e-12);
    }

    [Fact]
    public void Dropout_keeps_the_mean_in_training_and_does_nothing_else()
    {
        double[] x = [.. Enumerable.Repeat(1.0, 20_000)];
        double[] y = LayerRunner.Run(new Dropout(0.25, [1000]), [20, 1000], x, true);
        Assert.Equal([0, 1 / 0.75], y.Distinct().Order());
        // 20,000 draws: the standard error of the share of zeros is 0.003.
        Assert.InRange(y.Count(value => value == 0) / 20_000.0, 0.235, 0.265);
        Assert.Equal(x, LayerRunner.Run(new Dropout(0.25, [1000]), [20, 1000], x, false));
    }

    [Fact]
    public void Gates_and_ways_around_do_their_arithmetic()
    {
        Layer Double(string name) => new Dense(name, 1, 1, Initializer.Values(2), Initializer.Values(1));
        Assert.Equal(3 + 7, LayerRunner.Run(new Residual(Double("a")), [1, 1], [3])[0], 1e-12);
        Assert.Equal(7 / (1 + Math.Exp(-7)), LayerRunner.Run(new Gated(Double("a"), Double("b")), [1, 1], [3])[0], 1e-12);
    }
}

internal static class SharedLayer
{
    /// <summary>The same layer again without declaring its parameters twice.</summary>
    public static Layer Shared(this Layer layer) => new Again(layer);

    private sealed class Again(Layer layer) : Layer
    {
        public override Shape OutputShape => layer.OutputShape;

        public override Tensor Apply(Tensor x, LayerContext context) => layer.Apply(x, context);
    }
}
