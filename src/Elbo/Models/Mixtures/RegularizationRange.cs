using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Checks what keeps the parameters of discrete components from the ends of their range.</summary>
internal static class RegularizationRange
{
    /// <summary>Below it 1 − ε is 1.</summary>
    private const double Least = 1e-15;

    /// <summary>Throws unless each of some categories can have the least probability.</summary>
    public static void Check(double regularization, int categories)
    {
        if (!(regularization >= Least && regularization * categories < 1))
            throw new ElboException(FormattableString.Invariant($"The regularization is {regularization}; it is the least that a probability may be: give a number of at least {Least} and below 1/{categories}."));
    }

    /// <summary>Throws unless a rate can be at least this.</summary>
    public static void CheckPositive(double regularization)
    {
        if (!(regularization >= Least) || double.IsInfinity(regularization))
            throw new ElboException(FormattableString.Invariant($"The regularization is {regularization}; it is the least that a rate may be: give a finite number of at least {Least}."));
    }
}
