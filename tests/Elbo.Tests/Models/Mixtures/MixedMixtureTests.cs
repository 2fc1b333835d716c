using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;
using static Elbo.Tests.Models.Mixtures.FamilyProblems;

namespace Elbo.Tests.Models.Mixtures;

public sealed class MixedMixtureTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Fact]
    public void One_component_is_the_sum_of_its_families()
    {
        Observations rows = Rows("mixed", new RandomStream(41), 80, 5);
        FitOptions options = new() { MaxIterations = 3000, Tolerance = 1e-13 };
        FitResult<MixedMixture> fit = MixedMixture.Fit(rows, new MixedMixtureOptions { Families = MixedFamilies(5) }, options, runtime);
        double sum = GaussianMixture.Fit(Column(rows, 0), new GaussianMixtureOptions { Covariance = CovarianceKind.Diagonal }, options, runtime).Elbo
            + BernoulliMixture.Fit(Column(rows, 1), new BernoulliMixtureOptions(), options, runtime).Elbo
            + PoissonMixture.Fit(Column(rows, 2), new PoissonMixtureOptions(), options, runtime).Elbo
            + LatentClassModel.Fit(Column(rows, 3), new LatentClassOptions(), options, runtime).Elbo
            + StudentMixture.Fit(Column(rows, 4), new StudentMixtureOptions { Scale = CovarianceKind.Diagonal }, options, runtime).Elbo;
        Assert.Equal(sum, fit.Elbo, 1e-8);
        Assert.Equal(2 + 1 + 1 + (fit.Model.Levels!.Total - 1) + 3, fit.Model.FreeParameters);
    }

    [Fact]
    public void Columns_of_one_family_are_the_mixture_of_that_family()
    {
        Observations rows = Rows("bernoulli", new RandomStream(43), 90, 4);
        NumericArray weights = NumericArray.From<double>([0.5, 0.5], 2), probabilities = NumericArray.From<double>([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.6, 0.9], 2, 4);
        FitOptions options = new() { MaxIterations = 20, Tolerance = 0 };
        FitResult<BernoulliMixture> bits = BernoulliMixture.Fit(rows, new BernoulliMixtureOptions { Components = 2, StartParameters = new Dictionary<string, NumericArray> { ["weights"] = weights, ["probabilities"] = probabilities } }, options, runtime);
        MixedMixtureOptions mixedOptions = new() { Components = 2, Families = [.. Enumerable.Repeat(ColumnFamily.Bernoulli, 4)], StartParameters = new Dictionary<string, NumericArray> { ["weights"] = weights, ["bernoulli.probabilities"] = probabilities } };
        FitResult<MixedMixture> mixed = MixedMixture.Fit(rows, mixedOptions, options, runtime);
        for (int i = 0; i < bits.Bounds.Count; i++) Assert.Equal(bits.Bounds[i], mixed.Bounds[i], 1e-12);
    }

    [Fact]
    public void Two_groups_are_told_apart_by_all_columns_together()
    {
        const int count = 400;
        RandomStream random = new(44);
        Matrix values = new(count, 3);
        for (int n = 0; n < count; n++)
        {
            int group = n % 2;
            RandomStream row = random.Split((ulong)n);
            values[n, 0] = row.Normal(0) + 3 * group;
            values[n, 1] = row.Uniform(10) < 0.15 + 0.7 * group ? 5 : 2;
            values[n, 2] = row.Uniform(11) < 0.85 ? group : 1 - group;
        }

        MixedMixtureOptions options = new() { Components = 2, Families = [ColumnFamily.Normal, ColumnFamily.Categorical, ColumnFamily.Bernoulli] };
        FitResult<MixedMixture> fit = MixedMixture.Fit(Observations.FromMatrix("groups", values), options, new FitOptions { Restarts = 3 }, runtime);
        Matrix codes = fit.Model.Encode(Observations.FromMatrix("groups", values), runtime);
        int agreed = Enumerable.Range(0, count).Count(n => (codes[n, 1] > 0.5) == (n % 2 == 1));
        Assert.InRange(Math.Max(agreed, count - agreed), 370, count);

        // What is missing is explained by what is there: categories by the most probable, the rest by the mean.
        Matrix filled = fit.Model.Impute(Observe([4, double.NaN, 1], [-1, double.NaN, 0]), null, runtime);
        Assert.Equal(5, filled[0, 1]);
        Assert.Equal(2, filled[1, 1]);
        Assert.All(fit.Model.Reconstruct(Observe([4, 2, 1]), runtime).Values[1..2].ToArray(), static level => Assert.True(level is 2 or 5));
    }

    [Fact]
    public void A_bad_value_is_refused_by_the_name_of_its_column_among_all()
    {
        MixedMixtureOptions options = new() { Families = [ColumnFamily.Normal, ColumnFamily.Poisson] };
        Observations rows = Observations.FromMatrix("bad", Matrix.FromRows([0.5, 1], [1.5, 2], [2.5, -1]), ["height", "visits"]);
        string message = Assert.Throws<ElboException>(() => MixedMixture.Fit(rows, options, null, runtime)).Message;
        Assert.StartsWith("Row 2, column 'visits' of 'bad' is -1", message, StringComparison.Ordinal);
        Observations constant = Observations.FromMatrix("bad", Matrix.FromRows([0.5, 1], [0.5, 2]), ["height", "visits"]);
        MixedMixtureOptions bare = options with { Families = [ColumnFamily.Normal, ColumnFamily.Normal], Regularization = 0 };
        Assert.Contains("'height'", Assert.Throws<ElboException>(() => MixedMixture.Fit(constant, bare, null, runtime)).Message, StringComparison.Ordinal);
        Assert.Contains("'height' holds one value", MixedMixture.Fit(constant, bare with { Regularization = 1e-3 }, null, runtime).Explanation, StringComparison.Ordinal);
        Assert.Contains("1 columns", Assert.Throws<ElboException>(() => MixedMixture.Fit(constant, options with { Families = [ColumnFamily.Normal] }, null, runtime)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warm_start_goes_on_where_the_fit_was()
    {
        Observations rows = Rows("mixed", new RandomStream(45), 70, 5);
        MixedMixtureOptions options = new() { Components = 2, Families = MixedFamilies(5) };
        FitOptions fit = new() { MaxIterations = 12, Tolerance = 0 };
        FitResult<MixedMixture> whole = MixedMixture.Fit(rows, options, fit, runtime), first = MixedMixture.Fit(rows, options, fit with { MaxIterations = 5 }, runtime);
        FitResult<MixedMixture> second = MixedMixture.Fit(rows, options with { StartModel = first.Model }, fit with { MaxIterations = 7 }, runtime);
        Assert.Equal(whole.Elbo, second.Elbo, 1e-13);
        Assert.Equal(first.Elbo, second.Bounds[0], 1e-13);
    }

    private static Observations Column(Observations rows, int column)
    {
        Matrix values = rows.ToMatrix(), part = new(values.Rows, 1);
        for (int n = 0; n < part.Rows; n++) part[n, 0] = values[n, column];
        return Observations.FromMatrix("column", part, null, rows.Weights.ToArray());
    }
}
