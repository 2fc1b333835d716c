namespace Elbo.Numerics.Tests.LinearAlgebra;

public class VectorMathTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void Functions_of_spans_are_those_of_numbers(int count)
    {
        double[] x = [.. Enumerable.Range(0, count).Select(static i => 0.1 + 0.7 * i)], result = new double[count];
        VectorMath.Exp(x, result);
        for (int i = 0; i < count; i++) Assert.Equal(Math.Exp(x[i]), result[i], 4e-16 * result[i]);
        VectorMath.Log(x, result);
        for (int i = 0; i < count; i++) Assert.Equal(Math.Log(x[i]), result[i], 1e-15);
        VectorMath.Log(x, x);
        Assert.Equal(result, x);
    }

    [Fact]
    public void Gamma_and_its_slope_take_their_known_values()
    {
        double[] result = new double[3];
        VectorMath.LogGamma([1, 0.5, 10], result);
        Assert.Equal(0, result[0], 1e-15);
        Assert.Equal(0.5 * Math.Log(Math.PI), result[1], 1e-15);
        Assert.Equal(Math.Log(362880), result[2], 1e-14);
        VectorMath.Digamma([1, 0.5, 2], result);
        Assert.Equal(-0.57721566490153286, result[0], 1e-15);
        Assert.Equal(-1.9635100260214235, result[1], 1e-14);
        Assert.Equal(0.42278433509846714, result[2], 1e-15);
    }

    [Fact]
    public void Logs_of_sums_neither_overflow_nor_underflow()
    {
        Assert.Equal(1000 + Math.Log(3), VectorMath.LogSumExp([1000, 1000, 1000]), 1e-12);
        Assert.Equal(-1e5 + Math.Log(2), VectorMath.LogSumExp([-1e5, -1e5, double.NegativeInfinity]), 1e-10);
        Assert.Equal(double.NegativeInfinity, VectorMath.LogSumExp([]));
        Assert.Equal(double.NegativeInfinity, VectorMath.LogSumExp([double.NegativeInfinity]));
        Assert.True(double.IsNaN(VectorMath.LogSumExp([1, double.NaN])));
    }

    [Fact]
    public void Log_weights_become_shares()
    {
        double[] shares = [Math.Log(1) + 800, Math.Log(3) + 800, double.NegativeInfinity];
        Assert.Equal(Math.Log(4) + 800, VectorMath.NormalizeLogWeights(shares), 1e-12);
        Assert.Equal(0.25, shares[0], 1e-12);
        Assert.Equal(0.75, shares[1], 1e-12);
        Assert.Equal(0, shares[2]);
        double[] nothing = [double.NegativeInfinity, double.NegativeInfinity];
        Assert.Equal(double.NegativeInfinity, VectorMath.NormalizeLogWeights(nothing));
        Assert.Equal([0, 0], nothing);
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused() => Assert.Throws<ArgumentException>(static () => VectorMath.Exp(new double[3], new double[2]));
}
