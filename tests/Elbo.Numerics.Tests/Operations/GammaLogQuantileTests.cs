namespace Elbo.Numerics.Tests.Operations;

/// <summary>The quantile of the Gamma distribution and its implicit gradient.</summary>
public class GammaLogQuantileTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(2.0)]
    [InlineData(3.0)]
    public void Whole_shapes_agree_with_the_Erlang_distribution(double a)
    {
        foreach (double u in new[] { 1e-12, 1e-4, 0.03, 0.3, 0.5, 0.8, 0.999, 1 - 1e-10 })
        {
            double z = Math.Exp(IncompleteGamma.LogQuantile(a, u));
            // 1 − P = e⁻ᶻ Σ zᵏ/k!.
            double upper = Math.Exp(-z) * Enumerable.Range(0, (int)a).Sum(k => Math.Pow(z, k) / (k == 2 ? 2 : 1));
            Assert.Equal(1 - u, upper, (1 - u) * 1e-9);
        }
    }

    [Fact]
    public void A_half_is_the_square_of_a_normal_draw()
    {
        // z = x²/2 with x ~ N(0, 1): P(½, z) = erf(√z).
        foreach (double u in new[] { 1e-9, 0.01, 0.2, 0.7, 0.99, 1 - 1e-9 })
            Assert.Equal(u, SpecialFunctions.Erf(Math.Exp(0.5 * IncompleteGamma.LogQuantile(0.5, u))), 1e-13);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(1.7)]
    [InlineData(12.5)]
    [InlineData(150.0)]
    [InlineData(1e4)]
    [InlineData(1e6)]
    public void The_inverse_undoes_the_distribution_function_and_the_slope_is_its_difference(double a)
    {
        foreach (double u in new[] { 1e-7, 0.02, 0.4, 0.5, 0.75, 0.98, 1 - 1e-7 })
        {
            double w = IncompleteGamma.LogQuantile(a, u);
            double p = MathNet.Numerics.SpecialFunctions.GammaLowerRegularized(a, Math.Exp(w));
            // MathNet's own error grows with a; for small shapes it gives 0 for small P.
            if (a is >= 1 and <= 200) Assert.Equal(u, p, 1e-10);
            double step = a * 1e-4, slope = IncompleteGamma.LogQuantileSlope(a, w);
            double difference = (8 * (IncompleteGamma.LogQuantile(a + step, u) - IncompleteGamma.LogQuantile(a - step, u))
                - IncompleteGamma.LogQuantile(a + 2 * step, u) + IncompleteGamma.LogQuantile(a - 2 * step, u)) / (12 * step);
            Assert.True(Math.Abs(difference - slope) <= Math.Abs(slope) * (a > 1e5 ? 1e-4 : 1e-7), $"a = {a}, u = {u}: slope {slope}, difference {difference}");
        }
    }

    [Fact]
    public void Shapes_so_small_that_the_draw_underflows_still_have_a_logarithm()
    {
        // As z → 0, P = zᵃ/Γ(a + 1).
        double w = IncompleteGamma.LogQuantile(1e-4, 0.5);
        Assert.Equal((Math.Log(0.5) + SpecialFunctions.LogGamma(1 + 1e-4)) / 1e-4, w, 1e-6);
        Assert.Equal(0, Math.Exp(w));
        Assert.True(double.IsNaN(IncompleteGamma.LogQuantile(0, 0.5)));
        Assert.True(double.IsNaN(IncompleteGamma.LogQuantile(1, 1)));
    }

    [Fact]
    public void The_graph_differentiates_in_both_arguments()
    {
        Tensor shape = Tensor.Constant([3], [0.4, 2.0, 30.0]), probability = Tensor.Constant([3], [0.3, 0.6, 0.9]);
        Tensor sum = shape.GammaLogQuantile(probability).Sum();
        double[][] values = ReferenceEvaluator.Evaluate(sum.Gradients(shape, probability), new Dictionary<Tensor, double[]>());
        double[] a = [0.4, 2.0, 30.0], u = [0.3, 0.6, 0.9];
        for (int i = 0; i < 3; i++)
        {
            const double step = 1e-5;
            Assert.Equal((IncompleteGamma.LogQuantile(a[i] + step, u[i]) - IncompleteGamma.LogQuantile(a[i] - step, u[i])) / (2 * step), values[0][i], 1e-6);
            Assert.Equal((IncompleteGamma.LogQuantile(a[i], u[i] + step) - IncompleteGamma.LogQuantile(a[i], u[i] - step)) / (2 * step), values[1][i], 1e-6);
        }
    }

    [Fact]
    public void A_compiled_plan_computes_what_the_reference_does()
    {
        Variable shape = new("shape", [5]), probability = new("probability", [5]);
        Tensor quantile = shape.Value.GammaLogQuantile(probability) * 2.0;
        Tensor gradient = quantile.Sum().Gradients(shape.Value)[0];
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        double[] a = [0.2, 0.9, 1.5, 8, 300], u = [0.9, 0.5, 0.01, 0.7, 0.3];
        a.CopyTo(store[shape]);
        u.CopyTo(store[probability]);
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [quantile, gradient]);
        plan.Run();
        for (int i = 0; i < 5; i++)
        {
            double w = IncompleteGamma.LogQuantile(a[i], u[i]);
            Assert.Equal(2 * w, plan.Output(0)[i], 1e-14);
            Assert.Equal(2 * IncompleteGamma.LogQuantileSlope(a[i], w), plan.Output(1)[i], 1e-14);
        }
    }
}
