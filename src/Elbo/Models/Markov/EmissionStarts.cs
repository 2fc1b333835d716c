using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Emissions of each family whose every state looks like the data as a whole: what a first M-step is taken from.</summary>
internal static class EmissionStarts
{
    /// <param name="rows">All rows.</param>
    /// <param name="sample">Some of them.</param>
    /// <param name="labels">The distribution that each row of the sample is given to.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="prior">The scale of the data.</param>
    /// <param name="random">Draws the centres of mixtures.</param>
    public static Emission Of(Observations rows, Matrix sample, int[] labels, HiddenMarkovOptions options, EmissionPrior prior, RandomStream random)
    {
        int count = options.StateEmissions is { } ties ? ties.Max() + 1 : options.States;
        Emission emission = options.Emission switch
        {
            EmissionKind.Gaussian => Gaussian(Repeat(prior.Means, count), options.Covariance, prior),
            EmissionKind.GaussianMixture => Mixture(sample, labels, count, options, prior, random),
            EmissionKind.Bernoulli => new BernoulliEmission(Repeat([.. prior.Means.Select(static mean => Math.Clamp(mean, 0, 1))], count)),
            EmissionKind.Poisson => new PoissonEmission(Repeat([.. prior.Means.Select(static mean => Math.Max(mean, 0))], count)),
            EmissionKind.Categorical => Categorical(rows, count),
            _ => throw new ElboException($"There is no family of emissions {options.Emission}."),
        };
        emission.Check(rows);
        return emission;
    }

    private static Emission Gaussian(Matrix means, CovarianceKind kind, EmissionPrior prior)
    {
        double[] variances = [.. prior.Variances];
        for (int d = 0; d < variances.Length; d++)
        {
            if (variances[d] > 0) continue;
            throw new ElboException(FormattableString.Invariant($"Column '{prior.ColumnNames[d]}' is constant at {prior.Means[d]}, so no Gaussian density of it has a maximum; leave the column out."));
        }

        int count = means.Rows;
        Matrix covariance = new(variances.Length, variances.Length);
        for (int d = 0; d < variances.Length; d++) covariance[d, d] = variances[d];
        return kind switch
        {
            CovarianceKind.Full => new FullGaussianEmission(means, [.. Enumerable.Repeat(covariance, count)]),
            CovarianceKind.Tied => new TiedGaussianEmission(means, covariance),
            CovarianceKind.Diagonal => new DiagonalGaussianEmission(means, Repeat(variances, count)),
            _ => new SphericalGaussianEmission(means, [.. Enumerable.Repeat(variances.Average(), count)]),
        };
    }

    /// <summary>Gaussians around rows drawn from those of their state, with half the data's standard deviation, so that each takes the rows around it.</summary>
    private static GaussianMixtureEmission Mixture(Matrix sample, int[] labels, int count, HiddenMarkovOptions options, EmissionPrior prior, RandomStream random)
    {
        int components = options.Components;
        Matrix means = new(count * components, sample.Columns), weights = new(count, components);
        weights.Values.Fill(1.0 / components);
        for (int k = 0; k < count; k++)
        {
            int[] members = [.. Enumerable.Range(0, labels.Length).Where(t => labels[t] == k)];
            if (members.Length == 0) members = [.. Enumerable.Range(0, labels.Length)];
            for (int m = 0; m < components; m++)
            {
                ReadOnlySpan<double> row = sample.Row(members[random.Integer((uint)members.Length, (ulong)(k * components + m))]);
                for (int d = 0; d < sample.Columns; d++) means[k * components + m, d] = double.IsNaN(row[d]) ? prior.Means[d] : row[d];
            }
        }

        EmissionPrior narrower = prior with { Variances = [.. prior.Variances.Select(static variance => variance / 4)] };
        return new GaussianMixtureEmission(weights, Gaussian(means, options.Covariance, narrower));
    }

    /// <summary>The number of categories of each column: one more than the largest there is.</summary>
    public static int[] Categories(Observations rows)
    {
        int[] categories = new int[rows.Columns];
        EmissionChecks.Values(
            rows,
            (column, value) =>
            {
                if (!(value >= 0) || value > 1e6 || Math.Floor(value) != value) return false;
                categories[column] = Math.Max(categories[column], (int)value + 1);
                return true;
            },
            static _ => "categories are numbered 0, 1, 2, …, up to a million");
        return categories;
    }

    private static CategoricalEmission Categorical(Observations rows, int count)
    {
        int[] categories = Categories(rows);
        Matrix[] probabilities = new Matrix[rows.Columns];
        for (int d = 0; d < probabilities.Length; d++)
        {
            probabilities[d] = new Matrix(count, categories[d]);
            probabilities[d].Values.Fill(1.0 / categories[d]);
        }

        return new CategoricalEmission(probabilities);
    }

    private static Matrix Repeat(double[] row, int count)
    {
        Matrix result = new(count, row.Length);
        for (int k = 0; k < count; k++) row.CopyTo(result.Row(k));
        return result;
    }
}
