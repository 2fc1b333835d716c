using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Tests.Networks;

public class InitializerTests
{
    [Theory]
    [InlineData("glorot-uniform", 0.005)] // 2/(100 + 300)
    [InlineData("glorot-normal", 0.005)]
    [InlineData("he-uniform", 0.02)] // 2/100
    [InlineData("he-normal", 0.02)]
    [InlineData("lecun-uniform", 0.01)]
    [InlineData("lecun-normal", 0.01)]
    [InlineData("kaiming-uniform", 1.0 / 300)]
    [InlineData("normal(0.1)", 0.01)]
    [InlineData("uniform(0.3)", 0.03)]
    public void Draws_have_mean_zero_and_the_papers_variance(string name, double variance)
    {
        double[] values = Draw(Initializer.Parse(name), [100, 300]);
        double mean = values.Average(), actual = values.Average(value => value * value);
        // 30,000 draws: the standard error of the variance is at most √(2/30000), 0.8 %.
        Assert.InRange(actual / variance, 0.96, 1.04);
        Assert.InRange(mean / Math.Sqrt(variance), -0.03, 0.03);
        Assert.Equal(30_000, values.Distinct().Count());
    }

    [Fact]
    public void Uniform_draws_stay_inside_their_bound_and_reach_it()
    {
        double[] values = Draw(Initializer.KaimingUniform, [25, 400]);
        Assert.InRange(values.Max(), 0.199, 0.2);
        Assert.InRange(values.Min(), -0.2, -0.199);
    }

    [Fact]
    public void Filters_count_their_window_in_the_fan()
    {
        Parameter filters = new("f", [8, 3, 5, 5], Initializer.Zeros);
        Assert.Equal(75, filters.FanIn);
        Assert.Equal(200, filters.FanOut);
    }

    [Theory]
    [InlineData("zeros")]
    [InlineData("ones")]
    [InlineData("constant(-2.5)")]
    [InlineData("normal(0.01)")]
    [InlineData("uniform(0.1)")]
    [InlineData("glorot-uniform")]
    [InlineData("kaiming-uniform")]
    public void The_written_form_reads_back(string text) => Assert.Equal(text, InitializerNames.Write(Initializer.Parse(text)));

    [Theory]
    [InlineData("glorot-unifrom", "'glorot-unifrom' is not an initializer; did you mean 'glorot-uniform'?")]
    [InlineData("normal", "The initializer 'normal' needs one number in parentheses, as in 'normal(0.01)'.")]
    [InlineData("normal(x)", "The initializer 'normal(x)' needs one number in parentheses, as in 'normal(0.01)'.")]
    [InlineData("normal(-1)", "The initializer 'normal(-1)' does not fit: its number must be at least 0 and finite.")]
    public void A_name_that_does_not_fit_is_refused_with_the_remedy(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ElboException>(() => Initializer.Parse(text)).Message);

    [Fact]
    public void Another_layer_changes_no_parameters_start()
    {
        Parameter a = new("a", [5], Initializer.Normal(1)), b = new("b", [5], Initializer.Normal(1));
        using VariableStore<double> alone = new(), together = new();
        new[] { b }.Initialize(alone, new RandomStream(7));
        new[] { a, b }.Initialize(together, new RandomStream(7));
        Assert.Equal(alone[b.Variable].ToArray(), together[b.Variable].ToArray());
        Assert.NotEqual(together[a.Variable].ToArray(), together[b.Variable].ToArray());
    }

    [Fact]
    public void Given_values_are_taken_and_counted()
    {
        Assert.Equal([1.5, -2], Draw(Initializer.Values(1.5, -2), [2]));
        Assert.Contains("2 were given", Assert.Throws<ArgumentException>(() => Draw(Initializer.Values(1, 2), [3])).Message);
    }

    [Fact]
    public void Two_parameters_of_one_name_are_refused()
    {
        using VariableStore<double> store = new();
        Parameter[] parameters = [new("w", [1], Initializer.Zeros), new("w", [1], Initializer.Zeros)];
        Assert.Throws<ArgumentException>(() => parameters.Initialize(store, new RandomStream(1)));
    }

    private static double[] Draw(Initializer initializer, Shape shape)
    {
        Parameter parameter = new("p", shape, initializer);
        using VariableStore<double> store = new();
        new[] { parameter }.Initialize(store, new RandomStream(3));
        return store[parameter.Variable].ToArray();
    }
}
