using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>What mixture of factor models to fit.</summary>
public sealed record FactorMixtureOptions
{
    /// <summary>K, at least 1.</summary>
    public int Components { get; init; } = 1;

    /// <summary>Q, the number of factors of each component, from 0 to the number of columns.</summary>
    public int Factors { get; init; } = 2;

    /// <summary>What the noise variances may be.</summary>
    public FactorNoise Noise { get; init; }

    /// <summary>The least noise variance, as a share of the variance of the column over all rows (isotropic: of the mean of these variances), so that no component collapses.</summary>
    public double NoiseFloor { get; init; } = 1e-4;

    /// <summary>How to start.</summary>
    public StartMethod Start { get; init; } = StartMethod.KMeans;

    /// <summary>A fitted mixture to start from, of the same sizes and noise; null to start from the rows alone.</summary>
    public FactorMixture? StartModel { get; init; }

    internal void Check(int columns, string name)
    {
        if (Components < 1) throw new ElboException($"{Components} components were asked for; at least 1 is needed.");
        FactorStart.CheckFactors(Factors, columns, name);
        FactorStart.CheckFloor(NoiseFloor);
        if (StartModel is null) return;
        if ((StartModel.Components, StartModel.Columns, StartModel.Factors, StartModel.Noise) != (Components, columns, Factors, Noise))
        {
            throw new ElboException(
                $"The model to start from has {StartModel.Components} components, {StartModel.Columns} columns, {StartModel.Factors} factors and {FactorNoises.Name(StartModel.Noise)} noise, "
                + $"and {Components}, {columns}, {Factors} and {FactorNoises.Name(Noise)} are to be fitted; start from a model of the same sizes.");
        }
    }
}
