using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>A mixture of M Gaussians in each state: <c>p(x|k) = Σ_m w_km N(x; m_km, Σ_km)</c>.</summary>
public sealed class GaussianMixtureEmission : Emission
{
    private readonly Emission inner;
    private readonly Matrix weights;
    private readonly double[] logWeights;

    /// <summary>Makes the distributions.</summary>
    /// <param name="weights">w, <c>[Count, M]</c>, each row summing to 1.</param>
    /// <param name="components">The Gaussians: Count · M of them, those of the first state first.</param>
    /// <exception cref="ElboException">The weights are no distributions, the numbers do not agree, or the components are not Gaussians.</exception>
    public GaussianMixtureEmission(Matrix weights, Emission components)
        : base(EmissionChecks.Rows(weights), Checked(weights, components).Columns)
    {
        this.weights = EmissionChecks.Distributions(weights, "weights", weights.Rows, weights.Columns);
        inner = components;
        logWeights = new double[inner.Stride];
        for (int i = 0; i < inner.Count; i++) logWeights[i] = Math.Log(weights.Values[i]);
    }

    /// <summary>M, the number of Gaussians in each state.</summary>
    public int Components => weights.Columns;

    /// <summary>w, <c>[Count, M]</c>.</summary>
    public Matrix Weights => weights.Clone();

    /// <summary>The Gaussians, those of the first state first.</summary>
    public Emission Gaussians => inner;

    /// <inheritdoc/>
    public override string Family => EmissionFamilies.Name(EmissionKind.GaussianMixture, EmissionFamilies.Parse(inner.Family).Covariance);

    /// <inheritdoc/>
    public override string Title => $"mixture of {Components} {(Components == 1 ? "Gaussian" : "Gaussians")}, {GaussianNames.Of(EmissionFamilies.Parse(inner.Family).Covariance)} covariance";

    /// <inheritdoc/>
    public override Matrix Means
    {
        get
        {
            Matrix means = inner.Means, result = new(Count, Columns);
            for (int i = 0; i < inner.Count; i++)
                for (int d = 0; d < Columns; d++) result[i / Components, d] += weights.Values[i] * means[i, d];
            return result;
        }
    }

    /// <inheritdoc/>
    public override long FreeParameters => inner.FreeParameters + (long)Count * (Components - 1);

    /// <summary><c>componentWeights</c> <c>[Count, M]</c>, and <c>means</c> and <c>covariances</c> of the Gaussians, those of the first state first.</summary>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => [Named("componentWeights", weights), .. inner.Parameters];

    internal override int StatisticsLength => Stride + inner.StatisticsLength;

    internal override void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result)
    {
        int count = rows.Length / Columns;
        double[] densities = Densities(rows), most = new double[count * Count];
        for (int t = 0; t < count; t++)
        {
            for (int k = 0; k < Count; k++)
            {
                Span<double> terms = densities.AsSpan(t * inner.Stride + k * Components, Components);
                double largest = double.NegativeInfinity;
                foreach (double term in terms) largest = Math.Max(largest, term);
                most[t * Count + k] = largest;
                if (double.IsFinite(largest))
                    foreach (ref double term in terms) term -= largest;
            }
        }

        VectorMath.Exp(densities, densities);
        Span<double> sums = new double[count * Count];
        for (int t = 0; t < count; t++)
            for (int i = 0; i < inner.Count; i++) sums[t * Count + i / Components] += densities[t * inner.Stride + i];
        VectorMath.Log(sums, sums);
        for (int t = 0; t < count; t++)
            for (int k = 0; k < Count; k++) result[t * Stride + k] += most[t * Count + k] + sums[t * Count + k];
    }

    internal override void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics)
    {
        int count = rows.Length / Columns;
        double[] shares = Densities(rows);
        for (int t = 0; t < count; t++)
        {
            for (int k = 0; k < Count; k++)
            {
                Span<double> terms = shares.AsSpan(t * inner.Stride + k * Components, Components);
                double weight = weights[t * Stride + k];
                if (weight == 0)
                {
                    terms.Clear();
                    continue;
                }

                VectorMath.NormalizeLogWeights(terms);
                foreach (ref double term in terms) term *= weight;
            }

            shares.AsSpan(t * inner.Stride + inner.Count, inner.Stride - inner.Count).Clear();
            if (!Missing(rows.Slice(t * Columns, Columns)).All) PaddedRows.Add(weights.Slice(t * Stride, Stride), statistics[..Stride]);
        }

        inner.Accumulate(rows, shares, statistics[Stride..]);
    }

    internal override Emission Maximize(ReadOnlySpan<double> statistics, EmissionPrior prior)
    {
        ReadOnlySpan<double> own = statistics[Stride..];
        Matrix updated = weights.Clone();
        for (int k = 0; k < Count; k++)
        {
            double sum = 0;
            for (int m = 0; m < Components; m++) sum += inner.Occupancy(own, k * Components + m);
            if (!(sum > EmissionPrior.Nothing)) continue;
            for (int m = 0; m < Components; m++) updated[k, m] = inner.Occupancy(own, k * Components + m) / sum;
        }

        return new GaussianMixtureEmission(updated, inner.Maximize(own, prior));
    }

    internal override void AddPseudoRows(Span<double> statistics, EmissionPrior prior)
    {
        for (int k = 0; k < Count; k++) statistics[k] += prior.PseudoRows * Components;
        inner.AddPseudoRows(statistics[Stride..], prior);
    }

    internal override double LogPrior(EmissionPrior prior)
    {
        if (prior.PseudoRows == 0) return 0;
        double sum = inner.LogPrior(prior);
        foreach (double weight in weights.Values) sum += prior.PseudoRows * Math.Log(weight);
        return sum;
    }

    internal override double Occupancy(ReadOnlySpan<double> statistics, int index) => statistics[index];

    internal override void FillMean(int index, Span<double> row)
    {
        if (VectorMath.IndexOfNaN(row) < 0) return;
        ReadOnlySpan<double> shares = Shares(index, row);
        Span<double> filled = new double[Columns], mean = new double[Columns];
        for (int m = 0; m < Components; m++)
        {
            row.CopyTo(filled);
            inner.FillMean(index * Components + m, filled);
            for (int d = 0; d < Columns; d++) mean[d] += shares[m] * filled[d];
        }

        for (int d = 0; d < Columns; d++)
            if (double.IsNaN(row[d])) row[d] = mean[d];
    }

    internal override void FillDraw(int index, Span<double> row, RandomStream random)
    {
        if (VectorMath.IndexOfNaN(row) < 0) return;
        int component = Choice.Next(Shares(index, row), random.Split(0).Uniform(0));
        inner.FillDraw(index * Components + component, row, random.Split(1));
    }

    /// <summary>p(m|what is there, k).</summary>
    private Span<double> Shares(int index, ReadOnlySpan<double> row)
    {
        Span<double> shares = Densities(row).AsSpan(index * Components, Components);
        VectorMath.NormalizeLogWeights(shares);
        return shares;
    }

    /// <summary>ln w + ln N of each Gaussian, padded rows of the inner distributions.</summary>
    private double[] Densities(ReadOnlySpan<double> rows)
    {
        int count = rows.Length / Columns;
        double[] result = new double[count * inner.Stride];
        inner.AddLogDensities(rows, result);
        for (int t = 0; t < count; t++) PaddedRows.Add(logWeights, result.AsSpan(t * inner.Stride, inner.Stride));
        return result;
    }

    private static Emission Checked(Matrix weights, Emission components)
    {
        ArgumentNullException.ThrowIfNull(components);
        if (EmissionFamilies.Parse(components.Family).Kind != EmissionKind.Gaussian) throw new ElboException($"The components are {components.Title}; a mixture of Gaussians needs Gaussians.");
        if (components.Count != weights.Rows * weights.Columns)
            throw new ElboException($"{components.Count} Gaussians were given for {weights.Rows} states with {weights.Columns} weights each; give {weights.Rows * weights.Columns}.");
        return components;
    }
}
