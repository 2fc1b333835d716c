using System.Text.Json;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>K normal densities of D columns.</summary>
internal abstract class GaussianComponents : ComponentFamily
{
    protected const double LogTwoPi = 1.8378770664093454836;

    protected GaussianComponents(Matrix means, CovarianceKind kind, double regularization)
        : base(means.Rows, means.Columns)
    {
        Means = means;
        Kind = kind;
        Regularization = regularization;
    }

    /// <summary>μ, <c>[K, D]</c>.</summary>
    public Matrix Means { get; }

    public CovarianceKind Kind { get; }

    /// <summary>What the M-step adds to each variance.</summary>
    public double Regularization { get; }

    public override long FreeParameters
    {
        get
        {
            long k = Components, d = Columns, symmetric = d * (d + 1) / 2;
            return k * d + Kind switch
            {
                CovarianceKind.Full => k * symmetric,
                CovarianceKind.Tied => symmetric,
                CovarianceKind.Diagonal => k * d,
                _ => k,
            };
        }
    }

    /// <summary>The covariance of one component, <c>[D, D]</c>: a copy.</summary>
    public abstract Matrix Covariance(int component);

    /// <summary>The covariances in the shape of their kind.</summary>
    public abstract NumericArray CovarianceArray { get; }

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
        [new("means", NumericArray.From<double>(Means.Values, Components, Columns)), new("covariances", CovarianceArray)];

    public override void WriteDefinition(Utf8JsonWriter writer)
    {
        writer.WriteString("covariance", GaussianNames.Of(Kind));
        writer.WriteNumber("regularization", Regularization);
    }

    public override void CheckFit(ColumnSummary summary, Observations rows) => ConstantColumns.Check(summary, rows, Regularization, Kind == CovarianceKind.Spherical, "normal");

    internal override string Remark(ColumnSummary summary, Observations rows) => Kind == CovarianceKind.Spherical ? "" : ConstantColumns.Remark(summary, rows, Regularization);

    /// <summary>The densities of the missing columns given the others; only the means depend on the values.</summary>
    public abstract GaussianComponents Conditional(Matrix means, MissingGroup group);

    /// <summary>Components that all have the mean and the variances of the whole.</summary>
    public static GaussianComponents Neutral(int components, CovarianceKind kind, double regularization, ColumnSummary summary)
    {
        int d = summary.Means.Length;
        Matrix means = new(components, d), variances = new(components, d);
        double mean = 0;
        for (int j = 0; j < d; j++) mean += summary.Variance(j) / d;
        if (mean == 0) mean = 1;
        for (int k = 0; k < components; k++)
        {
            summary.Means.CopyTo(means.Row(k));
            // A constant column has the regularization for its variance from the first update on, or is refused later, by name.
            for (int j = 0; j < d; j++) variances[k, j] = kind == CovarianceKind.Spherical ? mean : summary.Variance(j) > 0 ? summary.Variance(j) : 1;
        }

        if (kind is CovarianceKind.Diagonal or CovarianceKind.Spherical) return new DiagonalGaussianComponents(means, variances, kind, regularization);
        Matrix[] covariances = new Matrix[kind == CovarianceKind.Full ? components : 1];
        for (int k = 0; k < covariances.Length; k++)
        {
            covariances[k] = new Matrix(d, d);
            for (int j = 0; j < d; j++) covariances[k][j, j] = variances[0, j];
        }

        return DenseGaussianComponents.Create(means, covariances, kind, regularization);
    }

    protected ElboException Singular(int component, double rows) => new(FormattableString.Invariant(
        $"The covariance of {(Kind == CovarianceKind.Tied ? "all components" : $"component {component}")} became singular: {rows:0.#} rows do not spread in all {Columns} columns. Use fewer components, a larger regularization than {Regularization}, another covariance, or drop columns that repeat others."));
}
