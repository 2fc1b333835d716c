using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>The names of the families of emissions, and how a stored model's are read.</summary>
internal static class EmissionFamilies
{
    private const string Gaussian = "gaussian-", Mixture = "gaussian-mixture-";

    public static string Name(EmissionKind kind, CovarianceKind covariance) => kind switch
    {
        EmissionKind.Gaussian => Gaussian + GaussianNames.Of(covariance),
        EmissionKind.GaussianMixture => Mixture + GaussianNames.Of(covariance),
        EmissionKind.Bernoulli => "bernoulli",
        EmissionKind.Categorical => "categorical",
        EmissionKind.Poisson => "poisson",
        _ => throw new ElboException($"There is no family of emissions {kind}."),
    };

    public static (EmissionKind Kind, CovarianceKind Covariance) Parse(string family)
    {
        foreach (EmissionKind kind in Enum.GetValues<EmissionKind>())
            foreach (CovarianceKind covariance in Enum.GetValues<CovarianceKind>())
                if (Name(kind, covariance) == family) return (kind, covariance);
        throw new ElboException($"The model's emissions are of the family '{family}', which this version does not know.");
    }

    public static Emission Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        string family = definition.TryGetProperty("emission", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";
        (EmissionKind kind, CovarianceKind covariance) = Parse(family);
        int[]? categories = definition.TryGetProperty("categories", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(static item => item.TryGetInt32(out int value) ? value : 0)]
            : null;
        return Load(kind, covariance, categories, parameters);
    }

    /// <param name="kind">The family.</param>
    /// <param name="covariance">The covariances of Gaussians.</param>
    /// <param name="categories">The number of categories of each column; null for one column.</param>
    /// <param name="parameters">The parameters by name.</param>
    public static Emission Load(EmissionKind kind, CovarianceKind covariance, int[]? categories, IReadOnlyDictionary<string, NumericArray> parameters) =>
        kind switch
        {
            EmissionKind.Gaussian => LoadGaussian(covariance, parameters),
            EmissionKind.GaussianMixture => new GaussianMixtureEmission(Matrix(parameters, "componentWeights"), LoadGaussian(covariance, parameters)),
            EmissionKind.Bernoulli => new BernoulliEmission(Matrix(parameters, "probabilities")),
            EmissionKind.Poisson => new PoissonEmission(Matrix(parameters, "rates")),
            _ => LoadCategorical(categories, Matrix(parameters, "probabilities")),
        };

    public static NumericArray Array(IReadOnlyDictionary<string, NumericArray> parameters, string name, int rank)
    {
        if (!parameters.TryGetValue(name, out NumericArray? array)) throw new ElboException($"The model has no parameter '{name}'; it is incomplete or of another kind.");
        if (array.Rank != rank) throw new ElboException($"The parameter '{name}' has {array.Rank} extents, and {rank} are expected.");
        return array;
    }

    public static Matrix Matrix(IReadOnlyDictionary<string, NumericArray> parameters, string name)
    {
        NumericArray array = Array(parameters, name, 2);
        return new Matrix(array.Shape[0], array.Shape[1], array.ToDouble());
    }

    private static Emission LoadGaussian(CovarianceKind kind, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        Matrix means = Matrix(parameters, "means");
        switch (kind)
        {
            case CovarianceKind.Full:
                NumericArray array = Array(parameters, "covariances", 3);
                double[] values = array.ToDouble();
                int size = array.Shape[1] * array.Shape[2];
                return new FullGaussianEmission(means, [.. Enumerable.Range(0, array.Shape[0]).Select(k => new Matrix(array.Shape[1], array.Shape[2], values.AsSpan(k * size, size).ToArray()))]);
            case CovarianceKind.Tied:
                return new TiedGaussianEmission(means, Matrix(parameters, "covariances"));
            case CovarianceKind.Diagonal:
                return new DiagonalGaussianEmission(means, Matrix(parameters, "covariances"));
            default:
                return new SphericalGaussianEmission(means, Array(parameters, "covariances", 1).ToDouble());
        }
    }

    private static CategoricalEmission LoadCategorical(int[]? categories, Matrix table)
    {
        int[] counts = categories ?? [table.Columns];
        if (counts.Length == 0 || counts.Min() < 1 || counts.Sum() != table.Columns)
            throw new ElboException($"The model's columns have {counts.Sum()} categories together, and its table has {table.Columns}.");
        return CategoricalEmission.FromTable(table, counts);
    }
}
