using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>What to fit as a <see cref="ProbabilisticPca"/>.</summary>
public sealed record ProbabilisticPcaOptions
{
    /// <summary>Q, the number of factors, from 0 to the number of columns.</summary>
    public int Factors { get; init; } = 2;

    /// <summary>Fits by EM even where the maximum has a closed form.</summary>
    public bool Iterate { get; init; }

    /// <summary>The least noise variance, as a share of the mean variance of the columns: reached where the rows lie in a space of Q dimensions.</summary>
    public double NoiseFloor { get; init; } = 1e-9;

    /// <summary>Where EM starts; null for the principal directions of the rows with each missing value at its column's mean.</summary>
    public ProbabilisticPca? Start { get; init; }

    internal void Check(int columns, string name)
    {
        FactorStart.CheckFactors(Factors, columns, name);
        FactorStart.CheckFloor(NoiseFloor);
        FactorStart.CheckStart(Start, columns, Factors);
    }
}
