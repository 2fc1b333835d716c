using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What K normal densities say of rows that miss the same columns: the marginal density of what is there, the conditional of what is not.</summary>
internal sealed class GaussianPattern
{
    public GaussianPattern(Matrix means, IReadOnlyList<Matrix> covariances, MissingGroup group)
    {
        int[] observed = group.Observed, missing = group.Missing;
        int o = observed.Length, m = missing.Length, k = means.Rows;
        Means = new Matrix(k, o);
        for (int c = 0; c < k; c++)
            for (int j = 0; j < o; j++) Means[c, j] = means[c, observed[j]];
        LowerInverses = new double[covariances.Count * o * o];
        Constants = new double[covariances.Count];
        Regressions = new Matrix[covariances.Count];
        Remainders = new Matrix[covariances.Count];
        for (int c = 0; c < covariances.Count; c++)
        {
            Matrix part = Part(covariances[c], observed, observed), cross = Part(covariances[c], missing, observed);
            // A principal part of a positive definite matrix is positive definite, and its factor is no worse conditioned.
            CholeskyFactor factor = CholeskyFactor.TryFactor(part) ?? throw new ElboException("A covariance is too close to singular for the rows with missing values; raise the regularization.");
            factor.InverseLower().Values.CopyTo(LowerInverses.AsSpan(c * o * o));
            Constants[c] = -0.5 * (o * 1.8378770664093454836 + factor.LogDeterminant);
            Remainders[c] = Part(covariances[c], missing, missing);
            double[] solution = new double[o];
            Matrix half = new(m, o);
            Regressions[c] = new Matrix(m, o);
            for (int i = 0; i < m; i++)
            {
                cross.Row(i).CopyTo(half.Row(i));
                factor.SolveLower(half.Row(i));
                cross.Row(i).CopyTo(solution);
                factor.Solve(solution);
                solution.CopyTo(Regressions[c].Row(i));
            }

            // Σₘₘ − Σₘₒ Σₒₒ⁻¹ Σₒₘ with the half solutions, so that it is symmetric to the last bit.
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double sum = 0;
                    for (int l = 0; l < o; l++) sum += half[i, l] * half[j, l];
                    Remainders[c][i, j] -= sum;
                    Remainders[c][j, i] = Remainders[c][i, j];
                }
            }
        }
    }

    /// <summary>μₒ, <c>[K, observed]</c>.</summary>
    public Matrix Means { get; }

    /// <summary>L⁻¹ of Σₒₒ = L·Lᵀ, <c>[covariances, observed, observed]</c>.</summary>
    public double[] LowerInverses { get; }

    /// <summary>−½(observed · ln 2π + ln det Σₒₒ), one per covariance.</summary>
    public double[] Constants { get; }

    /// <summary>Σₘₒ Σₒₒ⁻¹, <c>[missing, observed]</c>, one per covariance.</summary>
    public Matrix[] Regressions { get; }

    /// <summary>The covariance of what is missing given what is there, <c>[missing, missing]</c>, one per covariance.</summary>
    public Matrix[] Remainders { get; }

    private static Matrix Part(Matrix matrix, int[] rows, int[] columns)
    {
        Matrix part = new(rows.Length, columns.Length);
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < columns.Length; j++) part[i, j] = matrix[rows[i], columns[j]];
        return part;
    }
}
