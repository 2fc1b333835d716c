using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Mixtures;

public class GaussianMixtureVerbTests
{
    private static readonly GaussianMixture Model = GaussianMixture.Create(
        [0.3, 0.7], Matrix.FromRows([0, 1, 2], [3, -1, 0]), [2, 0.5, 0.3, 0.5, 1, -0.2, 0.3, -0.2, 1.5, 1, 0.4, 0, 0.4, 2, 0.6, 0, 0.6, 1], CovarianceKind.Full);

    [Fact]
    public void The_log_density_is_that_of_the_formula()
    {
        double[] row = [0.5, 0.2, 1.1];
        double total = 0;
        for (int k = 0; k < 2; k++)
        {
            CholeskyFactor factor = CholeskyFactor.TryFactor(Model.ComponentCovariance(k))!;
            double[] difference = [.. row.Select((value, j) => value - Model.Means[k, j])];
            total += Model.Weights[k] * Math.Exp(-0.5 * (3 * Math.Log(2 * Math.PI) + factor.LogDeterminant + factor.QuadraticForm(difference)));
        }

        Assert.Equal(Math.Log(total), LogDensity(Model, row), 1e-12);
    }

    [Theory]
    [InlineData(CovarianceKind.Full)]
    [InlineData(CovarianceKind.Tied)]
    [InlineData(CovarianceKind.Diagonal)]
    [InlineData(CovarianceKind.Spherical)]
    public void With_missing_values_the_density_is_that_of_the_marginal_normal(CovarianceKind kind)
    {
        GaussianMixture model = OfKind(kind), marginal;
        double[] covariances = kind switch
        {
            CovarianceKind.Full => [.. Part(model.ComponentCovariance(0)), .. Part(model.ComponentCovariance(1))],
            CovarianceKind.Tied => Part(model.ComponentCovariance(0)),
            CovarianceKind.Diagonal => [model.ComponentCovariance(0)[0, 0], model.ComponentCovariance(0)[2, 2], model.ComponentCovariance(1)[0, 0], model.ComponentCovariance(1)[2, 2]],
            _ => [model.ComponentCovariance(0)[0, 0], model.ComponentCovariance(1)[0, 0]],
        };
        marginal = GaussianMixture.Create(model.Weights, Matrix.FromRows([model.Means[0, 0], model.Means[0, 2]], [model.Means[1, 0], model.Means[1, 2]]), covariances, kind);
        Assert.Equal(LogDensity(marginal, [0.5, 1.1]), LogDensity(model, [0.5, double.NaN, 1.1]), 1e-12);
        Assert.Equal(0, LogDensity(model, [double.NaN, double.NaN, double.NaN]), 1e-14);
    }

    [Fact]
    public void Densities_of_what_is_there_times_conditionals_of_the_rest_are_joint_densities()
    {
        double[] row = [0.5, 0.2, 1.1];
        GaussianMixture conditional = Model.Condition([double.NaN, 0.2, double.NaN]);
        Assert.Equal(LogDensity(Model, row), LogDensity(Model, [double.NaN, 0.2, double.NaN]) + LogDensity(conditional, [0.5, 1.1]), 1e-12);
        foreach (CovarianceKind kind in (CovarianceKind[])[CovarianceKind.Tied, CovarianceKind.Diagonal, CovarianceKind.Spherical])
        {
            GaussianMixture model = OfKind(kind);
            Assert.Equal(LogDensity(model, row), LogDensity(model, [0.5, 0.2, double.NaN]) + LogDensity(model.Condition([0.5, 0.2, double.NaN]), [1.1]), 1e-12);
        }
    }

    [Fact]
    public void What_is_missing_is_filled_in_by_its_regression_on_the_rest()
    {
        using Runtime runtime = new(1);
        Observations rows = Observations.FromMatrix("gaps", Matrix.FromRows([double.NaN, 0.2, double.NaN], [1, 2, 3]));
        Matrix filled = Model.Impute(rows, null, runtime);
        GaussianMixture conditional = Model.Condition([double.NaN, 0.2, double.NaN]);
        double Mean(int column) => conditional.Weights[0] * conditional.Means[0, column] + conditional.Weights[1] * conditional.Means[1, column];
        Assert.Equal(Mean(0), filled[0, 0], 1e-12);
        Assert.Equal(0.2, filled[0, 1]);
        Assert.Equal(Mean(1), filled[0, 2], 1e-12);
        Assert.Equal([1, 2, 3], filled.Row(1).ToArray());
    }

    [Fact]
    public void Draws_for_missing_values_have_the_conditional_moments()
    {
        const int N = 20_000;
        using Runtime runtime = new(1);
        Matrix gaps = new(N, 3);
        gaps.Values.Fill(double.NaN);
        for (int n = 0; n < N; n++) gaps[n, 1] = 0.2;
        Matrix filled = Model.Impute(Observations.FromMatrix("gaps", gaps), new RandomStream(17), runtime);
        AssertMoments(Model.Condition([double.NaN, 0.2, double.NaN]), filled, [0, 2]);
    }

    [Theory]
    [InlineData(CovarianceKind.Full)]
    [InlineData(CovarianceKind.Tied)]
    [InlineData(CovarianceKind.Diagonal)]
    [InlineData(CovarianceKind.Spherical)]
    public void Samples_have_the_moments_and_the_labels_of_the_mixture(CovarianceKind kind)
    {
        GaussianMixture model = OfKind(kind);
        (Matrix rows, int[] labels) = model.SampleLabelled(20_000, new RandomStream(5));
        AssertMoments(model, rows, [0, 1, 2]);
        // Four standard errors of a share of 0.3.
        Assert.Equal(model.Weights[0], labels.Count(static label => label == 0) / 20_000.0, 4 * Math.Sqrt(0.21 / 20_000));
        Assert.Equal(rows.Row(7).ToArray(), model.Sample(8, new RandomStream(5)).Row(7).ToArray());
    }

    [Fact]
    public void Responsibilities_follow_Bayes_rule_and_reconstructions_are_their_means()
    {
        using Runtime runtime = new(2);
        Matrix values = Model.Sample(700, new RandomStream(3));
        Observations rows = Observations.FromMatrix("samples", values);
        Matrix codes = Model.Encode(rows, runtime), reconstruction = Model.Reconstruct(rows, runtime);
        GaussianMixture first = GaussianMixture.Create([1], Matrix.FromRows([0, 1, 2]), Model.ComponentCovariance(0).Values, CovarianceKind.Full);
        for (int n = 0; n < 700; n += 99)
        {
            double share = 0.3 * Math.Exp(LogDensity(first, values.Row(n).ToArray()) - LogDensity(Model, values.Row(n).ToArray()));
            Assert.Equal(share, codes[n, 0], 1e-12);
            Assert.Equal(1 - share, codes[n, 1], 1e-12);
            for (int j = 0; j < 3; j++) Assert.Equal(share * Model.Means[0, j] + (1 - share) * Model.Means[1, j], reconstruction[n, j], 1e-12);
        }
    }

    [Fact]
    public void Criteria_are_those_of_their_formulas()
    {
        using Runtime runtime = new(1);
        Observations rows = Observations.FromMatrix("samples", Model.Sample(50, new RandomStream(3)));
        double[] logs = new double[50];
        Model.LogDensity(rows, logs, runtime);
        Matrix codes = Model.Encode(rows, runtime);
        double entropy = -codes.Values.ToArray().Where(static share => share > 0).Sum(static share => share * Math.Log(share));
        Assert.Equal(-2 * logs.Sum() + 19 * Math.Log(50), Model.Bic(rows, runtime), 1e-9);
        Assert.Equal(-2 * logs.Sum() + 38, Model.Aic(rows, runtime), 1e-9);
        Assert.Equal(-2 * logs.Sum() + 19 * Math.Log(50) + 2 * entropy, Model.Icl(rows, runtime), 1e-9);
    }

    [Theory]
    [InlineData(CovarianceKind.Full)]
    [InlineData(CovarianceKind.Tied)]
    [InlineData(CovarianceKind.Diagonal)]
    [InlineData(CovarianceKind.Spherical)]
    public void A_model_comes_back_from_its_definition_and_parameters(CovarianceKind kind)
    {
        GaussianMixture model = OfKind(kind), loaded = GaussianMixture.Load(model.Definition, new Dictionary<string, Elbo.Storage.NumericArray>(model.Parameters));
        Assert.Equal(model.Title, loaded.Title);
        Assert.Equal(model.FreeParameters, loaded.FreeParameters);
        Assert.Equal(LogDensity(model, [0.1, 0.2, 0.3]), LogDensity(loaded, [0.1, 0.2, 0.3]));
    }

    private static GaussianMixture OfKind(CovarianceKind kind) => GaussianMixture.Create(
        Model.Weights,
        Model.Means,
        kind switch
        {
            CovarianceKind.Full => [.. Model.ComponentCovariance(0).Values, .. Model.ComponentCovariance(1).Values],
            CovarianceKind.Tied => Model.ComponentCovariance(0).Values,
            CovarianceKind.Diagonal => [2, 1, 1.5, 1, 2, 0.5],
            _ => [1.5, 0.7],
        },
        kind);

    private static double[] Part(Matrix covariance) => [covariance[0, 0], covariance[0, 2], covariance[2, 0], covariance[2, 2]];

    private static double LogDensity(GaussianMixture model, double[] row)
    {
        using Runtime runtime = new(1);
        double[] result = new double[1];
        model.LogDensity(Observations.FromMatrix("row", Matrix.FromRows(row)), result, runtime);
        return result[0];
    }

    /// <summary>Means and covariances of columns of rows against those of a mixture, within about five standard errors.</summary>
    private static void AssertMoments(GaussianMixture model, Matrix rows, int[] columns)
    {
        double[] mean = new double[columns.Length];
        for (int k = 0; k < model.Components; k++)
            for (int j = 0; j < mean.Length; j++) mean[j] += model.Weights[k] * model.Means[k, j];
        for (int i = 0; i < columns.Length; i++)
        {
            double average = Enumerable.Range(0, rows.Rows).Average(n => rows[n, columns[i]]);
            Assert.Equal(mean[i], average, 5 * Math.Sqrt(5.0 / rows.Rows));
            for (int j = 0; j <= i; j++)
            {
                double expected = 0;
                for (int k = 0; k < model.Components; k++)
                    expected += model.Weights[k] * (model.ComponentCovariance(k)[i, j] + (model.Means[k, i] - mean[i]) * (model.Means[k, j] - mean[j]));
                double measured = Enumerable.Range(0, rows.Rows).Average(n => (rows[n, columns[i]] - mean[i]) * (rows[n, columns[j]] - mean[j]));
                Assert.Equal(expected, measured, 5 * Math.Sqrt(30.0 / rows.Rows));
            }
        }
    }
}
