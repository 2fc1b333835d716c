using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Models.Mixtures;

/// <summary>What is asked of a fitted mixture, and what it refuses.</summary>
public sealed partial class BayesianGaussianMixtureTests
{
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_predictive_density_integrates_to_one_and_to_its_marginals(CovarianceKind kind)
    {
        BayesianGaussianMixture model = BayesianGaussianMixture.Fit(
            Observations.FromMatrix("rows", Clusters(6, 40, 2, 2)), new() { Components = 2, Covariance = kind, DegreesOfFreedom = 6 }, null, runtime).Model;
        // x = sinh(u): the tails are those of a power.
        const double Step = 0.05;
        List<double> grid = [];
        for (double u = -9; u <= 9; u += Step) grid.Add(u);
        Matrix points = new(grid.Count * grid.Count, 2);
        for (int i = 0; i < points.Rows; i++)
        {
            points[i, 0] = Math.Sinh(grid[i / grid.Count]);
            points[i, 1] = Math.Sinh(grid[i % grid.Count]);
        }

        double[] logs = new double[points.Rows];
        model.LogDensity(Observations.FromMatrix("grid", points), logs, runtime);
        double total = 0, slice = 0;
        int row = grid.Count / 2 + 7;
        for (int i = 0; i < logs.Length; i++)
        {
            double mass = Math.Exp(logs[i]) * Step * Math.Cosh(grid[i % grid.Count]);
            total += mass * Step * Math.Cosh(grid[i / grid.Count]);
            if (i / grid.Count == row) slice += mass;
        }

        Assert.Equal(1, total, 1e-4);
        double[] marginal = new double[1];
        model.LogDensity(Observations.FromMatrix("half", Matrix.FromRows([Math.Sinh(grid[row]), double.NaN])), marginal, runtime);
        Assert.Equal(Math.Log(slice), marginal[0], 1e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Draws_have_the_predictive_moments_and_imputed_values_those_given_the_rest(CovarianceKind kind)
    {
        BayesianGaussianMixture model = BayesianGaussianMixture.Fit(
            Observations.FromMatrix("rows", Clusters(8, 30, 2, 1)), new() { Covariance = kind, DegreesOfFreedom = 9 }, null, runtime).Model;
        const int Count = 20_000;
        Matrix drawn = model.Sample(Count, new RandomStream(3));
        double nu = model.DegreesOfFreedom[0], beta = model.MeanPrecisions[0], eta = kind is CovarianceKind.Full or CovarianceKind.Tied ? nu - 1 : nu;
        double scale = model.InverseScales[0] * (1 + beta) / (beta * eta), variance = scale * eta / (eta - 2), sum = 0, squares = 0, agreement = 0;
        double[] densities = new double[Count];
        model.LogDensity(Observations.FromMatrix("drawn", drawn), densities, runtime);
        for (int i = 0; i < Count; i++)
        {
            double difference = drawn[i, 0] - model.Means[0, 0];
            sum += difference;
            squares += difference * difference;
            agreement += densities[i];
        }

        Assert.InRange(sum / Count, -4 * Math.Sqrt(variance / Count), 4 * Math.Sqrt(variance / Count));
        Assert.InRange(squares / Count / variance, 0.93, 1.07);
        // E[ln p] of draws is minus the entropy; that of rows imputed column by column must agree: p(x₂|x₁) drawn after p(x₁).
        Matrix gaps = new(Count, 2);
        for (int i = 0; i < Count; i++) (gaps[i, 0], gaps[i, 1]) = (drawn[i, 0], double.NaN);
        Matrix filled = model.Impute(Observations.FromMatrix("gaps", gaps), new RandomStream(4), runtime);
        double[] again = new double[Count];
        model.LogDensity(Observations.FromMatrix("filled", filled), again, runtime);
        Assert.Equal(agreement / Count, again.Average(), 0.05);
        Matrix means = model.Impute(Observations.FromMatrix("gaps", gaps), null, runtime);
        double residual = 0;
        for (int i = 0; i < Count; i++) residual += drawn[i, 1] - means[i, 1];
        Assert.InRange(residual / Count, -0.05, 0.05);
    }

    [Theory]
    [InlineData(MixtureWeightPrior.Dirichlet)]
    [InlineData(MixtureWeightPrior.DirichletProcess)]
    public void Components_that_are_not_needed_empty_and_can_be_taken_out(MixtureWeightPrior weightPrior)
    {
        Matrix values = Clusters(2, 300, 2, 1);
        double[][] centers = [[-6, 0], [6, 1], [0, 7]];
        for (int i = 0; i < 300; i++)
            for (int j = 0; j < 2; j++) values[i, j] += centers[i % 3][j];
        Observations rows = Observations.FromMatrix("three", values);
        BayesianGaussianMixtureOptions options = new() { Components = 8, WeightPrior = weightPrior, WeightConcentration = 1e-3, MeanPrecision = 0.01 };
        FitOptions fit = new() { MaxIterations = 3000, Tolerance = 1e-9, Restarts = 3 };
        FitResult<BayesianGaussianMixture> all = BayesianGaussianMixture.Fit(rows, options, fit, runtime);
        Assert.Equal(3, all.Model.ActiveComponents().Count);
        Assert.Equal(1, all.Model.Weights.ToArray().Sum(), 1e-12);
        FitResult<BayesianGaussianMixture> pruned = BayesianGaussianMixture.Fit(rows, options with { Prune = true }, fit, runtime);
        Assert.Equal(3, pruned.Model.Components);
        Assert.Contains("5 components", pruned.Explanation, StringComparison.Ordinal);
        if (weightPrior == MixtureWeightPrior.DirichletProcess) Assert.Equal(pruned.Model.Counts.ToArray().OrderDescending(), pruned.Model.Counts.ToArray());
        // Bounds of several sizes lie on one scale: three components are best.
        double[] bounds = [.. Enumerable.Range(1, 5).Select(k => BayesianGaussianMixture.Fit(rows, options with { Components = k, WeightConcentration = 1 }, fit, runtime).Elbo)];
        Assert.Equal(2, Array.IndexOf(bounds, bounds.Max()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_model_comes_back_from_its_definition_and_parameters_and_goes_on(CovarianceKind kind)
    {
        Observations rows = Observations.FromMatrix("rows", Clusters(7, 60, 3, 3));
        BayesianGaussianMixtureOptions options = new() { Components = 3, Covariance = kind, WeightPrior = MixtureWeightPrior.DirichletProcess };
        FitResult<BayesianGaussianMixture> fit = BayesianGaussianMixture.Fit(rows, options, new FitOptions { MaxIterations = 3, Tolerance = 0 }, runtime);
        Dictionary<string, NumericArray> parameters = new(fit.Model.Parameters);
        BayesianGaussianMixture loaded = BayesianGaussianMixture.Load(fit.Model.Definition, parameters);
        Assert.Equal(fit.Model.Bound(rows, runtime), loaded.Bound(rows, runtime));
        FitResult<BayesianGaussianMixture> whole = BayesianGaussianMixture.Fit(rows, options, new FitOptions { MaxIterations = 6, Tolerance = 0 }, runtime);
        FitResult<BayesianGaussianMixture> resumed = BayesianGaussianMixture.Fit(
            rows, options with { StartModel = loaded }, new FitOptions { MaxIterations = 6, Tolerance = 0, EarlierBounds = [.. fit.Bounds.SkipLast(1)] }, runtime);
        Assert.Equal(whole.Bounds, resumed.Bounds);
        Assert.Equal(whole.Model.InverseScales, resumed.Model.InverseScales);
        parameters["degreesOfFreedom"] = NumericArray.From<double>(new double[kind == CovarianceKind.Tied ? 1 : 3]);
        Assert.Contains("degreesOfFreedom", Assert.Throws<ElboException>(() => BayesianGaussianMixture.Load(fit.Model.Definition, parameters)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_refused_in_one_sentence()
    {
        Matrix rows = Clusters(1, 20, 2, 2);
        string Message(BayesianGaussianMixtureOptions options, Matrix? given = null) =>
            Assert.Throws<ElboException>(() => BayesianGaussianMixture.Fit(Observations.FromMatrix("bad", given ?? rows), options, null, runtime)).Message;
        Assert.Contains("0 components", Message(new() { Components = 0 }), StringComparison.Ordinal);
        Assert.Contains("-1", Message(new() { WeightConcentration = -1 }), StringComparison.Ordinal);
        Assert.Contains("degrees of freedom", Message(new() { DegreesOfFreedom = 1 }), StringComparison.Ordinal);
        Assert.Contains("[2, 2]", Message(new() { InverseScale = Matrix.Identity(3) }), StringComparison.Ordinal);
        Assert.Contains("positive definite", Message(new() { InverseScale = Matrix.FromRows([1, 2], [2, 1]) }), StringComparison.Ordinal);
        Assert.Contains("3 values", Message(new() { MeanPrior = [1, 2, 3] }), StringComparison.Ordinal);
        Matrix constant = rows.Clone();
        for (int i = 0; i < 20; i++) constant[i, 1] = 4;
        Assert.Contains("x1", Message(new() { Components = 2 }, constant), StringComparison.Ordinal);
        BayesianGaussianMixture model = BayesianGaussianMixture.Fit(Observations.FromMatrix("fine", rows), new() { Components = 2 }, new FitOptions { MaxIterations = 2 }, runtime).Model;
        Assert.Contains("spherical", Message(new() { Components = 2, Covariance = CovarianceKind.Spherical, StartModel = model }), StringComparison.Ordinal);
        Assert.Contains("2 columns", Message(new() { Components = 2, StartModel = model }, Clusters(1, 20, 3, 2)), StringComparison.Ordinal);
    }
}
