using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The M-step of one covariance, and the linear algebra about it.</summary>
internal static class GaussianUpdate
{
    /// <summary>Below this share of a column's variance, what is left of it after the other columns is rounding and not spread.</summary>
    private const double LeastShare = 1e-14;

    /// <summary>
    /// Σ = S + εI, as is customary; where that would lower the expected log density below that of the last covariance (adding ε is not what maximises it),
    /// S with its eigenvalues raised to at least ε, which is the maximum under Σ ⪰ εI. So EM never lowers the likelihood, with any ε.
    /// </summary>
    /// <param name="scatter">S, the expected covariance about the new mean.</param>
    /// <param name="lastFactor">The factor of the last covariance.</param>
    /// <param name="last">The last covariance.</param>
    /// <param name="regularization">ε.</param>
    /// <returns>Null where the result would be singular.</returns>
    public static (Matrix Covariance, CholeskyFactor Factor)? Covariance(Matrix scatter, CholeskyFactor lastFactor, Matrix last, double regularization)
    {
        Matrix raised = scatter.Clone();
        for (int j = 0; j < raised.Rows; j++) raised[j, j] += regularization;
        CholeskyFactor? factor = TryFactor(raised);
        if (regularization == 0) return factor is null ? null : (raised, factor);
        double least = Loss(lastFactor, scatter);
        if (factor is not null && Loss(factor, scatter) <= least) return (raised, factor);
        Matrix clipped = Clip(scatter, regularization);
        CholeskyFactor? clippedFactor = TryFactor(clipped);
        if (clippedFactor is not null && Loss(clippedFactor, scatter) <= least) return (clipped, clippedFactor);
        return factor is null && clippedFactor is null ? null : (last, lastFactor);
    }

    /// <summary>The variance of the M-step, as <see cref="Covariance"/> for one column.</summary>
    public static double Variance(double scatter, double last, double regularization)
    {
        static double Loss(double variance, double scatter) => Math.Log(variance) + scatter / variance;
        double raised = scatter + regularization, clipped = Math.Max(scatter, regularization), least = Loss(last, scatter);
        return Loss(raised, scatter) <= least ? raised : Loss(clipped, scatter) <= least ? clipped : last;
    }

    /// <summary>Factors a covariance; null where it is not positive definite, or so nearly singular that its factor is rounding.</summary>
    public static CholeskyFactor? TryFactor(Matrix covariance)
    {
        CholeskyFactor? factor = CholeskyFactor.TryFactor(covariance);
        for (int j = 0; factor is not null && j < covariance.Rows; j++)
            if (factor.Lower[j, j] * factor.Lower[j, j] < LeastShare * covariance[j, j]) return null;
        return factor;
    }

    /// <summary>A copy of a lower triangle as a symmetric matrix.</summary>
    public static Matrix Symmetric(ReadOnlySpan<double> lower, int size)
    {
        Matrix matrix = new(size, size);
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++) matrix[i, j] = matrix[j, i] = lower[i * size + j];
        return matrix;
    }

    /// <summary>A with A·Aᵀ = C for a C that may be singular, as a conditional covariance is where columns repeat each other.</summary>
    public static Matrix Root(Matrix covariance)
    {
        SymmetricEigen eigen = SymmetricEigen.Of(covariance);
        Matrix root = eigen.Vectors.Clone();
        for (int i = 0; i < root.Rows; i++)
            for (int j = 0; j < root.Columns; j++) root[i, j] *= Math.Sqrt(Math.Max(0, eigen.Values[j]));
        return root;
    }

    private static Matrix Clip(Matrix scatter, double least)
    {
        SymmetricEigen eigen = SymmetricEigen.Of(scatter);
        Matrix clipped = new(scatter.Rows, scatter.Rows);
        for (int i = 0; i < scatter.Rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int l = 0; l < scatter.Rows; l++) sum += eigen.Vectors[i, l] * eigen.Vectors[j, l] * Math.Max(least, eigen.Values[l]);
                clipped[i, j] = clipped[j, i] = sum;
            }
        }

        return clipped;
    }

    /// <summary>ln det Σ + tr(Σ⁻¹S): −2 times the expected log density of a row, up to a constant.</summary>
    private static double Loss(CholeskyFactor factor, Matrix scatter)
    {
        Matrix lower = factor.InverseLower();
        double trace = 0;
        int n = scatter.Rows;
        double[] product = new double[n];
        for (int i = 0; i < n; i++)
        {
            Array.Clear(product);
            for (int j = 0; j <= i; j++)
            {
                ReadOnlySpan<double> row = scatter.Row(j);
                double scale = lower[i, j];
                for (int l = 0; l <= i; l++) product[l] += scale * row[l];
            }

            for (int l = 0; l <= i; l++) trace += product[l] * lower[i, l];
        }

        return factor.LogDeterminant + trace;
    }
}
