using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Emissions of each family whose every state looks like the data as a whole: what a first M-step is taken from.</summary>
internal static class EmissionStarts
{
    public static Emission Of(Observations rows, Matrix sample, HiddenMarkovOptions options, EmissionPrior prior)
    {
        int count = options.StateEmissions is { } ties ? ties.Max() + 1 : options.States;
        Emission emission = options.Emission switch
        {
            EmissionKind.GaussianDiagonal => new DiagonalGaussianEmission(Repeat(prior.Means, count), Repeat(Scales(prior), count)),
            EmissionKind.GaussianSpherical => new SphericalGaussianEmission(Repeat(prior.Means, count), [.. Enumerable.Repeat(Scales(prior).Average(), count)]),
            EmissionKind.Bernoulli => new BernoulliEmission(Repeat([.. prior.Means.Select(static mean => Math.Clamp(mean, 0, 1))], count)),
            EmissionKind.Poisson => new PoissonEmission(Repeat([.. prior.Means.Select(static mean => Math.Max(mean, 0))], count)),
            EmissionKind.Categorical => Categorical(rows, count),
            _ => throw new ElboException($"There is no family of emissions {options.Emission}."),
        };
        emission.Check(rows);
        return emission;
    }

    private static CategoricalEmission Categorical(Observations rows, int count)
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
        Matrix[] probabilities = new Matrix[rows.Columns];
        for (int d = 0; d < probabilities.Length; d++)
        {
            probabilities[d] = new Matrix(count, categories[d]);
            probabilities[d].Values.Fill(1.0 / categories[d]);
        }

        return new CategoricalEmission(probabilities);
    }

    private static double[] Scales(EmissionPrior prior)
    {
        double[] result = [.. prior.Variances];
        for (int d = 0; d < result.Length; d++)
        {
            if (result[d] > 0) continue;
            throw new ElboException($"Column '{prior.ColumnNames[d]}' is constant at {prior.Means[d]}, so no Gaussian density of it has a maximum; leave the column out.");
        }

        return result;
    }

    private static Matrix Repeat(double[] row, int count)
    {
        Matrix result = new(count, row.Length);
        for (int k = 0; k < count; k++) row.CopyTo(result.Row(k));
        return result;
    }
}
