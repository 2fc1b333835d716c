namespace Elbo.Models.Factors;

/// <summary>What the noise variances of a mixture of factor models may be.</summary>
public enum FactorNoise
{
    /// <summary>One variance for all columns in each component: a mixture of probabilistic principal component analysers (Tipping and Bishop, 1999).</summary>
    Isotropic,

    /// <summary>A variance for each column in each component: a mixture of factor analysers.</summary>
    Diagonal,

    /// <summary>A variance for each column, the same in all components: the mixture of factor analysers as first proposed (Ghahramani and Hinton, 1996).</summary>
    Shared,
}

/// <summary>The kinds of noise by name.</summary>
internal static class FactorNoises
{
    public static string Name(FactorNoise noise) => noise switch
    {
        FactorNoise.Isotropic => "isotropic",
        FactorNoise.Diagonal => "diagonal",
        _ => "shared",
    };

    public static FactorNoise Parse(string name) => name switch
    {
        "isotropic" => FactorNoise.Isotropic,
        "diagonal" => FactorNoise.Diagonal,
        "shared" => FactorNoise.Shared,
        _ => throw new Numerics.ElboException($"The noise of a mixture of factor models is '{name}'; known are isotropic, diagonal and shared."),
    };
}
