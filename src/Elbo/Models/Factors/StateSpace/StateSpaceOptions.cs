using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>What to fit as a <see cref="StateSpaceModel"/>.</summary>
public sealed record StateSpaceOptions
{
    /// <summary>S, the number of dimensions of the state, at least 1; it may exceed the number of columns.</summary>
    public int States { get; init; } = 2;

    /// <summary>The least noise variance of a column, as a share of its variance.</summary>
    public double NoiseFloor { get; init; } = 1e-6;

    /// <summary>A model to start from, of the same sizes; null to start from the rows alone.</summary>
    public StateSpaceModel? Start { get; init; }

    internal void Check(int columns)
    {
        if (States < 1) throw new ElboException($"{States} states were asked for; at least 1 is needed.");
        FactorStart.CheckFloor(NoiseFloor);
        if (Start is not null && (Start.Columns != columns || Start.States != States))
            throw new ElboException($"The model to start from has {Start.Columns} columns and {Start.States} states, and {columns} and {States} are to be fitted; start from a model of the same sizes.");
    }
}
