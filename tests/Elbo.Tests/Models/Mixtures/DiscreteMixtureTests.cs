using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using static Elbo.Tests.Models.Mixtures.FamilyProblems;

namespace Elbo.Tests.Models.Mixtures;

public sealed class DiscreteMixtureTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Fact]
    public void One_Bernoulli_component_has_the_shares_of_ones_and_their_entropy()
    {
        Observations rows = Observe([1, 0], [1, 1], [0, 0], [1, 0], [double.NaN, 1]);
        FitResult<BernoulliMixture> fit = BernoulliMixture.Fit(rows, new BernoulliMixtureOptions(), null, runtime);
        Assert.Equal(0.75, fit.Model.Probabilities[0, 0], 1e-15);
        Assert.Equal(0.4, fit.Model.Probabilities[0, 1], 1e-15);
        double expected = 3 * Math.Log(0.75) + Math.Log(0.25) + 2 * Math.Log(0.4) + 3 * Math.Log(0.6);
        Assert.Equal(expected / 5, fit.Elbo, 1e-14);
        Assert.Equal(-2 * expected + 2 * Math.Log(5), fit.Bic, 1e-12);
    }

    [Fact]
    public void One_Poisson_component_has_the_mean_counts()
    {
        Observations rows = Observe([0, 7], [3, double.NaN], [2, 2000], [3, 5]);
        FitResult<PoissonMixture> fit = PoissonMixture.Fit(rows, new PoissonMixtureOptions(), null, runtime);
        Assert.Equal(2, fit.Model.Rates[0, 0], 1e-14);
        Assert.Equal(2012.0 / 3, fit.Model.Rates[0, 1], 1e-10);
        double expected = 0;
        foreach ((double count, double rate) in new[] { (0.0, 2.0), (3, 2), (2, 2), (3, 2), (7, 2012.0 / 3), (2000, 2012.0 / 3), (5, 2012.0 / 3) })
        {
            expected += count * Math.Log(rate) - rate;
            for (int i = 2; i <= count; i++) expected -= Math.Log(i);
        }

        Assert.Equal(expected / 4, fit.Elbo, 1e-10);
    }

    [Fact]
    public void One_latent_class_has_the_shares_of_the_levels()
    {
        Observations rows = Observe([10, -1], [20, -1], [10, 0.5], [40, double.NaN]);
        FitResult<LatentClassModel> fit = LatentClassModel.Fit(rows, new LatentClassOptions(), null, runtime);
        Assert.Equal([10, 20, 40], fit.Model.Levels.Values(0).ToArray());
        Assert.Equal(["-1", "0.5"], fit.Model.Levels.Names(1));
        Assert.Equal([0.5, 0.25, 0.25], fit.Model.Probabilities(0).Values.ToArray());
        Assert.Equal((2 * Math.Log(0.5) + 2 * Math.Log(0.25) + 2 * Math.Log(2.0 / 3) + Math.Log(1.0 / 3)) / 4, fit.Elbo, 1e-14);
        Assert.Equal(3, fit.Model.FreeParameters);
    }

    [Fact]
    public void Free_parameters_are_those_of_poLCA()
    {
        // K Σ(L − 1) + K − 1 with levels 2, 3, 4.
        CategoryLevels levels = new([[0, 1], [0, 1, 2], [0, 1, 2, 3]]);
        Matrix probabilities = Matrix.FromRows([.5, .5, .2, .3, .5, .1, .2, .3, .4], [.5, .5, .2, .3, .5, .1, .2, .3, .4]);
        Assert.Equal(2 * 6 + 1, LatentClassModel.Create([0.5, 0.5], levels, probabilities).FreeParameters);
        Assert.Equal(2 * 3 + 1, BernoulliMixture.Create([0.5, 0.5], new Matrix(2, 3)).FreeParameters);
        Assert.Equal(2 * 3 + 1, PoissonMixture.Create([0.5, 0.5], new Matrix(2, 3)).FreeParameters);
    }

    [Fact]
    public void Missing_values_are_the_sum_over_their_completions()
    {
        CategoryLevels levels = new([[0, 1], [0, 1, 2], [5, 7, 9, 11]]);
        Matrix probabilities = Matrix.FromRows([.3, .7, .2, .3, .5, .1, .2, .3, .4], [.6, .4, .5, .3, .2, .4, .1, .4, .1]);
        LatentClassModel classes = LatentClassModel.Create([0.35, 0.65], levels, probabilities);
        double whole = 0;
        foreach (double a in (double[])[0, 1])
            foreach (double c in (double[])[5, 7, 9, 11]) whole += Math.Exp(LogDensity(classes, Observe([a, 2, c]), runtime)[0]);
        Assert.Equal(Math.Log(whole), LogDensity(classes, Observe([double.NaN, 2, double.NaN]), runtime)[0], 1e-14);
        Assert.Equal(0, LogDensity(classes, Observe([double.NaN, double.NaN, double.NaN]), runtime)[0], 1e-15);

        BernoulliMixture bits = BernoulliMixture.Create([0.35, 0.65], Matrix.FromRows([0.2, 0.9, 0.4], [0.7, 0.1, 0.6]));
        double sum = 0;
        foreach (double a in (double[])[0, 1])
            foreach (double b in (double[])[0, 1]) sum += Math.Exp(LogDensity(bits, Observe([a, 1, b]), runtime)[0]);
        Assert.Equal(Math.Log(sum), LogDensity(bits, Observe([double.NaN, 1, double.NaN]), runtime)[0], 1e-14);

        PoissonMixture counts = PoissonMixture.Create([0.35, 0.65], Matrix.FromRows([0.2, 9], [3, 1.5]));
        double tail = 0;
        for (int a = 0; a < 80; a++) tail += Math.Exp(LogDensity(counts, Observe([4, a]), runtime)[0]);
        Assert.Equal(Math.Log(tail), LogDensity(counts, Observe([4, double.NaN]), runtime)[0], 1e-13);
    }

    [Fact]
    public void Equal_rows_taken_together_give_the_answer_of_all_rows()
    {
        for (int problem = 0; problem < 20; problem++)
        {
            RandomStream random = new RandomStream(71).Split((ulong)problem);
            Observations rows = Rows("latent-class", random, 400, 4, weighted: problem % 2 == 0);
            LatentClassOptions options = new() { Components = 3, Start = (StartMethod)(problem % 3), Collapse = false };
            FitOptions fit = new() { MaxIterations = 25, Tolerance = 0, Seed = (ulong)problem };
            FitResult<LatentClassModel> all = LatentClassModel.Fit(rows, options, fit, runtime), different = LatentClassModel.Fit(rows, options with { Collapse = true }, fit, runtime);
            for (int i = 0; i < all.Bounds.Count; i++) Assert.Equal(all.Bounds[i], different.Bounds[i], 1e-12);
            foreach (((string name, Elbo.Storage.NumericArray one), (_, Elbo.Storage.NumericArray other)) in all.Model.Parameters.Zip(different.Model.Parameters))
                foreach ((double a, double b) in one.ToDouble().Zip(other.ToDouble())) Assert.True(Math.Abs(a - b) <= 1e-12, $"problem {problem}, {name}: {a:R} {b:R}");
        }
    }

    [Fact]
    public void Probabilities_keep_to_the_regularization_by_the_best_that_is_allowed()
    {
        double[] result = new double[4];
        CategoricalComponents.Estimate([90, 9.5, 0.5, 0], 0.01, result);
        // Two levels stand at the limit, the others share the rest in proportion.
        Assert.Equal([0.98 * 90 / 99.5, 0.98 * 9.5 / 99.5, 0.01, 0.01], result.Select(static value => Math.Round(value, 15)).ToArray(), (a, b) => Math.Abs(a - b) < 1e-14);
        double best = Score(result);
        RandomStream random = new(13);
        for (int i = 0; i < 200; i++)
        {
            double[] other = new double[4];
            for (int l = 0; l < 4; l++) other[l] = 0.01 + 0.96 * random.Split((ulong)i).Uniform((ulong)l);
            double sum = other.Sum(static value => value - 0.01);
            for (int l = 0; l < 4; l++) other[l] = 0.01 + 0.96 * (other[l] - 0.01) / sum;
            Assert.True(Score(other) <= best + 1e-12, $"draw {i}");
        }

        static double Score(double[] p) => 90 * Math.Log(p[0]) + 9.5 * Math.Log(p[1]) + 0.5 * Math.Log(p[2]);
    }

    [Fact]
    public void Categories_are_filled_in_by_the_most_probable()
    {
        CategoryLevels levels = new([[0, 1], [1, 2, 9]]);
        LatentClassModel model = LatentClassModel.Create([0.5, 0.5], levels, Matrix.FromRows([.9, .1, .1, .5, .4], [.1, .9, .45, .05, .5]));
        // Given x0 = 0 the classes are at 0.9 and 0.1: 0.135, 0.455, 0.41. Given 1: 0.415, 0.095, 0.49.
        Matrix filled = model.Impute(Observe([0, double.NaN], [1, double.NaN]), null, runtime);
        Assert.Equal([0, 2, 1, 9], filled.Values.ToArray());
        Matrix drawn = model.Impute(Observations.FromMatrix("many", new Matrix(4000, 2, [.. Enumerable.Range(0, 8000).Select(static i => i % 2 == 0 ? 0 : double.NaN)])), new RandomStream(8), runtime);
        Assert.InRange(Enumerable.Range(0, 4000).Count(n => drawn[n, 1] == 2) / 4000.0, 0.455 - 0.04, 0.455 + 0.04);
    }

    [Theory]
    [InlineData("bernoulli", 2, "Row 3, column 'x1' of 'bad' is 2")]
    [InlineData("bernoulli", 0.5, "Row 3, column 'x1' of 'bad' is 0.5")]
    [InlineData("poisson", -1, "Row 3, column 'x1' of 'bad' is -1")]
    [InlineData("poisson", 1.5, "Row 3, column 'x1' of 'bad' is 1.5")]
    public void A_value_that_is_none_is_refused_by_row_column_and_value(string family, double value, string expected)
    {
        Observations rows = Observations.FromMatrix("bad", Matrix.FromRows([1, 0], [0, 1], [1, 1], [0, value]));
        Assert.StartsWith(expected, Assert.Throws<ElboException>(() => Fit(family, rows, 2, new FitOptions(), runtime)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_that_is_none_is_refused_when_rows_are_scored()
    {
        LatentClassModel model = LatentClassModel.Fit(Observe([0, 1], [1, 2], [1, 1]), new LatentClassOptions(), null, runtime).Model;
        string message = Assert.Throws<ElboException>(() => LogDensity(model, Observe([0, 1], [0, 3]), runtime)).Message;
        Assert.Equal("Row 1, column 'x1' of 'rows' is 3; the levels of this column are 1, 2.", message);
    }

    [Fact]
    public void An_emptied_component_is_named_and_nothing_becomes_NaN()
    {
        Dictionary<string, Elbo.Storage.NumericArray> start = new() { ["rates"] = Elbo.Storage.NumericArray.From<double>([1.0, 1e6], 2, 1) };
        FitResult<PoissonMixture> fit = PoissonMixture.Fit(Observe([0.0], [1.0], [2.0]), new PoissonMixtureOptions { Components = 2, StartParameters = start }, null, runtime);
        Assert.Contains("Component 1 lost all its rows", fit.Explanation, StringComparison.Ordinal);
        Assert.Equal(1, fit.Model.Rates[0, 0], 1e-12);
        Assert.All(fit.Model.Encode(Observe([0.0], [double.NaN]), runtime).Values.ToArray(), static value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Another_family_or_size_to_start_from_is_refused_with_both_named()
    {
        PoissonMixture poisson = PoissonMixture.Create([0.5, 0.5], new Matrix(2, 2));
        Observations rows = Observe([0, 1], [1, 0], [1, 1]);
        string family = Assert.Throws<ElboException>(() => BernoulliMixture.Fit(rows, new BernoulliMixtureOptions { Components = 2, StartModel = poisson }, null, runtime)).Message;
        Assert.Contains("poisson-mixture", family, StringComparison.Ordinal);
        Assert.Contains("bernoulli-mixture", family, StringComparison.Ordinal);
        Assert.Throws<ElboException>(() => PoissonMixture.Fit(rows, new PoissonMixtureOptions { Components = 3, StartModel = poisson }, null, runtime));
        Assert.Throws<ElboException>(() => PoissonMixture.Fit(rows, new PoissonMixtureOptions { Components = 2, StartParameters = new Dictionary<string, Elbo.Storage.NumericArray> { ["means"] = Elbo.Storage.NumericArray.From<double>([1, 1, 1, 1], 2, 2) } }, null, runtime));
    }
}
