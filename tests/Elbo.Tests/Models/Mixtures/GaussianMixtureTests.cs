using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Mixtures;

public class GaussianMixtureTests
{
    private static readonly Matrix SixPoints = Matrix.FromRows([1, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]);

    [Theory]
    [InlineData(CovarianceKind.Full)]
    [InlineData(CovarianceKind.Tied)]
    [InlineData(CovarianceKind.Diagonal)]
    [InlineData(CovarianceKind.Spherical)]
    public void The_six_points_of_the_scikit_learn_documentation_give_their_two_means(CovarianceKind kind)
    {
        FitResult<GaussianMixture> fit = GaussianMixture.Fit(Observations.FromMatrix("six points", SixPoints), new GaussianMixtureOptions { Components = 2, Covariance = kind });
        double[][] means = [.. Enumerable.Range(0, 2).Select(k => fit.Model.Means.Row(k).ToArray()).OrderBy(static mean => mean[0])];
        Assert.Equal(1, means[0][0], 1e-2);
        Assert.Equal(2, means[0][1], 1e-2);
        Assert.Equal(10, means[1][0], 1e-2);
        Assert.Equal(2, means[1][1], 1e-2);
        Assert.True(fit.Converged, fit.Explanation);
    }

    [Theory]
    [InlineData(CovarianceKind.Spherical, 13)]
    [InlineData(CovarianceKind.Diagonal, 21)]
    [InlineData(CovarianceKind.Tied, 26)]
    [InlineData(CovarianceKind.Full, 41)]
    public void Free_parameters_are_those_of_scikit_learn(CovarianceKind kind, long expected)
    {
        Matrix means = new(2, 5);
        double[] covariances = kind switch
        {
            CovarianceKind.Full => [.. Matrix.Identity(5).Values, .. Matrix.Identity(5).Values],
            CovarianceKind.Tied => Matrix.Identity(5).Values.ToArray(),
            CovarianceKind.Diagonal => [.. Enumerable.Repeat(1.0, 10)],
            _ => [1, 1],
        };
        Assert.Equal(expected, GaussianMixture.Create([0.5, 0.5], means, covariances, kind).FreeParameters);
    }
}
