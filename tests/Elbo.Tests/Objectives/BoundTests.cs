using Elbo.Models.Autoencoders;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Tests.Models.Autoencoders;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Objectives;

public class BoundTests
{
    private static readonly double[] Rows = SmallModel.Rows(8);

    [Fact]
    public void Both_estimators_have_one_expectation()
    {
        using SmallModel analytic = Make(new EvidenceLowerBound(400, KlEstimator.Analytic)), monteCarlo = Make(new EvidenceLowerBound(400, KlEstimator.MonteCarlo));
        Dictionary<string, double[]> b = analytic.Metrics(Rows, seed: 3);
        Assert.True(b["kl"][0] > 0.2, "the posterior is too close to the prior for the comparison to mean anything");
        Dictionary<string, double[]>[] a = [.. Enumerable.Range(0, 50).Select(seed => monteCarlo.Metrics(Rows, seed: 3 + (ulong)seed))];
        Assert.NotEqual(a[0]["kl"][0], b["kl"][0]);
        HasExpectation(b["kl"], [.. a.Select(metrics => metrics["kl"])], "kl, seeds 3 to 52");
        HasExpectation(b["klPerDimension"], [.. a.Select(metrics => metrics["klPerDimension"])], "kl per dimension, seeds 3 to 52");
        Close(b["reconstruction"][0], a[0]["reconstruction"][0], 1e-12, "same draws, seed 3");
    }

    [Fact]
    public void The_reported_bound_has_weight_one_whatever_is_trained()
    {
        using SmallModel plain = Make(new EvidenceLowerBound(5)), beta = Make(new EvidenceLowerBound(5, Beta: 7, WarmUpEpochs: 20)), weighted = Make(new ImportanceWeightedBound(5));
        Dictionary<string, double[]> expected = plain.Metrics(Rows, seed: 2);
        Close(expected["reconstruction"][0] - expected["kl"][0], expected["elbo"][0], 1e-12);
        Close(expected["elbo"][0], expected["objective"][0], 1e-12);
        foreach (SmallModel other in new[] { beta, weighted })
        {
            Dictionary<string, double[]> metrics = other.Metrics(Rows, epoch: 10, seed: 2);
            Close(expected["elbo"][0], metrics["elbo"][0], 1e-12);
            Close(expected["kl"][0], metrics["kl"][0], 1e-12);
            Close(expected["klPerDimension"], metrics["klPerDimension"], 1e-12);
            Assert.True(Math.Abs(metrics["objective"][0] - expected["elbo"][0]) > 1e-3, "the objective differs from the bound");
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2.5, 0.75)]
    [InlineData(10, 3)]
    [InlineData(25, 3)]
    public void The_weight_of_the_kl_warms_up_linearly_in_epochs(double epoch, double weight)
    {
        using SmallModel small = Make(new EvidenceLowerBound(Beta: 3, WarmUpEpochs: 10));
        Dictionary<string, double[]> metrics = small.Metrics(Rows, epoch);
        Close(metrics["reconstruction"][0] - weight * metrics["kl"][0], metrics["objective"][0], 1e-12);
    }

    [Fact]
    public void Kl_per_dimension_sums_to_the_kl()
    {
        foreach (Posterior posterior in new Posterior[] { new DiagonalGaussianPosterior(), new FullCovarianceGaussianPosterior() })
        {
            using SmallModel small = new(SmallModel.Definition with { Posterior = posterior }, scale: 3);
            Dictionary<string, double[]> metrics = small.Metrics(Rows);
            Assert.Equal(2, metrics["klPerDimension"].Length);
            Close(metrics["kl"][0], metrics["klPerDimension"].Sum(), 1e-12);
        }
    }

    [Fact]
    public void Free_nats_cost_nothing_below_their_mean_over_the_batch()
    {
        using SmallModel plain = Make(new EvidenceLowerBound());
        double[] kl = plain.Metrics(Rows)["klPerDimension"];
        Assert.True(kl[0] != kl[1]);
        double between = (kl[0] + kl[1]) / 2;
        using SmallModel free = Make(new EvidenceLowerBound(FreeNats: between));
        Dictionary<string, double[]> metrics = free.Metrics(Rows);
        Close(metrics["reconstruction"][0] - between - Math.Max(kl[0], kl[1]), metrics["objective"][0], 1e-12);
        Close(metrics["reconstruction"][0] - kl[0] - kl[1], metrics["elbo"][0], 1e-12);
    }

    [Fact]
    public void The_importance_weighted_bound_of_one_sample_is_estimator_A()
    {
        using SmallModel one = Make(new ImportanceWeightedBound(1)), a = Make(new EvidenceLowerBound(1, KlEstimator.MonteCarlo));
        Close(a.Metrics(Rows, seed: 4)["objective"][0], one.Metrics(Rows, seed: 4)["objective"][0], 1e-12);
    }

    [Fact]
    public void The_importance_weighted_bound_is_the_log_mean_of_the_weights_over_samples_and_not_over_rows()
    {
        using SmallModel small = Make(new ImportanceWeightedBound(5));
        double[] logWeights = small.Run(Rows, rows => [small.Model.LogWeights(rows, 5)], seed: 9)[0];
        double expected = Enumerable.Range(0, 8).Average(row => Math.Log(Enumerable.Range(0, 5).Average(k => Math.Exp(logWeights[row * 5 + k]))));
        Close(expected, small.Metrics(Rows, seed: 9)["objective"][0], 1e-12);
    }

    [Theory]
    [InlineData(ScaleHead.LogVariance)]
    [InlineData(ScaleHead.LogScale)]
    [InlineData(ScaleHead.Softplus)]
    public void Training_and_evaluation_read_one_scale_from_the_same_head(ScaleHead scale)
    {
        // Elsewhere a standard deviation is softplus in training and exp(½·) in the evaluation of the likelihood.
        using SmallModel small = new(SmallModel.Definition with { Posterior = new DiagonalGaussianPosterior(scale), Objective = new EvidenceLowerBound(3, KlEstimator.MonteCarlo) }, scale: 3);
        double[] logWeights = small.Run(Rows, rows => [small.Model.LogWeights(rows, 3)], seed: 9)[0];
        Close(logWeights.Average(), small.Metrics(Rows, seed: 9)["objective"][0], 1e-12);
    }

    [Theory]
    [InlineData("samples", 0.0)]
    [InlineData("beta", -1.0)]
    [InlineData("beta", double.NaN)]
    [InlineData("warmUpEpochs", -2.0)]
    [InlineData("freeNats", double.PositiveInfinity)]
    public void Numbers_out_of_range_are_refused_by_name(string option, double value)
    {
        EvidenceLowerBound bound = option switch
        {
            "samples" => new((int)value),
            "beta" => new(Beta: value),
            "warmUpEpochs" => new(WarmUpEpochs: value),
            _ => new(FreeNats: value),
        };
        ElboException error = Assert.Throws<ElboException>(() => Make(bound));
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deterministic_code_has_no_importance_weighted_bound()
    {
        ElboException error = Assert.Throws<ElboException>(() => new SmallModel(SmallModel.Definition with { Posterior = new DeterministicPosterior(), Objective = new ImportanceWeightedBound() }));
        Assert.Contains("deterministic", error.Message, StringComparison.Ordinal);
    }

    private static SmallModel Make(Bound objective) => new(SmallModel.Definition with { Objective = objective }, scale: 3);
}
