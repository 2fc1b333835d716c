using System.Collections.Concurrent;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>K normal densities with a full covariance each, or one that all share.</summary>
internal sealed class DenseGaussianComponents : GaussianComponents
{
    /// <summary>What the patterns of missing values may keep between passes: 128 MiB.</summary>
    private const long MostPatternValues = 16L << 20;

    private readonly Matrix[] covariances;
    private readonly CholeskyFactor[] factors;
    private readonly double[] lowerInverses, constants;
    private readonly ConcurrentDictionary<string, GaussianPattern> patterns = [];

    private DenseGaussianComponents(Matrix means, Matrix[] covariances, CholeskyFactor[] factors, CovarianceKind kind, double regularization)
        : base(means, kind, regularization)
    {
        this.covariances = covariances;
        this.factors = factors;
        int d = Columns;
        lowerInverses = new double[factors.Length * d * d];
        constants = new double[factors.Length];
        for (int k = 0; k < factors.Length; k++)
        {
            factors[k].InverseLower().Values.CopyTo(lowerInverses.AsSpan(k * d * d));
            constants[k] = -0.5 * (d * LogTwoPi + factors[k].LogDeterminant);
        }
    }

    /// <summary>Factors the covariances: K of them, or 1 that is shared.</summary>
    /// <exception cref="ElboException">One is not positive definite.</exception>
    public static DenseGaussianComponents Create(Matrix means, Matrix[] covariances, CovarianceKind kind, double regularization)
    {
        CholeskyFactor[] factors = new CholeskyFactor[covariances.Length];
        for (int k = 0; k < factors.Length; k++)
        {
            factors[k] = GaussianUpdate.TryFactor(covariances[k]) ?? throw new ElboException(
                $"The covariance of {(kind == CovarianceKind.Tied ? "all components" : $"component {k}")} is not positive definite; give a symmetric matrix whose eigenvalues are positive.");
        }

        return new DenseGaussianComponents(means, covariances, factors, kind, regularization);
    }

    /// <summary>These components with another regularization.</summary>
    public DenseGaussianComponents Regularized(double regularization) =>
        regularization == Regularization ? this : new DenseGaussianComponents(Means, covariances, factors, Kind, regularization);

    public override int StatisticsLength => Components * Columns + covariances.Length * Columns * Columns;

    public override Matrix Covariance(int component) => covariances[Shared(component)].Clone();

    public override NumericArray CovarianceArray
    {
        get
        {
            int d = Columns;
            double[] values = new double[covariances.Length * d * d];
            for (int k = 0; k < covariances.Length; k++) covariances[k].Values.CopyTo(values.AsSpan(k * d * d));
            return Kind == CovarianceKind.Tied ? NumericArray.From<double>(values, d, d) : NumericArray.From<double>(values, covariances.Length, d, d);
        }
    }

    public override void LogDensities(RowBlock rows, Span<double> result)
    {
        if (!rows.MayHaveMissing)
        {
            Distances(rows.Values, Means, lowerInverses, result);
            for (int k = 0; k < Components; k++) RowKernels.Scale(result.Slice(k * rows.Count, rows.Count), -0.5, constants[Shared(k)]);
            return;
        }

        foreach (MissingGroup group in MissingPatterns.Group(rows))
        {
            int members = group.Rows.Count;
            double[] distances = new double[Components * members];
            double[] offsets = constants;
            if (group.Missing.Length == 0)
            {
                Distances(group.Gather(rows), Means, lowerInverses, distances);
            }
            else if (group.Observed.Length > 0)
            {
                GaussianPattern pattern = Pattern(group);
                offsets = pattern.Constants;
                Distances(group.Gather(rows), pattern.Means, pattern.LowerInverses, distances);
            }

            for (int k = 0; k < Components; k++)
            {
                Span<double> logs = distances.AsSpan(k * members, members);
                if (group.Observed.Length > 0) RowKernels.Scale(logs, -0.5, offsets[Shared(k)]);
                for (int i = 0; i < members; i++) result[k * rows.Count + group.Rows[i]] = logs[i];
            }
        }
    }

    public override void Accumulate(RowBlock rows, ReadOnlySpan<double> responsibilities, Span<double> statistics)
    {
        if (!rows.MayHaveMissing)
        {
            if (Kind == CovarianceKind.Tied && !TiedScatter.AreFarApart(Means, covariances[0])) TiedScatter.Add(rows, responsibilities, Means, statistics);
            else for (int k = 0; k < Components; k++) RowKernels.AddOuterProducts(rows.Values, responsibilities.Slice(k * rows.Count, rows.Count), Means.Row(k), First(statistics, k), Second(statistics, k));
            return;
        }

        foreach (MissingGroup group in MissingPatterns.Group(rows))
        {
            if (group.Observed.Length == 0) continue;
            double[] observed = group.Gather(rows), weights = new double[group.Rows.Count];
            GaussianPattern? pattern = group.Missing.Length == 0 ? null : Pattern(group);
            double[] filled = pattern is null ? observed : new double[group.Rows.Count * Columns];
            for (int k = 0; k < Components; k++)
            {
                double total = 0;
                for (int i = 0; i < weights.Length; i++) total += weights[i] = responsibilities[k * rows.Count + group.Rows[i]];
                if (total == 0) continue;
                if (pattern is not null)
                {
                    for (int i = 0; i < weights.Length; i++) Fill(k, group, pattern, observed.AsSpan(i * group.Observed.Length, group.Observed.Length), filled.AsSpan(i * Columns, Columns));
                    Span<double> second = Second(statistics, k);
                    Matrix remainder = pattern.Remainders[Shared(k)];
                    for (int i = 0; i < group.Missing.Length; i++)
                        for (int j = 0; j <= i; j++) second[group.Missing[i] * Columns + group.Missing[j]] += total * remainder[i, j];
                }

                RowKernels.AddOuterProducts(filled, weights, Means.Row(k), First(statistics, k), Second(statistics, k));
            }
        }
    }

    public override ComponentFamily Maximize(ReadOnlySpan<double> counts, ReadOnlySpan<double> statistics)
    {
        Matrix means = Means.Clone();
        Matrix[] scatters = new Matrix[covariances.Length];
        double[] totals = new double[covariances.Length];
        int d = Columns;
        for (int k = 0; k < Components; k++)
        {
            int s = Shared(k);
            Matrix scatter = scatters[s] ??= GaussianUpdate.Symmetric(Second(statistics, k), d);
            totals[s] += counts[k];
            if (counts[k] == 0) continue;
            Span<double> mean = means.Row(k);
            ReadOnlySpan<double> first = First(statistics, k);
            for (int j = 0; j < d; j++) mean[j] += first[j] / counts[k];
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) scatter[i, j] -= first[i] * first[j] / counts[k];
        }

        Matrix[] updated = new Matrix[covariances.Length];
        CholeskyFactor[] updatedFactors = new CholeskyFactor[covariances.Length];
        for (int s = 0; s < updated.Length; s++)
        {
            (updated[s], updatedFactors[s]) = (covariances[s], factors[s]);
            if (totals[s] == 0) continue;
            foreach (ref double value in scatters[s].Values) value /= totals[s];
            (updated[s], updatedFactors[s]) = GaussianUpdate.Covariance(scatters[s], factors[s], covariances[s], Regularization) ?? throw Singular(s, totals[s]);
        }

        return new DenseGaussianComponents(means, updated, updatedFactors, Kind, Regularization);
    }

    public override void Recenter(ReadOnlySpan<double> counts, Span<double> statistics, ComponentFamily family)
    {
        Matrix means = ((DenseGaussianComponents)family).Means;
        double[] shift = new double[Columns];
        for (int k = 0; k < Components; k++)
        {
            Span<double> first = First(statistics, k), second = Second(statistics, k);
            for (int j = 0; j < Columns; j++) shift[j] = Means[k, j] - means[k, j];
            for (int i = 0; i < Columns; i++)
                for (int j = 0; j <= i; j++) second[i * Columns + j] += first[i] * shift[j] + shift[i] * first[j] + counts[k] * shift[i] * shift[j];
            for (int j = 0; j < Columns; j++) first[j] += counts[k] * shift[j];
        }
    }

    public override int VectorLength => (Components + covariances.Length * Columns) * Columns;

    public override void ToVector(Span<double> vector, ComponentFamily units)
    {
        Matrix unit = ((DenseGaussianComponents)units).covariances[0];
        int next = 0;
        for (int k = 0; k < Components; k++)
            for (int j = 0; j < Columns; j++) vector[next++] = Means[k, j] / Math.Sqrt(unit[j, j]);
        foreach (Matrix covariance in covariances)
        {
            for (int i = 0; i < Columns; i++)
                for (int j = 0; j < Columns; j++) vector[next++] = covariance[i, j] / Math.Sqrt(unit[i, i] * unit[j, j]);
        }
    }

    public override ComponentFamily? FromVector(ReadOnlySpan<double> vector)
    {
        Matrix unit = covariances[0], means = new(Components, Columns);
        Matrix[] matrices = new Matrix[covariances.Length];
        CholeskyFactor[] roots = new CholeskyFactor[covariances.Length];
        int next = 0;
        for (int k = 0; k < Components; k++)
            for (int j = 0; j < Columns; j++) means[k, j] = vector[next++] * Math.Sqrt(unit[j, j]);
        for (int s = 0; s < matrices.Length; s++)
        {
            matrices[s] = new Matrix(Columns, Columns);
            for (int i = 0; i < Columns; i++)
                for (int j = 0; j < Columns; j++) matrices[s][i, j] = vector[next++] * Math.Sqrt(unit[i, i] * unit[j, j]);
            Matrix reduced = matrices[s].Clone();
            for (int j = 0; j < Columns; j++) reduced[j, j] -= Regularization;
            // A guess below the regularization would be a maximum that no update can reach.
            if (GaussianUpdate.TryFactor(matrices[s]) is not { } factor || (Regularization > 0 && CholeskyFactor.TryFactor(reduced) is null)) return null;
            roots[s] = factor;
        }

        return new DenseGaussianComponents(means, matrices, roots, Kind, Regularization);
    }

    public override void ConditionalMean(int component, ReadOnlySpan<double> row, Span<double> result)
    {
        MissingGroup group = MissingPatterns.Of(row);
        Fill(component, group, Pattern(group), Observed(row, group), result);
    }

    public override void ConditionalDraw(int component, ReadOnlySpan<double> row, RandomStream random, Span<double> result)
    {
        MissingGroup group = MissingPatterns.Of(row);
        GaussianPattern pattern = Pattern(group);
        Fill(component, group, pattern, Observed(row, group), result);
        Matrix spread = group.Observed.Length == 0 ? factors[Shared(component)].Lower : GaussianUpdate.Root(pattern.Remainders[Shared(component)]);
        for (int i = 0; i < group.Missing.Length; i++)
            for (int j = 0; j < group.Missing.Length; j++) result[group.Missing[i]] += spread[i, j] * random.Normal((ulong)j);
    }

    public override GaussianComponents Conditional(Matrix means, MissingGroup group) => Create(means, Pattern(group).Remainders, Kind, Regularization);

    /// <summary>What the components say of rows that miss given columns; kept while there is room.</summary>
    public GaussianPattern Pattern(MissingGroup group)
    {
        if (patterns.TryGetValue(group.Key, out GaussianPattern? pattern)) return pattern;
        pattern = new GaussianPattern(Means, covariances, group);
        long size = (long)Components * Columns * Columns;
        return (patterns.Count + 1) * size <= MostPatternValues ? patterns.GetOrAdd(group.Key, pattern) : pattern;
    }

    /// <summary>The index of a component's covariance.</summary>
    public int Shared(int component) => Math.Min(component, covariances.Length - 1);

    private void Fill(int component, MissingGroup group, GaussianPattern pattern, ReadOnlySpan<double> observed, Span<double> result)
    {
        ReadOnlySpan<double> center = pattern.Means.Row(component);
        for (int j = 0; j < observed.Length; j++) result[group.Observed[j]] = observed[j];
        for (int i = 0; i < group.Missing.Length; i++)
        {
            ReadOnlySpan<double> slopes = pattern.Regressions[Shared(component)].Row(i);
            double sum = Means[component, group.Missing[i]];
            for (int j = 0; j < observed.Length; j++) sum += slopes[j] * (observed[j] - center[j]);
            result[group.Missing[i]] = sum;
        }
    }

    private void Distances(ReadOnlySpan<double> rows, Matrix means, double[] lowerInverses, Span<double> result)
    {
        if (Kind == CovarianceKind.Tied) RowKernels.SharedTriangularDistances(rows, means, lowerInverses, result);
        else RowKernels.TriangularDistances(rows, means, lowerInverses, result);
    }

    private static double[] Observed(ReadOnlySpan<double> row, MissingGroup group)
    {
        double[] observed = new double[group.Observed.Length];
        for (int j = 0; j < observed.Length; j++) observed[j] = row[group.Observed[j]];
        return observed;
    }

    private Span<double> First(Span<double> statistics, int k) => statistics.Slice(k * Columns, Columns);

    private ReadOnlySpan<double> First(ReadOnlySpan<double> statistics, int k) => statistics.Slice(k * Columns, Columns);

    private Span<double> Second(Span<double> statistics, int k) => statistics.Slice(Components * Columns + Shared(k) * Columns * Columns, Columns * Columns);

    private ReadOnlySpan<double> Second(ReadOnlySpan<double> statistics, int k) => statistics.Slice(Components * Columns + Shared(k) * Columns * Columns, Columns * Columns);
}
