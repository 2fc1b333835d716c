using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Mixtures;

/// <summary>Random rows with missing values and weights, and the fits that take them.</summary>
internal static class FamilyProblems
{
    public static readonly string[] Families = ["bernoulli", "latent-class", "poisson", "student-full", "student-diagonal", "mixed"];

    /// <summary>Rows of a family from two groups; about one value in six is missing, rows may weigh 0.</summary>
    public static Observations Rows(string family, RandomStream random, int rows, int columns, double missing = 1.0 / 6, bool weighted = true)
    {
        Matrix values = new(rows, columns);
        double[] weights = new double[rows];
        for (int n = 0; n < rows; n++)
        {
            RandomStream row = random.Split((ulong)n);
            int group = row.Uniform(0) < 0.4 ? 1 : 0;
            weights[n] = row.Uniform(1) < 0.05 ? 0 : Math.Round(0.2 + 2 * row.Uniform(2), 3);
            for (int j = 0; j < columns; j++)
            {
                RandomStream cell = row.Split((ulong)j + 10);
                values[n, j] = Draw(family, group, j, cell);
                // The first two rows stay whole, so that no column is without a value or constant by accident alone.
                if (n > 1 && cell.Uniform(5) < missing) values[n, j] = double.NaN;
            }
        }

        weights[0] = weights[1] = 1;
        return Observations.FromMatrix(family, values, null, weighted ? weights : null);
    }

    public static FitResult<MixtureModel> Fit(string family, Observations rows, int components, FitOptions options, Runtime runtime, StartMethod start = StartMethod.KMeans)
    {
        return family switch
        {
            "bernoulli" => Widen(BernoulliMixture.Fit(rows, new BernoulliMixtureOptions { Components = components, Start = start }, options, runtime)),
            "latent-class" => Widen(LatentClassModel.Fit(rows, new LatentClassOptions { Components = components, Start = start }, options, runtime)),
            "poisson" => Widen(PoissonMixture.Fit(rows, new PoissonMixtureOptions { Components = components, Start = start }, options, runtime)),
            "student-full" => Widen(StudentMixture.Fit(rows, new StudentMixtureOptions { Components = components, Start = start }, options, runtime)),
            "student-diagonal" => Widen(StudentMixture.Fit(rows, new StudentMixtureOptions { Components = components, Start = start, Scale = CovarianceKind.Diagonal }, options, runtime)),
            "mixed" => Widen(MixedMixture.Fit(rows, new MixedMixtureOptions { Components = components, Start = start, Families = MixedFamilies(rows.Columns) }, options, runtime)),
            _ => throw new ArgumentException(family),
        };
    }

    /// <summary>A family for each column, in turn: with five columns, each once.</summary>
    public static ColumnFamily[] MixedFamilies(int columns) =>
        [.. Enumerable.Range(0, columns).Select(static j => (j % 5) switch { 0 => ColumnFamily.Normal, 1 => ColumnFamily.Bernoulli, 2 => ColumnFamily.Poisson, 3 => ColumnFamily.Categorical, _ => ColumnFamily.Student })];

    public static double[] LogDensity(RowModel model, Observations rows, Runtime runtime)
    {
        double[] result = new double[rows.Rows];
        model.LogDensity(rows, result, runtime);
        return result;
    }

    public static Observations Observe(params double[][] rows) => Observations.FromMatrix("rows", Matrix.FromRows(rows));

    private static FitResult<MixtureModel> Widen<TModel>(FitResult<TModel> fit)
        where TModel : MixtureModel => new(fit.Model, fit.Bounds, fit.Stop, fit.Iterations, fit.Explanation, fit.TotalWeight);

    private static double Draw(string family, int group, int column, RandomStream random) => family switch
    {
        "bernoulli" => random.Uniform(0) < (group == 0 ? 0.2 : 0.75) ? 1 : 0,
        "latent-class" => Math.Floor((2 + column % 3) * Math.Pow(random.Uniform(0), group == 0 ? 2.5 : 0.5)),
        "mixed" when column % 5 < 4 => Draw(((string[])["student-full", "bernoulli", "poisson", "latent-class"])[column % 5], group, column, random),
        "poisson" => Math.Floor((group == 0 ? 2 : 8) * -Math.Log(random.Uniform(0))),
        _ => (group == 0 ? -2 : 2) + random.Normal(0) / Math.Sqrt(-Math.Log(random.Uniform(1))),
    };
}
