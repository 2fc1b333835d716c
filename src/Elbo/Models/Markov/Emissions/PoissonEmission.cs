using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>Independent counts: <c>ln p(x) = Σ_d [x_d ln λ_d − λ_d − ln x_d!]</c>.</summary>
public sealed class PoissonEmission : Emission
{
    private readonly Matrix rates;
    private readonly CountDensities densities;

    /// <summary>Makes the distributions.</summary>
    /// <param name="rates">λ, <c>[Count, D]</c>, not negative; at 0 only the count 0 is possible.</param>
    /// <exception cref="ElboException">A rate is negative or not finite.</exception>
    public PoissonEmission(Matrix rates)
        : base(EmissionChecks.Rows(rates), rates.Columns)
    {
        this.rates = EmissionChecks.NotNegative(rates, "rate", rates.Rows, rates.Columns);
        Matrix logs = rates.Clone();
        foreach (ref double value in logs.Values) value = Math.Log(value);
        densities = new CountDensities(rates, logs);
    }

    /// <inheritdoc/>
    public override string Family => "poisson";

    /// <inheritdoc/>
    public override string Title => "Poisson";

    /// <inheritdoc/>
    public override Matrix Means => rates.Clone();

    /// <summary>λ, <c>[Count, D]</c>.</summary>
    public Matrix Rates => rates.Clone();

    /// <inheritdoc/>
    public override long FreeParameters => (long)Count * Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => [Named("rates", rates)];

    internal override int StatisticsLength => densities.StatisticsLength;

    internal override void Check(Observations rows)
    {
        base.Check(rows);
        EmissionChecks.Counts(rows);
    }

    internal override void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result) => densities.AddLogDensities(rows, result);

    internal override void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics) => densities.Accumulate(rows, weights, statistics);

    internal override Emission Maximize(ReadOnlySpan<double> statistics, EmissionPrior prior)
    {
        Matrix result = new(Count, Columns);
        for (int k = 0; k < Count; k++)
        {
            for (int d = 0; d < Columns; d++)
            {
                double number = statistics[densities.Number(d) + k];
                result[k, d] = number > EmissionPrior.Nothing ? statistics[densities.Sum(d) + k] / number : rates[k, d];
            }
        }

        return new PoissonEmission(result);
    }

    internal override void AddPseudoRows(Span<double> statistics, EmissionPrior prior)
    {
        for (int k = 0; k < Count; k++)
        {
            statistics[k] += prior.PseudoRows;
            for (int d = 0; d < Columns; d++)
            {
                statistics[densities.Number(d) + k] += prior.PseudoRows;
                statistics[densities.Sum(d) + k] += prior.PseudoRows * prior.Means[d];
            }
        }
    }

    internal override double LogPrior(EmissionPrior prior)
    {
        double sum = 0;
        if (prior.PseudoRows == 0) return 0;
        for (int k = 0; k < Count; k++)
            for (int d = 0; d < Columns; d++) sum += prior.PseudoRows * ((prior.Means[d] == 0 ? 0 : prior.Means[d] * Math.Log(rates[k, d])) - rates[k, d]);
        return sum;
    }

    /// <summary>The expected number of values of one column of one distribution, and their sum.</summary>
    internal (double Number, double Sum) Sums(ReadOnlySpan<double> statistics, int index, int column) => (statistics[densities.Number(column) + index], statistics[densities.Sum(column) + index]);

    internal override double Occupancy(ReadOnlySpan<double> statistics, int index) => statistics[index];

    internal override void FillMean(int index, Span<double> row)
    {
        for (int d = 0; d < row.Length; d++)
            if (double.IsNaN(row[d])) row[d] = rates[index, d];
    }

    internal override void FillDraw(int index, Span<double> row, RandomStream random)
    {
        for (int d = 0; d < row.Length; d++)
            if (double.IsNaN(row[d])) row[d] = PoissonDraw.Next(rates[index, d], random.Split((ulong)d));
    }
}
