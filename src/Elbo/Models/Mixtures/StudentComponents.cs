using System.Text.Json;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// The posterior predictive densities of normal components whose mean and precision are uncertain: multivariate Student-t (Bishop 2006, 10.81, 10.82).
/// Columns of diagonal covariance have precisions of their own, and so a product of t densities of one column each.
/// </summary>
internal sealed class StudentComponents : ComponentFamily
{
    private readonly GaussianComponents scale;
    private readonly double[] degrees;
    private readonly bool isProduct;

    private StudentComponents(GaussianComponents scale, double[] degrees, bool isProduct)
        : base(scale.Components, scale.Columns)
    {
        this.scale = scale;
        this.degrees = degrees;
        this.isProduct = isProduct;
    }

    /// <summary>The predictive densities of a posterior: m, scale V(1 + β)/(βη) with η degrees of freedom, η = ν + 1 − D (ν for diagonal and spherical).</summary>
    public static StudentComponents Of(NormalWishartPosterior posterior)
    {
        int k = posterior.Components, d = posterior.Columns;
        bool dense = posterior.Kind is CovarianceKind.Full or CovarianceKind.Tied;
        int shared = posterior.DegreesOfFreedom.Length, size = posterior.InverseScales.Length / shared;
        double[] degrees = new double[k], covariances = new double[k * size];
        for (int c = 0; c < k; c++)
        {
            int s = Math.Min(c, shared - 1);
            degrees[c] = dense ? posterior.DegreesOfFreedom[s] + 1 - d : posterior.DegreesOfFreedom[s];
            double factor = (1 + posterior.MeanPrecisions[c]) / (posterior.MeanPrecisions[c] * degrees[c]);
            for (int i = 0; i < size; i++) covariances[c * size + i] = posterior.InverseScales[s * size + i] * factor;
        }

        CovarianceKind kind = posterior.Kind == CovarianceKind.Tied ? CovarianceKind.Full : posterior.Kind;
        return new StudentComponents(GaussianParameters.Components(posterior.Means, covariances, kind, 0), degrees, posterior.Kind == CovarianceKind.Diagonal);
    }

    public override long FreeParameters => scale.FreeParameters;

    public override int StatisticsLength => throw NotFitted();

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => scale.Parameters;

    public override void WriteDefinition(Utf8JsonWriter writer) => scale.WriteDefinition(writer);

    public override void LogDensities(RowBlock rows, Span<double> result)
    {
        if (scale is DenseGaussianComponents dense)
        {
            if (!rows.MayHaveMissing)
            {
                Dense(dense, dense.Pattern(MissingPatterns.Of(new double[Columns])), Columns, rows.Values, result);
                return;
            }

            foreach (MissingGroup group in MissingPatterns.Group(rows))
            {
                double[] logs = new double[Components * group.Rows.Count];
                if (group.Observed.Length > 0) Dense(dense, dense.Pattern(group), group.Observed.Length, group.Gather(rows), logs);
                for (int k = 0; k < Components; k++)
                    for (int i = 0; i < group.Rows.Count; i++) result[k * rows.Count + group.Rows[i]] = logs[k * group.Rows.Count + i];
            }

            return;
        }

        Matrix variances = ((DiagonalGaussianComponents)scale).Variances;
        for (int k = 0; k < Components; k++)
        {
            Span<double> target = result.Slice(k * rows.Count, rows.Count);
            for (int n = 0; n < target.Length; n++) target[n] = isProduct ? Product(k, rows.Row(n), variances.Row(k)) : Spherical(k, rows.Row(n), variances[k, 0]);
        }
    }

    public override void ConditionalMean(int component, ReadOnlySpan<double> row, Span<double> result) => scale.ConditionalMean(component, row, result);

    public override void ConditionalDraw(int component, ReadOnlySpan<double> row, RandomStream random, Span<double> result)
    {
        double nu = degrees[component];
        RandomStream normals = random.Split(0), chis = random.Split(1);
        scale.ConditionalMean(component, row, result);
        double[] center = result.ToArray();
        scale.ConditionalDraw(component, row, normals, result);
        if (isProduct)
        {
            for (int j = 0; j < result.Length; j++)
                if (double.IsNaN(row[j])) result[j] = center[j] + (result[j] - center[j]) / Math.Sqrt(2 * ConjugateDraws.Gamma(0.5 * nu, nu, chis.Split((ulong)j)));
            return;
        }

        // Given some columns a t has more degrees of freedom, and a scale that grows with their distance.
        (double distance, int observed) = Distance(component, row);
        double total = nu + observed, factor = Math.Sqrt((nu + distance) / (2 * ConjugateDraws.Gamma(0.5 * total, 1, chis)));
        for (int j = 0; j < result.Length; j++)
            if (double.IsNaN(row[j])) result[j] = center[j] + (result[j] - center[j]) * factor;
    }

    public override void Accumulate(RowBlock rows, ReadOnlySpan<double> responsibilities, Span<double> statistics) => throw NotFitted();

    public override ComponentFamily Maximize(ReadOnlySpan<double> counts, ReadOnlySpan<double> statistics) => throw NotFitted();

    private void Dense(DenseGaussianComponents dense, GaussianPattern pattern, int observed, ReadOnlySpan<double> values, Span<double> result)
    {
        int count = values.Length / observed;
        RowKernels.TriangularDistances(values, pattern.Means, pattern.LowerInverses, result);
        for (int k = 0; k < dense.Components; k++)
        {
            double nu = degrees[k], constant = pattern.Constants[k] + Constant(nu, observed) + 0.5 * observed * Math.Log(2 * Math.PI), power = 0.5 * (nu + observed);
            Span<double> logs = result.Slice(k * count, count);
            for (int n = 0; n < count; n++) logs[n] = 1 + logs[n] / nu;
            VectorMath.Log(logs, logs);
            for (int n = 0; n < count; n++) logs[n] = constant - power * logs[n];
        }
    }

    private double Product(int k, ReadOnlySpan<double> row, ReadOnlySpan<double> variances)
    {
        double nu = degrees[k], sum = 0, product = 1;
        int observed = 0;
        ReadOnlySpan<double> mean = scale.Means.Row(k);
        for (int j = 0; j < row.Length; j++)
        {
            double difference = row[j] - mean[j];
            if (double.IsNaN(difference)) continue;
            observed++;
            sum -= 0.5 * Math.Log(variances[j]);
            product *= 1 + difference * difference / (variances[j] * nu);
            if (product < 1e200) continue;
            sum -= 0.5 * (nu + 1) * Math.Log(product);
            product = 1;
        }

        return sum - 0.5 * (nu + 1) * Math.Log(product) + observed * Constant(nu, 1);
    }

    private double Spherical(int k, ReadOnlySpan<double> row, double variance)
    {
        (double distance, int observed) = Distance(k, row);
        return Constant(degrees[k], observed) - 0.5 * observed * Math.Log(variance) - 0.5 * (degrees[k] + observed) * double.LogP1(distance / degrees[k]);
    }

    /// <summary>The squared distance of what is there, in units of the scale.</summary>
    private (double Distance, int Observed) Distance(int k, ReadOnlySpan<double> row)
    {
        if (scale is DenseGaussianComponents dense)
        {
            MissingGroup group = MissingPatterns.Of(row);
            if (group.Observed.Length == 0) return (0, 0);
            GaussianPattern pattern = dense.Pattern(group);
            double[] values = Array.ConvertAll(group.Observed, j => 0.0), distances = new double[Components];
            for (int i = 0; i < values.Length; i++) values[i] = row[group.Observed[i]];
            RowKernels.TriangularDistances(values, pattern.Means, pattern.LowerInverses, distances);
            return (distances[k], values.Length);
        }

        double sum = 0, variance = ((DiagonalGaussianComponents)scale).Variances[k, 0];
        int observed = 0;
        for (int j = 0; j < row.Length; j++)
        {
            double difference = row[j] - scale.Means[k, j];
            if (double.IsNaN(difference)) continue;
            observed++;
            sum += difference * difference / variance;
        }

        return (sum, observed);
    }

    /// <summary>ln Γ((ν + d)/2) − ln Γ(ν/2) − ½d ln νπ.</summary>
    private static double Constant(double nu, int dimension) =>
        GammaFunctions.LogGamma(0.5 * (nu + dimension)) - GammaFunctions.LogGamma(0.5 * nu) - 0.5 * dimension * Math.Log(nu * Math.PI);

    private static NotSupportedException NotFitted() => new("Posterior predictive densities follow from a posterior; they have no maximisation step of their own.");
}
