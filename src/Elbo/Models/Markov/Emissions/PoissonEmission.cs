using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>Independent counts: <c>ln p(x) = Σ_d [x_d ln λ_d − λ_d − ln x_d!]</c>.</summary>
public sealed class PoissonEmission : Emission
{
    private readonly Matrix rates;
    private readonly double[] padded;
    private readonly double[] logRates;
    private readonly double[] negated;

    /// <summary>Makes the distributions.</summary>
    /// <param name="rates">λ, <c>[Count, D]</c>, not negative; at 0 only the count 0 is possible.</param>
    /// <exception cref="ElboException">A rate is negative or not finite.</exception>
    public PoissonEmission(Matrix rates)
        : base(EmissionChecks.Rows(rates), rates.Columns)
    {
        this.rates = EmissionChecks.NotNegative(rates, "rate", rates.Rows, rates.Columns);
        padded = PaddedRows.PadTransposed(rates);
        logRates = new double[padded.Length];
        negated = new double[padded.Length];
        for (int i = 0; i < padded.Length; i++)
        {
            logRates[i] = i % Stride < Count ? Math.Log(padded[i]) : 0;
            negated[i] = -padded[i];
        }
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

    internal override int StatisticsLength => Stride + 2 * Columns * Stride;

    internal override void Check(Observations rows)
    {
        base.Check(rows);
        EmissionChecks.Values(rows, static (_, value) => value >= 0 && Math.Floor(value) == value, static _ => "Poisson emissions need counts: 0, 1, 2, …, or nothing where missing");
    }

    internal override void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result)
    {
        Span<double> value = stackalloc double[1];
        for (int t = 0; t < result.Length / Stride; t++)
        {
            ReadOnlySpan<double> row = rows.Slice(t * Columns, Columns);
            Span<double> target = result.Slice(t * Stride, Stride);
            double factorials = 0;
            for (int d = 0; d < Columns; d++)
            {
                double x = row[d];
                if (double.IsNaN(x)) continue;
                PaddedRows.Add(negated.AsSpan(d * Stride, Stride), target);
                if (x == 0) continue;
                PaddedRows.AddScaled(x, logRates.AsSpan(d * Stride, Stride), target);
                if (x == 1) continue;
                value[0] = x + 1;
                VectorMath.LogGamma(value, value);
                factorials += value[0];
            }

            if (factorials == 0) continue;
            foreach (ref double one in target) one -= factorials;
        }
    }

    internal override void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics)
    {
        int size = Columns * Stride;
        for (int t = 0; t < weights.Length / Stride; t++)
        {
            ReadOnlySpan<double> row = rows.Slice(t * Columns, Columns), weight = weights.Slice(t * Stride, Stride);
            if (!Missing(row).All) PaddedRows.Add(weight, statistics[..Stride]);
            for (int d = 0; d < Columns; d++)
            {
                double x = row[d];
                if (double.IsNaN(x)) continue;
                PaddedRows.Add(weight, statistics.Slice(Stride + d * Stride, Stride));
                if (x != 0) PaddedRows.AddScaled(x, weight, statistics.Slice(Stride + size + d * Stride, Stride));
            }
        }
    }

    internal override Emission Maximize(ReadOnlySpan<double> statistics, EmissionPrior prior)
    {
        Matrix result = new(Count, Columns);
        for (int k = 0; k < Count; k++)
        {
            for (int d = 0; d < Columns; d++)
            {
                int at = Stride + d * Stride + k;
                result[k, d] = statistics[at] > EmissionPrior.Nothing ? statistics[at + Columns * Stride] / statistics[at] : rates[k, d];
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
                statistics[Stride + d * Stride + k] += prior.PseudoRows;
                statistics[Stride + (Columns + d) * Stride + k] += prior.PseudoRows * prior.Means[d];
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
