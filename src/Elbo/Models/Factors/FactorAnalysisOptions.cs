using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>What to fit as a <see cref="FactorAnalysis"/>.</summary>
public sealed record FactorAnalysisOptions
{
    /// <summary>Q, the number of factors, from 0 to the number of columns.</summary>
    public int Factors { get; init; } = 2;

    /// <summary>How to rotate the loadings after the fit. The likelihood does not depend on it.</summary>
    public FactorRotation Rotation { get; init; }

    /// <summary>
    /// The least noise variance of a column, as a share of its variance. The likelihood may be highest where a noise variance is 0 (a Heywood case);
    /// the columns that end at the floor are reported in <see cref="FactorAnalysis.HeywoodColumns"/>.
    /// </summary>
    public double NoiseFloor { get; init; } = 1e-6;

    /// <summary>The noise variances to start from, <c>[D]</c>; null for a start that follows from the scale of the columns.</summary>
    public IReadOnlyList<double>? StartNoise { get; init; }

    /// <summary>A model to start from; null for none. <see cref="StartNoise"/> wins where no value is missing.</summary>
    public FactorAnalysis? Start { get; init; }

    internal void Check(int columns, string name)
    {
        FactorStart.CheckFactors(Factors, columns, name);
        FactorStart.CheckFloor(NoiseFloor);
        FactorStart.CheckStart(Start, columns, Factors);
        if (StartNoise is null) return;
        if (StartNoise.Count != columns) throw new ElboException($"{StartNoise.Count} noise variances were given to start from for the {columns} columns of '{name}'; give one for each.");
        FactorDefinition.CheckNoise([.. StartNoise]);
    }
}
