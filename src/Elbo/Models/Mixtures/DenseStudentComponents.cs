using System.Collections.Concurrent;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>K Student-t densities with a full scale matrix each.</summary>
internal sealed class DenseStudentComponents : StudentMixtureComponents
{
    /// <summary>What the patterns of missing values may keep between passes: 128 MiB.</summary>
    private const long MostPatternValues = 16L << 20;

    private const double LogTwoPi = 1.8378770664093454836;

    private readonly Matrix[] scales;
    private readonly CholeskyFactor[] factors;
    private readonly double[] lowerInverses;
    private readonly ConcurrentDictionary<string, GaussianPattern> patterns = [];

    public DenseStudentComponents(Matrix locations, Matrix[] scales, CholeskyFactor[] factors, ReadOnlySpan<double> degrees, StudentChoices choices)
        : base(locations, degrees, choices)
    {
        this.scales = scales;
        this.factors = factors;
        int square = Columns * Columns;
        lowerInverses = new double[Components * square];
        for (int k = 0; k < Components; k++) factors[k].InverseLower().Values.CopyTo(lowerInverses.AsSpan(k * square));
    }

    protected override int MomentsLength => checked(Components * Columns * (Columns + 1));

    protected override NumericArray ScaleArray
    {
        get
        {
            double[] values = new double[lowerInverses.Length];
            for (int k = 0; k < Components; k++) scales[k].Values.CopyTo(values.AsSpan(k * Columns * Columns));
            return NumericArray.From<double>(values, Components, Columns, Columns);
        }
    }

    public override Matrix Scale(int component) => scales[component].Clone();

    public override void ConditionalMean(int component, ReadOnlySpan<double> row, Span<double> result)
    {
        MissingGroup group = MissingPatterns.Of(row);
        Fill(component, group, Pattern(group), row, result);
    }

    protected override void Distances(RowBlock rows, Span<double> distances, Span<double> logDeterminants, Span<int> dimensions)
    {
        int count = rows.Count;
        if (!rows.MayHaveMissing)
        {
            RowKernels.TriangularDistances(rows.Values, Locations, lowerInverses, distances);
            for (int k = 0; k < Components; k++) logDeterminants.Slice(k * count, count).Fill(factors[k].LogDeterminant);
            dimensions.Fill(Columns);
            return;
        }

        foreach (MissingGroup group in MissingPatterns.Group(rows))
        {
            int members = group.Rows.Count, observed = group.Observed.Length;
            double[] own = new double[Components * members];
            GaussianPattern? pattern = group.Missing.Length == 0 || observed == 0 ? null : Pattern(group);
            if (observed > 0) RowKernels.TriangularDistances(group.Gather(rows), pattern?.Means ?? Locations, pattern?.LowerInverses ?? lowerInverses, own);
            for (int k = 0; k < Components; k++)
            {
                double logDeterminant = observed == 0 ? 0 : pattern is null ? factors[k].LogDeterminant : -2 * pattern.Constants[k] - observed * LogTwoPi;
                for (int i = 0; i < members; i++)
                {
                    distances[k * count + group.Rows[i]] = own[k * members + i];
                    logDeterminants[k * count + group.Rows[i]] = logDeterminant;
                }
            }

            foreach (int n in group.Rows) dimensions[n] = observed;
        }
    }

    protected override void AddMoments(RowBlock rows, ReadOnlySpan<double> shares, ReadOnlySpan<double> scaled, Span<double> moments)
    {
        int count = rows.Count;
        if (!rows.MayHaveMissing)
        {
            for (int k = 0; k < Components; k++) RowKernels.AddOuterProducts(rows.Values, scaled.Slice(k * count, count), Locations.Row(k), First(moments, k), Second(moments, k));
            return;
        }

        foreach (MissingGroup group in MissingPatterns.Group(rows))
        {
            if (group.Observed.Length == 0) continue;
            double[] weights = new double[group.Rows.Count], filled = new double[group.Rows.Count * Columns];
            GaussianPattern pattern = Pattern(group);
            for (int k = 0; k < Components; k++)
            {
                double total = 0;
                for (int i = 0; i < weights.Length; i++)
                {
                    weights[i] = scaled[k * count + group.Rows[i]];
                    total += shares[k * count + group.Rows[i]];
                    Fill(k, group, pattern, rows.Row(group.Rows[i]), filled.AsSpan(i * Columns, Columns));
                }

                if (total == 0) continue;
                Span<double> second = Second(moments, k);
                // The covariance of what is missing is that of the normal over u, so that u drops out.
                for (int i = 0; i < group.Missing.Length; i++)
                    for (int j = 0; j <= i; j++) second[group.Missing[i] * Columns + group.Missing[j]] += total * pattern.Remainders[k][i, j];
                RowKernels.AddOuterProducts(filled, weights, Locations.Row(k), First(moments, k), second);
            }
        }
    }

    protected override StudentMixtureComponents Update(ReadOnlySpan<double> counts, ReadOnlySpan<double> scaledCounts, ReadOnlySpan<double> moments, double[] updatedDegrees)
    {
        Matrix locations = Locations.Clone();
        Matrix[] updated = [.. scales];
        CholeskyFactor[] updatedFactors = [.. factors];
        for (int k = 0; k < Components; k++)
        {
            if (!(counts[k] > 0) || !(scaledCounts[k] > 0)) continue;
            ReadOnlySpan<double> first = moments.Slice(k * Columns, Columns);
            Matrix scatter = GaussianUpdate.Symmetric(moments.Slice(Components * Columns + k * Columns * Columns, Columns * Columns), Columns);
            for (int i = 0; i < Columns; i++)
            {
                locations[k, i] += first[i] / scaledCounts[k];
                for (int j = 0; j < Columns; j++) scatter[i, j] = (scatter[i, j] - first[i] * first[j] / scaledCounts[k]) / counts[k];
            }

            // Distances beyond what doubles hold, where a scale has all but collapsed.
            foreach (double value in scatter.Values)
                if (!double.IsFinite(value)) throw Singular(k, counts[k]);
            (updated[k], updatedFactors[k]) = GaussianUpdate.Covariance(scatter, factors[k], scales[k], Regularization) ?? throw Singular(k, counts[k]);
        }

        return new DenseStudentComponents(locations, updated, updatedFactors, updatedDegrees, Choices);
    }

    protected override void DrawNormal(int component, ReadOnlySpan<double> row, double spread, RandomStream random, Span<double> result)
    {
        MissingGroup group = MissingPatterns.Of(row);
        GaussianPattern pattern = Pattern(group);
        Fill(component, group, pattern, row, result);
        Matrix root = group.Observed.Length == 0 ? factors[component].Lower : GaussianUpdate.Root(pattern.Remainders[component]);
        for (int i = 0; i < group.Missing.Length; i++)
            for (int j = 0; j < group.Missing.Length; j++) result[group.Missing[i]] += spread * root[i, j] * random.Normal((ulong)j);
    }

    private GaussianPattern Pattern(MissingGroup group)
    {
        if (patterns.TryGetValue(group.Key, out GaussianPattern? pattern)) return pattern;
        pattern = new GaussianPattern(Locations, scales, group);
        long size = (long)Components * Columns * Columns;
        return (patterns.Count + 1) * size <= MostPatternValues ? patterns.GetOrAdd(group.Key, pattern) : pattern;
    }

    private void Fill(int component, MissingGroup group, GaussianPattern pattern, ReadOnlySpan<double> row, Span<double> result)
    {
        ReadOnlySpan<double> center = pattern.Means.Row(component);
        foreach (int j in group.Observed) result[j] = row[j];
        for (int i = 0; i < group.Missing.Length; i++)
        {
            ReadOnlySpan<double> slopes = pattern.Regressions[component].Row(i);
            double sum = Locations[component, group.Missing[i]];
            for (int j = 0; j < slopes.Length; j++) sum += slopes[j] * (row[group.Observed[j]] - center[j]);
            result[group.Missing[i]] = sum;
        }
    }

    private Span<double> First(Span<double> moments, int k) => moments.Slice(k * Columns, Columns);

    private Span<double> Second(Span<double> moments, int k) => moments.Slice(Components * Columns + k * Columns * Columns, Columns * Columns);
}
