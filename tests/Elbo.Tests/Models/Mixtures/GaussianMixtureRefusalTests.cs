using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Models.Mixtures;

public class GaussianMixtureRefusalTests
{
    private static readonly Matrix Rows = MixtureProblems.Rows(20, 2, 2, 1);

    [Fact]
    public void More_components_than_distinct_rows_are_refused() =>
        Refused("3 components were asked for, and 'random rows' has 2 distinct rows; ask for 2 or fewer.", Matrix.FromRows([1, 2], [3, 4], [1, 2], [3, 4]), new() { Components = 3 });

    [Fact]
    public void Duplicated_points_with_as_many_components_as_points_need_regularization()
    {
        Matrix points = Matrix.FromRows([0, 0], [1, 1], [0, 0], [1, 1]);
        Refused("became singular", points, new() { Components = 2, Regularization = 0 });
        GaussianMixture model = GaussianMixture.Fit(MixtureProblems.Observations(points), new() { Components = 2 }).Model;
        Assert.Equal(1e-6, model.ComponentCovariance(0)[0, 0], 1e-9);
    }

    [Fact]
    public void Constant_and_empty_columns_and_empty_tables_are_named()
    {
        Matrix rows = Rows.Clone();
        for (int n = 0; n < rows.Rows; n++) rows[n, 1] = 4.5;
        Refused("Column 'x1' of 'random rows' holds the one value 4.5", rows, new() { Regularization = 0 });
        for (int n = 0; n < rows.Rows; n++) rows[n, 1] = double.NaN;
        Refused("Column 'x1' of 'random rows' has no value in any row", rows, new());
        rows.Values.Fill(double.NaN);
        Refused("Every row of 'random rows' misses all its values", rows, new());
    }

    [Theory]
    [InlineData(CovarianceKind.Full)]
    [InlineData(CovarianceKind.Tied)]
    [InlineData(CovarianceKind.Diagonal)]
    public void A_constant_column_adds_the_density_of_the_regularization(CovarianceKind kind)
    {
        Matrix rows = MixtureProblems.Rows(60, 2, 2, 3), wide = new(60, 3);
        for (int n = 0; n < 60; n++) (wide[n, 0], wide[n, 1], wide[n, 2]) = (rows[n, 0], 1e6 + 0.3, rows[n, 1]);
        GaussianMixtureOptions options = new() { Components = 2, Covariance = kind, Regularization = 1e-4 };
        FitResult<GaussianMixture> narrow = GaussianMixture.Fit(MixtureProblems.Observations(rows), options), fit = GaussianMixture.Fit(MixtureProblems.Observations(wide), options);
        Assert.Equal(narrow.Elbo - 0.5 * Math.Log(2 * Math.PI * 1e-4), fit.Elbo, 1e-9);
        Assert.Contains("Column 'x1' holds one value; its variance is the regularization, 0.0001", fit.Explanation, StringComparison.Ordinal);
        Assert.Equal(1e6 + 0.3, fit.Model.Means[1, 1]);
    }

    [Fact]
    public void One_variance_for_all_columns_needs_one_that_varies()
    {
        Matrix rows = Rows.Clone();
        for (int n = 0; n < rows.Rows; n++) rows[n, 1] = 4.5;
        GaussianMixtureOptions options = new() { Covariance = CovarianceKind.Spherical, Regularization = 0 };
        Assert.True(GaussianMixture.Fit(MixtureProblems.Observations(rows), options).Converged);
        for (int n = 0; n < rows.Rows; n++) rows[n, 0] = 2;
        Refused("holds the one value 2", rows, options);
    }

    [Fact]
    public void A_singular_covariance_names_the_component_and_the_remedies()
    {
        Matrix rows = Rows.Clone();
        for (int n = 0; n < rows.Rows; n++) rows[n, 1] = 2 * rows[n, 0];
        Refused("The covariance of component 0 became singular: 20 rows do not spread in all 2 columns. Use fewer components, a larger regularization than 0", rows, new() { Regularization = 0 });
    }

    [Fact]
    public void Given_starts_must_be_probabilities_of_the_right_shape()
    {
        Refused("sum to 0.8", Rows, Start("weights", [0.5, 0.3], 2));
        Refused("The weight of component 1 is -0.5", Rows, Start("weights", [1.5, -0.5], 2));
        Refused("'means' has the shape [2, 3], and [2, 2] is expected", Rows, Start("means", [1, 2, 3, 4, 5, 6], 2, 3));
        Refused("'means' holds NaN", Rows, Start("means", [1, 2, 3, double.NaN], 2, 2));
        Refused("The covariance of component 1 is not positive definite", Rows, Start("covariances", [1, 0, 0, 1, 1, 2, 2, 1], 2, 2, 2));
        Refused("The covariance of component 0 is not symmetric", Rows, Start("covariances", [1, 0.5, 0, 1, 1, 0, 0, 1], 2, 2, 2));
        Refused("no parameter 'centers'", Rows, Start("centers", [1, 2], 2));
    }

    [Fact]
    public void A_warm_start_from_another_shape_names_both()
    {
        GaussianMixture model = GaussianMixture.Fit(MixtureProblems.Observations(Rows), new() { Components = 2, Covariance = CovarianceKind.Diagonal }).Model;
        Refused("The model to start from has diagonal covariance, and full was asked for", Rows, new() { Components = 2, StartModel = model });
        Refused("The model to start from has 2 components, and 3 were asked for", Rows, new() { Components = 3, Covariance = CovarianceKind.Diagonal, StartModel = model });
        Refused("The model to start from has 2 columns, and 'random rows' has 3", MixtureProblems.Rows(20, 3, 2, 1), new() { Components = 2, Covariance = CovarianceKind.Diagonal, StartModel = model });
        Assert.True(GaussianMixture.Fit(MixtureProblems.Observations(Rows), new() { Components = 2, Covariance = CovarianceKind.Diagonal, StartModel = model }).Iterations <= 2);
    }

    [Fact]
    public void Rows_of_other_columns_and_parameters_of_other_shapes_are_refused()
    {
        using Runtime runtime = new(1);
        GaussianMixture model = GaussianMixture.Fit(MixtureProblems.Observations(Rows), new() { Components = 2 }).Model;
        Assert.Contains("expects rows of 2 columns", Assert.Throws<ElboException>(() => model.Encode(MixtureProblems.Observations(MixtureProblems.Rows(5, 3, 1, 1)), runtime)).Message, StringComparison.Ordinal);
        Dictionary<string, NumericArray> parameters = new(model.Parameters);
        parameters["covariances"] = NumericArray.From<double>([1, 1]);
        Assert.Contains("'covariances' has the shape [2], and [2, 2, 2] is expected", Assert.Throws<ElboException>(() => GaussianMixture.Load(model.Definition, parameters)).Message, StringComparison.Ordinal);
        parameters.Remove("covariances");
        Assert.Contains("hold no 'covariances'", Assert.Throws<ElboException>(() => GaussianMixture.Load(model.Definition, parameters)).Message, StringComparison.Ordinal);
        Assert.Throws<ElboException>(() => model.Condition([1, 2]));
    }

    private static GaussianMixtureOptions Start(string name, double[] values, params int[] shape) =>
        new() { Components = 2, StartParameters = new Dictionary<string, NumericArray> { [name] = NumericArray.From<double>(values, shape) } };

    private static void Refused(string expected, Matrix rows, GaussianMixtureOptions options) =>
        Assert.Contains(expected, Assert.Throws<ElboException>(() => GaussianMixture.Fit(MixtureProblems.Observations(rows), options)).Message, StringComparison.Ordinal);
}
