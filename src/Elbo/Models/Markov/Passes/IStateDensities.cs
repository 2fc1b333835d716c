namespace Elbo.Models;

/// <summary>
/// What the passes over a chain need of the distributions of a row in each state. They may be log densities, or expectations of log densities, which need not be
/// those of any distribution.
/// </summary>
internal interface IStateDensities
{
    /// <summary>The length of a padded row with one value per distribution.</summary>
    int Stride { get; }

    /// <summary>How many sums <see cref="Accumulate"/> adds to.</summary>
    int StatisticsLength { get; }

    /// <summary>The log density of each row under each distribution, in nats with every constant; 0 for a row of missing values alone.</summary>
    /// <param name="rows"><c>[count, D]</c>, NaN where missing.</param>
    /// <param name="result"><c>[count, stride]</c>, zeros on entry; the padding receives finite numbers of no meaning.</param>
    void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result);

    /// <summary>Adds weighted rows to the expected sufficient statistics.</summary>
    /// <param name="rows"><c>[count, D]</c>, NaN where missing.</param>
    /// <param name="weights"><c>[count, stride]</c>, 0 in the padding.</param>
    /// <param name="statistics">The sums, <see cref="StatisticsLength"/> of them; those of two sets of rows add.</param>
    void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics);
}
