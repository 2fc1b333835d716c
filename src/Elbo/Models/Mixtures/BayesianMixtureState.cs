using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>q(π) and q(μ, Λ) of a Bayesian Gaussian mixture: what an iteration updates. Immutable.</summary>
internal sealed record BayesianMixtureState(NormalWishartPrior Prior, NormalWishartPosterior Components, WeightPosterior Weights)
{
    /// <summary>The update of both given what the rows said; components of a Dirichlet process are put in the order of their sizes.</summary>
    public static BayesianMixtureState Of(NormalWishartPrior prior, MixtureWeightPrior weightPrior, double concentration, ComponentMoments moments)
    {
        if (weightPrior == MixtureWeightPrior.DirichletProcess) moments = moments.Reorder(Order(moments.Counts));
        return new(prior, NormalWishartPosterior.Of(prior, moments), new WeightPosterior(weightPrior, concentration, moments.Counts));
    }

    /// <summary>The next posterior.</summary>
    public BayesianMixtureState Next(ComponentMoments moments) => Of(Prior, Weights.Prior, Weights.Concentration, moments);

    /// <summary>The responsibilities' part: the bound of this posterior, and what its responsibilities make of the rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="emptyWeight">The weight of the rows without any value, which say nothing.</param>
    /// <param name="runtime">The threads.</param>
    public (BayesianMixtureBound Bound, ComponentMoments Moments) Expect(Observations rows, double emptyWeight, Runtime runtime)
    {
        GaussianComponents family = Components.Expected();
        double[] logs = Weights.MeanLogs(), corrections = Components.LogCorrections();
        double most = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < logs.Length; k++) most = Math.Max(most, logs[k] += corrections[k]);
        for (int k = 0; k < logs.Length; k++) sum += logs[k] = Math.Exp(logs[k] - most);
        MixtureSums sums = MixtureEm.Expect(rows, logs, family, runtime, moments: true);
        double total = sums.LogLikelihood - emptyWeight * Math.Log(sum) + (rows.TotalWeight - emptyWeight) * most;
        return (new BayesianMixtureBound(total, Weights.Kl(), Components.Kl(Prior)), ComponentMoments.Of(family, sums));
    }

    /// <summary>The weight of the rows without any value.</summary>
    public static double EmptyWeight(Observations rows, Runtime runtime)
    {
        if (!rows.MayHaveMissing) return 0;
        RowPartition partition = new(rows);
        double[] parts = new double[partition.Parts];
        runtime.For(partition.Parts, (part, _) =>
        {
            double sum = 0;
            partition.ForEachBlock(rows, part, (_, block, weights) =>
            {
                for (int n = 0; n < block.Count; n++)
                    if (!block.Row(n).ContainsAnyExcept(double.NaN)) sum += weights.IsEmpty ? 1 : weights[n];
            });
            parts[part] = sum;
        });
        return parts.Sum();
    }

    /// <summary>Some of the components; the prior of the weights is then one of that many.</summary>
    public BayesianMixtureState Select(int[] kept) =>
        this with { Components = Components.Select(kept), Weights = Weights with { Counts = Array.ConvertAll(kept, k => Weights.Counts[k]) } };

    /// <summary>The components from the largest count to the smallest; equal ones in the order they have.</summary>
    private static int[] Order(double[] counts) => [.. Enumerable.Range(0, counts.Length).OrderByDescending(k => counts[k])];
}
