using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Markov;

/// <summary>Small models and rows that tests share.</summary>
internal static class MarkovSamples
{
    /// <summary>Russell and Norvig's umbrella world: state 0 is rain, category 0 an umbrella.</summary>
    public static HiddenMarkovModel Umbrella => new([0.5, 0.5], Matrix.FromRows([0.7, 0.3], [0.3, 0.7]), new CategoricalEmission(Matrix.FromRows([0.9, 0.1], [0.2, 0.8])));

    public static Observations UmbrellaRows => Column(0, 0, 1, 0, 0);

    public static HiddenMarkovModel Rainy => new([0.6, 0.4], Matrix.FromRows([0.7, 0.3], [0.4, 0.6]), new CategoricalEmission(Matrix.FromRows([0.1, 0.4, 0.5], [0.6, 0.3, 0.1])));

    public static readonly string[] Families =
        ["gaussian-full", "gaussian-tied", "gaussian-diagonal", "gaussian-spherical", "gaussian-mixture-full", "gaussian-mixture-diagonal", "bernoulli", "categorical", "poisson"];

    /// <summary>Options that fit a family.</summary>
    public static HiddenMarkovOptions Options(string family, int states)
    {
        (EmissionKind kind, CovarianceKind covariance) = EmissionFamilies.Parse(family);
        return new HiddenMarkovOptions { States = states, Emission = kind, Covariance = covariance };
    }

    public static Observations Column(params double[] values) => Observations.FromMatrix("column", new Matrix(values.Length, 1, values));

    public static Matrix Normals(int rows, int columns, RandomStream random, double scale = 1)
    {
        Matrix result = new(rows, columns);
        for (int i = 0; i < rows * columns; i++) result.Values[i] = scale * random.Normal((ulong)i);
        return result;
    }

    public static double[] Distribution(int count, RandomStream random, double power = 1)
    {
        double[] result = new double[count];
        for (int i = 0; i < count; i++) result[i] = Math.Pow(-Math.Log(random.Uniform((ulong)i)), power);
        double sum = result.Sum();
        for (int i = 0; i < count; i++) result[i] /= sum;
        return result;
    }

    public static Matrix Stochastic(int rows, int columns, RandomStream random, double power = 1)
    {
        Matrix result = new(rows, columns);
        for (int i = 0; i < rows; i++) Distribution(columns, random.Split((ulong)i), power).CopyTo(result.Row(i));
        return result;
    }

    /// <summary>A model of random parameters of any family.</summary>
    public static HiddenMarkovModel RandomModel(string family, int states, int columns, RandomStream random) =>
        new(Distribution(states, random.Split(0)), Stochastic(states, states, random.Split(1), 2), RandomEmission(family, states, columns, random.Split(2)));

    public static Emission RandomEmission(string family, int count, int columns, RandomStream random)
    {
        Matrix means = Normals(count, columns, random.Split(0), 2), positive = new(count, columns), probabilities = new(count, columns);
        for (int i = 0; i < count * columns; i++)
        {
            positive.Values[i] = 0.3 + 2 * random.Split(1).Uniform((ulong)i);
            probabilities.Values[i] = random.Split(2).Uniform((ulong)i);
        }

        return family switch
        {
            "gaussian-full" => new FullGaussianEmission(means, [.. Enumerable.Range(0, count).Select(k => Covariance(columns, random.Split(20 + (ulong)k)))]),
            "gaussian-tied" => new TiedGaussianEmission(means, Covariance(columns, random.Split(20))),
            "gaussian-diagonal" => new DiagonalGaussianEmission(means, positive),
            "gaussian-spherical" => new SphericalGaussianEmission(means, [.. Enumerable.Range(0, count).Select(k => positive[k, 0])]),
            "gaussian-mixture-full" => new GaussianMixtureEmission(Stochastic(count, 2, random.Split(30)), RandomEmission("gaussian-full", 2 * count, columns, random.Split(31))),
            "gaussian-mixture-diagonal" => new GaussianMixtureEmission(Stochastic(count, 2, random.Split(30)), RandomEmission("gaussian-diagonal", 2 * count, columns, random.Split(31))),
            "poisson" => new PoissonEmission(positive),
            "bernoulli" => new BernoulliEmission(probabilities),
            _ => new CategoricalEmission([.. Enumerable.Range(0, columns).Select(d => Stochastic(count, 3 + d, random.Split(10 + (ulong)d)))]),
        };
    }

    /// <summary>A random covariance matrix whose columns depend on each other.</summary>
    public static Matrix Covariance(int columns, RandomStream random)
    {
        Matrix root = Normals(columns, columns, random), result = root * root.Transpose();
        for (int d = 0; d < columns; d++) result[d, d] += 0.3;
        return result;
    }

    /// <summary>Rows drawn from a model, with some values and some whole rows missing.</summary>
    public static Matrix Rows(HiddenMarkovModel model, int count, RandomStream random, double missing = 0)
    {
        Matrix rows = model.Sample(count, random.Split(0));
        RandomStream gaps = random.Split(1);
        for (int t = 0; t < count; t++)
        {
            for (int d = 0; d < rows.Columns; d++)
                if (gaps.Uniform((ulong)(t * rows.Columns + d)) < missing || gaps.Split(1).Uniform((ulong)t) < missing / 2) rows[t, d] = double.NaN;
        }

        return rows;
    }
}
