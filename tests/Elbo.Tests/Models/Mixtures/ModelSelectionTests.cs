using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Mixtures;

public class ModelSelectionTests
{
    [Theory]
    [InlineData(SelectionCriterion.Bic)]
    [InlineData(SelectionCriterion.Icl)]
    public void The_true_number_of_components_is_found(SelectionCriterion criterion)
    {
        using Runtime runtime = new(1);
        Observations rows = MixtureProblems.Observations(MixtureProblems.Rows(300, 3, 3, 13));
        ModelSelectionResult<GaussianMixture> result = ModelSelection.Run(
            rows, Enumerable.Range(1, 5), criterion, k => GaussianMixture.Fit(rows, new GaussianMixtureOptions { Components = k }, null, runtime), runtime);
        Assert.Equal(3, result.Best.Model.Components);
        Assert.Equal([1, 2, 3, 4, 5], result.Candidates.Select(static candidate => candidate.Size));
        Assert.Equal(result.Candidates.Min(candidate => candidate.Value(criterion)), result.Candidates[2].Value(criterion));
        Assert.Equal(result.Best.Bic, result.Candidates[2].Bic);
        Assert.True(result.Candidates[2].Icl >= result.Candidates[2].Bic);
    }

    [Fact]
    public void A_number_that_cannot_be_fitted_is_reported_and_the_others_are_not_lost()
    {
        using Runtime runtime = new(1);
        Observations rows = MixtureProblems.Observations(Matrix.FromRows([0, 1], [1, 0], [2, 2]));
        ModelSelectionResult<GaussianMixture> result = ModelSelection.Run(
            rows, [1, 9], SelectionCriterion.Bic, k => GaussianMixture.Fit(rows, new GaussianMixtureOptions { Components = k }, null, runtime), runtime);
        Assert.Equal(1, result.Best.Model.Components);
        Assert.Contains("9 components were asked for", result.Candidates[1].Failure, StringComparison.Ordinal);
        Assert.Throws<ElboException>(() => ModelSelection.Run(
            rows, [8, 9], SelectionCriterion.Bic, k => GaussianMixture.Fit(rows, new GaussianMixtureOptions { Components = k }, null, runtime), runtime));
    }
}
