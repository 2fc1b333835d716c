using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// Gaussians whose columns depend on each other: <c>ln p(x) = −½ [D ln 2π + ln det Σ + (x − m)ᵀ Σ⁻¹ (x − m)]</c>, of the columns that are there. The densities,
/// the moments given what is missing, and the M-step are those of the mixtures' components.
/// </summary>
public abstract class DenseGaussianEmission : Emission
{
    private readonly DenseGaussianComponents components;
    private readonly ComponentDensities densities;

    private protected DenseGaussianEmission(Matrix means, Matrix[] covariances, CovarianceKind kind)
        : this(Components(means, covariances, kind))
    {
    }

    private protected DenseGaussianEmission(DenseGaussianComponents components)
        : base(components.Components, components.Columns)
    {
        this.components = components;
        densities = new ComponentDensities(components);
    }

    /// <inheritdoc/>
    public override string Family => EmissionFamilies.Name(EmissionKind.Gaussian, components.Kind);

    /// <inheritdoc/>
    public override string Title => $"Gaussian, {GaussianNames.Of(components.Kind)} covariance";

    /// <inheritdoc/>
    public override Matrix Means => components.Means.Clone();

    /// <inheritdoc/>
    public override long FreeParameters => components.FreeParameters;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => components.Parameters;

    internal override int StatisticsLength => densities.StatisticsLength;

    /// <summary>Σ of one distribution, <c>[D, D]</c>.</summary>
    /// <param name="index">The distribution, from 0.</param>
    public Matrix Covariance(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return components.Covariance(index);
    }

    internal override void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result) => densities.AddLogDensities(rows, result);

    internal override void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics) => densities.Accumulate(rows, weights, statistics);

    internal override Emission Maximize(ReadOnlySpan<double> statistics, EmissionPrior prior)
    {
        double[] counts = statistics[..Count].ToArray();
        for (int k = 0; k < Count; k++)
            if (!(counts[k] > EmissionPrior.Nothing)) counts[k] = 0;
        return With((DenseGaussianComponents)components.Regularized(prior.Regularization).Maximize(counts, statistics[Count..]));
    }

    internal override void AddPseudoRows(Span<double> statistics, EmissionPrior prior) => AddSigmaRows(statistics, prior);

    internal override double LogPrior(EmissionPrior prior) => SigmaRowsLogDensity(prior);

    internal override double Occupancy(ReadOnlySpan<double> statistics, int index) => statistics[index];

    internal override void FillMean(int index, Span<double> row)
    {
        if (VectorMath.IndexOfNaN(row) < 0) return;
        components.ConditionalMean(index, row.ToArray(), row);
    }

    internal override void FillDraw(int index, Span<double> row, RandomStream random)
    {
        if (VectorMath.IndexOfNaN(row) < 0) return;
        components.ConditionalDraw(index, row.ToArray(), random, row);
    }

    private protected abstract Emission With(DenseGaussianComponents components);

    private protected NumericArray CovarianceArray => components.CovarianceArray;

    private static DenseGaussianComponents Components(Matrix means, Matrix[] covariances, CovarianceKind kind)
    {
        EmissionChecks.Finite(means, "mean");
        int count = kind == CovarianceKind.Full ? means.Rows : 1;
        if (covariances.Length != count) throw new ElboException($"{covariances.Length} covariances were given, and {count} {(count == 1 ? "is" : "are")} expected.");
        foreach (Matrix covariance in covariances)
        {
            if (covariance.Rows != means.Columns || covariance.Columns != means.Columns)
                throw new ElboException($"A covariance has the shape [{covariance.Rows}, {covariance.Columns}], and the means have {means.Columns} columns; give [{means.Columns}, {means.Columns}].");
        }

        return (DenseGaussianComponents)GaussianParameters.Components(means.Clone(), [.. covariances.SelectMany(static covariance => covariance.Values.ToArray())], kind, 0);
    }
}
