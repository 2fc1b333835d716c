using Elbo.Distributions;
using Elbo.Inference;
using Elbo.Numerics;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Distributions;

/// <summary>The families that exist for guides: equal to what they abbreviate, and densities that belong to their draws.</summary>
public class LowRankAndFlowTests
{
    [Fact]
    public void A_low_rank_normal_is_the_normal_with_its_covariance()
    {
        // Two members of a batch, three dimensions, two directions.
        RandomStream stream = new(4);
        double[] mean = [.. Enumerable.Range(0, 6).Select(i => stream.Normal((ulong)i))];
        double[] scale = [.. Enumerable.Range(0, 6).Select(i => 0.4 + stream.Uniform((ulong)(10 + i)))];
        double[] factor = [.. Enumerable.Range(0, 12).Select(i => stream.Normal((ulong)(20 + i)))];
        LowRankNormal low = new(Matrix(2, mean), Matrix(2, scale), Tensor.Constant([2, 3, 2], factor));
        Tensor w = Tensor.Constant([2, 3, 2], factor);
        MultivariateNormal full = new(Matrix(2, mean), (w.MatMul(w, transposeOther: true) + Matrix(2, scale).Square().DiagonalMatrix()).Cholesky());
        double[] points = [.. Enumerable.Range(0, 4 * 6).Select(i => 2 * stream.Normal((ulong)(50 + i)))];
        Tensor value = Tensor.Constant([4, 2, 3], points);
        Close(Value(full.LogDensity(value)), Value(low.LogDensity(value)), 1e-12, "density");
        Close(Value(full.Entropy()), Value(low.Entropy()), 1e-12, "entropy");

        // The draws have that covariance: E ln p = −entropy only if they do.
        const int draws = 40_000;
        (Tensor sample, Tensor logDensity) = low.SampleWithLogDensity(1, draws);
        double[][] values = Evaluate(6, logDensity, sample);
        double[] entropy = Value(low.Entropy());
        for (int b = 0; b < 2; b++)
        {
            // ln p = const − ½χ²₃, so its variance is 3/2.
            double average = Enumerable.Range(0, draws).Average(i => values[0][2 * i + b]);
            Assert.True(Math.Abs(average + entropy[b]) < 4.5 * Math.Sqrt(1.5 / draws), $"seed 6: E ln p = {average}, −entropy {-entropy[b]}");
        }
    }

    [Fact]
    public void A_low_rank_normal_of_the_wrong_shapes_is_refused() =>
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => new LowRankNormal(Vector(0, 0, 0), Vector(1, 1, 1), Tensor.Full([2, 1], 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_coupling_flow_gives_its_draws_the_density_it_gives_to_points()
    {
        FlowDistribution flow = (FlowDistribution)Build(new CouplingFlowGuide(3, 5), 3, 0.8);
        (Tensor sample, Tensor atDraws) = flow.SampleWithLogDensity(1, 200);
        double[][] values = Evaluate(8, atDraws, flow.LogDensity(sample.StopGradient()), sample);
        Close(values[0], values[1], 1e-10, "density");
        Normal start = Normal.Standard([3]);
        double[] plain = Value(start.LogDensity(Tensor.Constant([200, 3], values[2])));
        Assert.True(values[0].Zip(plain, (a, b) => Math.Abs(a - b)).Max() > 0.1, "the layers do something");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_density_of_a_flow_is_that_of_its_base_over_the_slope_of_the_map(bool planar)
    {
        // The determinant by central differences of the map, in two dimensions.
        FlowDistribution flow = (FlowDistribution)Build(planar ? new PlanarFlowGuide(4) : new CouplingFlowGuide(4, 6), 2, 1.5);
        Tensor noise = Tensor.Input("noise", [1, 2]);
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [flow.Reparameterize(noise)]);
        double[] Map(double x, double y)
        {
            plan.Input(noise)[0] = x;
            plan.Input(noise)[1] = y;
            plan.Run();
            return plan.Output(0).ToArray();
        }

        (Tensor value, Tensor density) = flow.SampleWithLogDensity(1, 20);
        double[][] drawn = Evaluate(9, flow.Noise(1, 20), density, value);
        for (int i = 0; i < 20; i++)
        {
            double x = drawn[0][2 * i], y = drawn[0][2 * i + 1];
            const double step = 1e-5;
            double[] right = Map(x + step, y), left = Map(x - step, y), up = Map(x, y + step), down = Map(x, y - step);
            double determinant = ((right[0] - left[0]) * (up[1] - down[1]) - (up[0] - down[0]) * (right[1] - left[1])) / (4 * step * step);
            double expected = -Math.Log(2 * Math.PI) - 0.5 * (x * x + y * y) - Math.Log(Math.Abs(determinant));
            Assert.Equal(expected, drawn[1][i], 1e-4);
            Close(Map(x, y), [drawn[2][2 * i], drawn[2][2 * i + 1]], 1e-12, "draw");
        }
    }

    [Fact]
    public void What_a_flow_does_not_know_it_says()
    {
        Distribution planar = Build(new PlanarFlowGuide(2), 2, 1);
        Assert.Contains("inverse", Assert.Throws<NotSupportedException>(() => planar.LogDensity(Vector(0, 0))).Message, StringComparison.Ordinal);
        Assert.Contains("average", Assert.Throws<NotSupportedException>(() => planar.Mean).Message, StringComparison.Ordinal);
        Assert.Contains("average", Assert.Throws<NotSupportedException>(() => planar.Entropy()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gamma_and_beta_draws_of_tiny_shapes_stay_inside_their_range_in_float()
    {
        Gamma gamma = new(Vector(0.01, 0.05), Vector(1, 1));
        Beta beta = new(Vector(0.01, 0.05), Vector(0.02, 3));
        Tensor g = gamma.Sample(1, 5000), b = beta.Sample(2, 5000);
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        using Plan<float> plan = Plan<float>.Compile(runtime, store, [g, b, gamma.LogDensity(g), beta.LogDensity(b)]);
        plan.Run(new RandomStream(3));
        foreach (float x in plan.Output(0)) Assert.True(x > 0 && float.IsFinite(x));
        foreach (float x in plan.Output(1)) Assert.InRange(x, float.Epsilon, MathF.BitDecrement(1));
        for (int i = 2; i < 4; i++)
            foreach (float x in plan.Output(i)) Assert.True(float.IsFinite(x));
    }

    /// <summary>A guide's distribution with parameters drawn at random, around a standard normal base.</summary>
    private static Distribution Build(Guide guide, int size, double spread) => guide.Declare(Shape.Scalar, size).Build(parameter =>
    {
        if (parameter.Name is "guide.mean" or "guide.logScale") return Tensor.Full(parameter.Shape, 0);
        RandomStream stream = new RandomStream(21).Split((ulong)parameter.Name.Sum(c => c * 31));
        return Tensor.Constant(parameter.Shape, [.. Enumerable.Range(0, parameter.Shape.ElementCount).Select(i => spread * stream.Normal((ulong)i))]);
    });
}
