using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Tests.Models.Mixtures;

namespace Elbo.Tests.Inference;

public class StepwiseEmTests
{
    [Theory]
    [InlineData(CovarianceKind.Full)]
    [InlineData(CovarianceKind.Tied)]
    [InlineData(CovarianceKind.Diagonal)]
    [InlineData(CovarianceKind.Spherical)]
    public void One_batch_of_all_rows_is_one_iteration(CovarianceKind kind)
    {
        (Observations rows, MixtureState start) = Problem(kind, 200);
        using Runtime runtime = new(1);
        MixtureState iteration = MixtureEm.Maximize(start, MixtureEm.Expect(rows, start.Weights, start.Family, runtime, moments: true));
        MixtureState pass = StepwiseEm.Pass(rows, start, 200, new RandomStream(1), runtime, CancellationToken.None);
        Assert.Equal(iteration.Weights, pass.Weights);
        foreach ((KeyValuePair<string, Elbo.Storage.NumericArray> expected, KeyValuePair<string, Elbo.Storage.NumericArray> actual) in iteration.Family.Parameters.Zip(pass.Family.Parameters))
            Assert.Equal(expected.Value.ToDouble(), actual.Value.ToDouble());
    }

    [Theory]
    [InlineData(CovarianceKind.Full)]
    [InlineData(CovarianceKind.Tied)]
    [InlineData(CovarianceKind.Diagonal)]
    [InlineData(CovarianceKind.Spherical)]
    public void Sums_about_other_means_are_those_of_the_rows(CovarianceKind kind)
    {
        (Observations rows, MixtureState start) = Problem(kind, 60);
        using Runtime runtime = new(1);
        MixtureSums sums = MixtureEm.Expect(rows, start.Weights, start.Family, runtime, moments: true);
        MixtureState next = MixtureEm.Maximize(start, sums);
        start.Family.Recenter(sums.Counts, sums.Statistics, next.Family);
        // About the new means, which maximised them, the same sums maximise to the same components.
        MixtureState again = MixtureEm.Maximize(next, sums);
        foreach ((KeyValuePair<string, Elbo.Storage.NumericArray> expected, KeyValuePair<string, Elbo.Storage.NumericArray> actual) in next.Family.Parameters.Zip(again.Family.Parameters))
            foreach ((double first, double second) in expected.Value.ToDouble().Zip(actual.Value.ToDouble())) Assert.Equal(first, second, 1e-10);
    }

    [Fact]
    public void A_pass_in_batches_comes_nearer_the_maximum_than_an_iteration_and_the_fit_ends_at_it()
    {
        (Observations rows, MixtureState start) = Problem(CovarianceKind.Full, 6000);
        using Runtime runtime = new(2);
        MixtureState iteration = MixtureEm.Maximize(start, MixtureEm.Expect(rows, start.Weights, start.Family, runtime, moments: true));
        MixtureState pass = StepwiseEm.Pass(rows, start, 300, new RandomStream(1), runtime, CancellationToken.None);
        double Bound(MixtureState state) => MixtureEm.Expect(rows, state.Weights, state.Family, runtime, moments: false).LogLikelihood / 6000;
        Assert.True(Bound(pass) > Bound(iteration), $"{Bound(pass)} and {Bound(iteration)}");
        GaussianMixtureOptions options = new() { Components = 3 };
        double whole = GaussianMixture.Fit(rows, options, null, runtime).Elbo;
        FitResult<GaussianMixture> batched = GaussianMixture.Fit(rows, options with { BatchRows = 300 }, null, runtime);
        Assert.Equal(whole, batched.Elbo, 1e-4);
        Assert.True(batched.Converged);
        Assert.Throws<ElboException>(() => GaussianMixture.Fit(rows, options with { BatchRows = 0 }, null, runtime));
    }

    private static (Observations Rows, MixtureState Start) Problem(CovarianceKind kind, int count)
    {
        Observations rows = MixtureProblems.Observations(MixtureProblems.Rows(count, 3, 3, 51, 0.02));
        double[] covariances = kind switch
        {
            CovarianceKind.Full => [.. Enumerable.Range(0, 3).SelectMany(static _ => Matrix.Identity(3).Values.ToArray())],
            CovarianceKind.Tied => Matrix.Identity(3).Values.ToArray(),
            CovarianceKind.Diagonal => [.. Enumerable.Repeat(1.0, 9)],
            _ => [1, 1, 1],
        };
        Matrix means = Matrix.FromRows([-1, 0, 0.5], [1, 1, -1], [0, 3, 2]);
        GaussianMixture model = GaussianMixture.Create([0.2, 0.3, 0.5], means, covariances, kind);
        return (rows, new MixtureState(model.Weights.ToArray(), model.Family));
    }
}
