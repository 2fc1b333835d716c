using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>Posterior predictive distributions of a row: they follow from a posterior, and have no maximisation step of their own.</summary>
internal abstract class PredictiveEmission(int count, int columns, long freeParameters) : Emission(count, columns)
{
    public override long FreeParameters => freeParameters;

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => [Named("means", Means)];

    internal override int StatisticsLength => throw NotFitted();

    internal override void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics) => throw NotFitted();

    internal override Emission Maximize(ReadOnlySpan<double> statistics, EmissionPrior prior) => throw NotFitted();

    internal override void AddPseudoRows(Span<double> statistics, EmissionPrior prior) => throw NotFitted();

    internal override double LogPrior(EmissionPrior prior) => throw NotFitted();

    internal override double Occupancy(ReadOnlySpan<double> statistics, int index) => throw NotFitted();

    private static NotSupportedException NotFitted() => new("Posterior predictive distributions follow from a posterior and are not fitted by themselves.");
}
