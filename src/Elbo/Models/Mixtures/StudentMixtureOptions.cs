using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// What Student-t mixture to fit, and from where. Parameters to start from: <c>weights</c> <c>[K]</c>, <c>locations</c> <c>[K, D]</c>,
/// <c>scales</c> <c>[K, D, D]</c> or <c>[K, D]</c>, <c>degreesOfFreedom</c> <c>[K]</c>.
/// </summary>
public sealed record StudentMixtureOptions : MixtureOptions
{
    /// <summary>Full or diagonal scale matrices.</summary>
    public CovarianceKind Scale { get; init; } = CovarianceKind.Full;

    /// <summary>ν: of all components where it is not learned, and else where it starts.</summary>
    public double DegreesOfFreedom { get; init; } = 10;

    /// <summary>Whether each component learns its ν, between 1 and 10000.</summary>
    public bool LearnDegreesOfFreedom { get; init; } = true;

    private protected override string Kind => StudentMixture.KindName;

    /// <inheritdoc/>
    public override void Check()
    {
        base.Check();
        if (Scale is not (CovarianceKind.Full or CovarianceKind.Diagonal)) throw new ElboException($"The scale of a Student-t mixture cannot be {GaussianNames.Of(Scale)}; ask for full or diagonal.");
        if (!(DegreesOfFreedom > 0) || double.IsInfinity(DegreesOfFreedom)) throw new ElboException(FormattableString.Invariant($"{DegreesOfFreedom} degrees of freedom were asked for; give a positive finite number."));
        if (LearnDegreesOfFreedom && DegreesOfFreedom is < StudentDegrees.Least or > StudentDegrees.Most)
            throw new ElboException(FormattableString.Invariant($"The degrees of freedom start at {DegreesOfFreedom}; start between {StudentDegrees.Least} and {StudentDegrees.Most}, or do not learn them."));
        if (StartModel is StudentMixture model && model.Scale != Scale) throw new ElboException($"The model to start from has {GaussianNames.Of(model.Scale)} scale, and {GaussianNames.Of(Scale)} was asked for; ask for the same.");
    }
}
