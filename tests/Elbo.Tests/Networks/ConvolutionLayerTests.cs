using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Tests.Networks;

public class ConvolutionLayerTests
{
    [Fact]
    public void A_convolution_is_a_correlation_plus_a_bias_for_each_filter()
    {
        Convolution layer = new("c", [1, 3, 3], 2, 2, 1, 0, Initializer.Values(1, 2, 3, 4, 0, 0, 0, 1), Initializer.Values(10, 100));
        double[] y = LayerRunner.Run(layer, [1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Assert.Equal([10 + 37, 10 + 47, 10 + 67, 10 + 77, 105, 106, 108, 109], y);
    }

    [Theory]
    [InlineData(7, 6, 3, 2)] // 7 and 6 both map to 4 and 3: the two sides need different output paddings
    [InlineData(8, 8, 4, 2)]
    [InlineData(9, 11, 4, 3)]
    [InlineData(5, 5, 3, 1)]
    public void The_transposed_layer_is_the_adjoint_of_the_convolution_at_every_size(int height, int width, int kernel, int stride)
    {
        const int seed = 17;
        Random random = new(seed);
        double[] weight = Draw(random, 3 * 2 * kernel * kernel);
        Convolution forward = new("c", [2, height, width], 3, kernel, stride, null, Initializer.Values(weight));
        TransposedConvolution backward = new("t", forward.OutputShape, 2, kernel, stride, null, height, width, Initializer.Values(weight));
        double[] x = Draw(random, 2 * height * width), y = Draw(random, forward.OutputShape.ElementCount);
        double left = Dot(LayerRunner.Run(forward, [1, 2, height, width], x), y);
        double right = Dot(x, LayerRunner.Run(backward, [1, .. forward.OutputShape], y));
        Assert.True(Math.Abs(left - right) < 1e-12 * Math.Max(1, Math.Abs(left)), $"seed {seed}: <Cx, y> = {left:R}, <x, Cᵀy> = {right:R}");
    }

    [Fact]
    public void A_size_no_convolution_maps_there_is_refused_with_those_that_would_do()
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(() => new TransposedConvolution("t", [3, 4, 4], 1, 3, 2, null, 9, 7));
        Assert.Contains("heights 7 to 8 and widths 7 to 8 would do", failure.Message);
    }

    [Fact]
    public void Pooling_keeps_the_largest_or_the_mean()
    {
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        Assert.Equal([6, 8, 14, 16], LayerRunner.Run(new Pooling(PoolingType.Maximum, [1, 4, 4], 2), [1, 1, 4, 4], x));
        Assert.Equal([3.5, 5.5, 11.5, 13.5], LayerRunner.Run(new Pooling(PoolingType.Average, [1, 4, 4], 2), [1, 1, 4, 4], x));
    }

    private static double[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
