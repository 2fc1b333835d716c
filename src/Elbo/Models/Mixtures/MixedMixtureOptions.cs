using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// What mixture of mixed columns to fit, and from where. Parameters to start from: <c>weights</c> <c>[K]</c> and those of each family with its name and a dot before
/// them, in the order of the columns: <c>normal.means</c>, <c>normal.covariances</c>, <c>bernoulli.probabilities</c>, <c>categorical.probabilities</c>,
/// <c>poisson.rates</c>; of a Student-t column with its number: <c>student3.locations</c>, <c>student3.scales</c>, <c>student3.degreesOfFreedom</c>.
/// </summary>
public sealed record MixedMixtureOptions : MixtureOptions
{
    /// <summary>The family of each column.</summary>
    public IReadOnlyList<ColumnFamily> Families { get; init; } = [];

    /// <summary>What the covariances of the normal columns may be.</summary>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Diagonal;

    /// <summary>The levels of the categorical columns, in their order; null for the values that occur.</summary>
    public CategoryLevels? Levels { get; init; }

    /// <summary>ν of the Student-t columns: of all components where it is not learned, and else where it starts.</summary>
    public double DegreesOfFreedom { get; init; } = 10;

    /// <summary>Whether each component learns a ν for each Student-t column, between 1 and 10000.</summary>
    public bool LearnDegreesOfFreedom { get; init; } = true;

    /// <summary>The options of a mixture of one Student-t column.</summary>
    internal StudentMixtureOptions Student => new()
    {
        Components = Components,
        Regularization = Regularization,
        Scale = CovarianceKind.Diagonal,
        DegreesOfFreedom = DegreesOfFreedom,
        LearnDegreesOfFreedom = LearnDegreesOfFreedom,
    };

    private protected override string Kind => MixedMixture.KindName;

    /// <inheritdoc/>
    public override void Check()
    {
        base.Check();
        Student.Check();
        if (Families is null || Families.Count == 0) throw new ElboException("No family was given for any column; give one for each: normal, bernoulli, categorical, poisson or student.");
        int categorical = Families.Count(static family => family == ColumnFamily.Categorical);
        if (Levels is not null && Levels.Columns != categorical) throw new ElboException($"Levels were given for {Levels.Columns} columns, and {categorical} are categorical; give them for each of these.");
        if (StartModel is MixedMixture model && !model.Families.SequenceEqual(Families))
            throw new ElboException($"The model to start from has the column families {List(model.Families)}, and {List(Families)} were asked for; ask for the same.");
    }

    private static string List(IReadOnlyList<ColumnFamily> families) => string.Join(", ", families.Select(ColumnFamilyNames.Of));
}
