using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>The numbers of a factor model: x = μ + Wz + ε with z ~ N(0, I) and ε ~ N(0, diag ψ), so that x ~ N(μ, WWᵀ + diag ψ).</summary>
/// <param name="Mean">μ, <c>[D]</c>.</param>
/// <param name="Loadings">W, <c>[D, Q]</c>.</param>
/// <param name="Noise">ψ, <c>[D]</c>, positive.</param>
internal sealed record FactorGaussian(double[] Mean, Matrix Loadings, double[] Noise)
{
    public int Columns => Mean.Length;

    public int Factors => Loadings.Columns;

    /// <summary>WWᵀ + diag ψ, <c>[D, D]</c>.</summary>
    public Matrix Covariance()
    {
        Matrix result = new(Columns, Columns);
        for (int i = 0; i < Columns; i++)
        {
            for (int j = 0; j <= i; j++) result[i, j] = result[j, i] = VectorMath.Dot(Loadings.Row(i), Loadings.Row(j));
            result[i, i] += Noise[i];
        }

        return result;
    }

    /// <summary>(WWᵀ + Ψ)⁻¹ = Ψ⁻¹ − Ψ⁻¹W(I + WᵀΨ⁻¹W)⁻¹WᵀΨ⁻¹, <c>[D, D]</c>.</summary>
    public Matrix Precision()
    {
        FactorPosterior posterior = new(Columns, Factors);
        posterior.Condition(this, [.. Enumerable.Range(0, Columns)]);
        Matrix result = new(Columns, Columns);
        double[] row = new double[Factors];
        for (int i = 0; i < Columns; i++)
        {
            posterior.SolveMatrix(posterior.ScaledRow(i), row);
            for (int j = 0; j < Columns; j++) result[i, j] = -VectorMath.Dot(row, posterior.ScaledRow(j));
            result[i, i] += 1 / Noise[i];
        }

        for (int i = 0; i < Columns; i++)
            for (int j = 0; j < i; j++) result[i, j] = result[j, i] = 0.5 * (result[i, j] + result[j, i]);
        return result;
    }
}
