using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Checks given parameters of normal components.</summary>
internal static class GaussianParameters
{
    /// <summary>The shape of the covariances of a kind.</summary>
    public static int[] Shape(CovarianceKind kind, int components, int columns) => kind switch
    {
        CovarianceKind.Full => [components, columns, columns],
        CovarianceKind.Tied => [columns, columns],
        CovarianceKind.Diagonal => [components, columns],
        _ => [components],
    };

    /// <summary>Makes components; keeps the means without a copy.</summary>
    public static GaussianComponents Components(Matrix means, ReadOnlySpan<double> covariances, CovarianceKind kind, double regularization)
    {
        int k = means.Rows, d = means.Columns;
        if (k < 1 || d < 1) throw new ElboException($"The means have the shape [{k}, {d}]; at least one component and one column are needed.");
        foreach (double value in means.Values)
            if (!double.IsFinite(value)) throw new ElboException(FormattableString.Invariant($"A mean is {value}; means are finite numbers."));
        long expected = 1;
        foreach (int extent in Shape(kind, k, d)) expected *= extent;
        if (covariances.Length != expected)
            throw new ElboException($"{covariances.Length} values were given for the {GaussianNames.Of(kind)} covariances of {k} components and {d} columns; {expected} are expected, [{string.Join(", ", Shape(kind, k, d))}].");
        if (kind is CovarianceKind.Diagonal or CovarianceKind.Spherical)
        {
            Matrix variances = new(k, d);
            for (int c = 0; c < k; c++)
                for (int j = 0; j < d; j++) variances[c, j] = covariances[kind == CovarianceKind.Diagonal ? c * d + j : c];
            return new DiagonalGaussianComponents(means, variances, kind, regularization);
        }

        Matrix[] matrices = new Matrix[kind == CovarianceKind.Full ? k : 1];
        for (int c = 0; c < matrices.Length; c++)
        {
            matrices[c] = new Matrix(d, d, covariances.Slice(c * d * d, d * d).ToArray());
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double difference = Math.Abs(matrices[c][i, j] - matrices[c][j, i]), scale = Math.Sqrt(Math.Abs(matrices[c][i, i] * matrices[c][j, j]));
                    if (!(difference <= 1e-8 * scale)) throw new ElboException($"The covariance of component {c} is not symmetric at row {i}, column {j}; give symmetric matrices.");
                }
            }
        }

        return DenseGaussianComponents.Create(means, matrices, kind, regularization);
    }
}
