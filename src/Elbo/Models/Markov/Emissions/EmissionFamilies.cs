using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>Reads emissions of any family from a stored model.</summary>
internal static class EmissionFamilies
{
    public static Emission Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        string family = definition.TryGetProperty("emission", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";
        return family switch
        {
            "gaussian-diagonal" => new DiagonalGaussianEmission(Matrix(parameters, "means"), Matrix(parameters, "variances")),
            "gaussian-spherical" => new SphericalGaussianEmission(Matrix(parameters, "means"), Array(parameters, "variances", 1).ToDouble()),
            "bernoulli" => new BernoulliEmission(Matrix(parameters, "probabilities")),
            "poisson" => new PoissonEmission(Matrix(parameters, "rates")),
            "categorical" => CategoricalEmission.FromTable(Matrix(parameters, "probabilities"), Categories(definition, parameters)),
            _ => throw new ElboException($"The model's emissions are of the family '{family}', which this version does not know."),
        };
    }

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

    private static int[] Categories(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        int cells = Array(parameters, "probabilities", 2).Shape[1];
        if (!definition.TryGetProperty("categories", out JsonElement list) || list.ValueKind != JsonValueKind.Array) return [cells];
        int[] result = [.. list.EnumerateArray().Select(static item => item.TryGetInt32(out int value) ? value : 0)];
        if (result.Length == 0 || result.Min() < 1 || result.Sum() != cells) throw new ElboException($"The model's columns have {result.Sum()} categories together, and its table has {cells}.");
        return result;
    }
}
