using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Markov;

/// <summary>Densities and moments of the families of emissions.</summary>
public sealed class EmissionTests
{
    public static TheoryData<string> Families => [.. MarkovSamples.Families];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_missing_value_is_integrated_out(string family)
    {
        Emission emission = MarkovSamples.RandomEmission(family, 3, 2, new RandomStream(4, 4));
        bool continuous = family.StartsWith("gaussian", StringComparison.Ordinal);
        double step = continuous ? 0.01 : 1, from = continuous ? -40 : 0, to = continuous ? 40 : family == "poisson" ? 60 : family == "bernoulli" ? 1 : 3;
        double[] others = [.. Enumerable.Range(0, (int)Math.Round((to - from) / step) + 1).Select(i => from + i * step)];
        Matrix grid = new(others.Length, 2);
        for (int i = 0; i < others.Length; i++) (grid[i, 0], grid[i, 1]) = (1, others[i]);
        Matrix joint = emission.LogDensities(Observations.FromMatrix("grid", grid)), marginal = emission.LogDensities(Observations.FromMatrix("missing", Matrix.FromRows([1, double.NaN])));
        for (int k = 0; k < 3; k++)
            Assert.Equal(Enumerable.Range(0, others.Length).Sum(i => Math.Exp(joint[i, k])) * step, Math.Exp(marginal[0, k]), 1e-10);
        Matrix nothing = emission.LogDensities(Observations.FromMatrix("nothing", Matrix.FromRows([double.NaN, double.NaN])));
        for (int k = 0; k < 3; k++) Assert.Equal(0, nothing[0, k], 1e-14);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void What_is_filled_in_is_the_mean_given_the_rest_and_draws_agree(string family)
    {
        if (family == "categorical") return;
        Emission emission = MarkovSamples.RandomEmission(family, 2, 2, new RandomStream(4, 5));
        double[] row = [1, double.NaN];
        emission.FillMean(1, row);
        double sum = 0, squares = 0;
        const int Count = 4000;
        for (ulong i = 0; i < Count; i++)
        {
            double[] draw = [1, double.NaN];
            emission.FillDraw(1, draw, new RandomStream(6, i));
            Assert.Equal(1, draw[0]);
            sum += draw[1];
            squares += (draw[1] - row[1]) * (draw[1] - row[1]);
        }

        Assert.Equal(row[1], sum / Count, 5 * Math.Sqrt(squares / Count / Count) + 1e-9);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Accumulating_rows_one_by_one_or_together_gives_the_same_parameters(string family)
    {
        Emission emission = MarkovSamples.RandomEmission(family, 3, 2, new RandomStream(9, 1));
        HiddenMarkovModel model = new([0.3, 0.3, 0.4], MarkovSamples.Stochastic(3, 3, new RandomStream(2)), emission);
        Matrix rows = MarkovSamples.Rows(model, 60, new RandomStream(9, 2), missing: 0.2), shares = MarkovSamples.Stochastic(60, 3, new RandomStream(9, 3));
        double[] weights = PaddedRows.Pad(shares), together = new double[emission.StatisticsLength], apart = new double[emission.StatisticsLength];
        emission.Accumulate(rows.Values, weights, together);
        for (int t = 0; t < 60; t++) emission.Accumulate(rows.Row(t), weights.AsSpan(t * emission.Stride, emission.Stride), apart);
        EmissionPrior prior = new(0, 0, [0, 0], [1, 1], ["a", "b"]);
        double[] one = [.. emission.Maximize(together, prior).Parameters.SelectMany(static p => p.Value.ToDouble())], two = [.. emission.Maximize(apart, prior).Parameters.SelectMany(static p => p.Value.ToDouble())];
        for (int i = 0; i < one.Length; i++) Assert.Equal(one[i], two[i], 1e-10);
    }

    [Fact]
    public void Moments_far_from_zero_keep_their_digits()
    {
        Matrix rows = new(1000, 1);
        RandomStream random = new(3, 3);
        double mean = 0;
        for (int t = 0; t < 1000; t++) mean += (rows[t, 0] = 1e8 + random.Normal((ulong)t)) / 1000;
        double variance = Enumerable.Range(0, 1000).Average(t => (rows[t, 0] - mean) * (rows[t, 0] - mean));
        using Runtime runtime = new(1);
        HiddenMarkovModel model = HiddenMarkovModel.Fit(
            Observations.FromMatrix("far", rows), new HiddenMarkovOptions { States = 1, Covariance = CovarianceKind.Diagonal, Regularization = 0 }, new Elbo.Inference.FitOptions(), runtime).Model;
        Assert.Equal(variance, ((DiagonalGaussianEmission)model.Emission).Variances[0, 0], 1e-7);
    }
}
