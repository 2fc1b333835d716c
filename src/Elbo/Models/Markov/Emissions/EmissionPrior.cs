namespace Elbo.Models;

/// <summary>What regularizes emissions in a fit, and the scale of the data that it is measured in.</summary>
/// <param name="PseudoRows">How many rows distributed like the data as a whole each state sees beside its own; 0 for maximum likelihood.</param>
/// <param name="Means">The mean of each column.</param>
/// <param name="Variances">The variance of each column.</param>
/// <param name="Floors">The least variance of each column in any state; 0 for none.</param>
/// <param name="ColumnNames">What to call the columns in messages.</param>
internal sealed record EmissionPrior(double PseudoRows, double[] Means, double[] Variances, double[] Floors, IReadOnlyList<string> ColumnNames)
{
    /// <summary>A weight below which a distribution has no rows: the quotient of two sums near the smallest double has no digits.</summary>
    public const double Nothing = 1e-60;
}
