using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>q(z) of every row at once: z ~ N(A(x − c), Σ).</summary>
/// <param name="Gain">A, <c>[Q, D]</c>.</param>
/// <param name="Covariance">Σ, <c>[Q, Q]</c>.</param>
/// <param name="LogDeterminant">ln |Σ|.</param>
/// <param name="Center">c, <c>[D]</c>.</param>
internal sealed record BayesianPcaCodes(Matrix Gain, Matrix Covariance, double LogDeterminant, double[] Center)
{
    /// <summary>Σₙ E[zₙ], <c>[Q]</c>.</summary>
    public double[] Sum(RowMoments rows)
    {
        double[] result = new double[Gain.Rows], shift = Shift(rows, Center);
        for (int q = 0; q < result.Length; q++) result[q] = rows.TotalWeight * VectorMath.Dot(Gain.Row(q), shift);
        return result;
    }

    /// <summary>Σₙ E[zₙ]E[zₙ]ᵀ, <c>[Q, Q]</c>.</summary>
    public Matrix Squares(RowMoments rows) => Gain * Cross(rows, Center);

    /// <summary>Σₙ E[zₙzₙᵀ] = NΣ + Σₙ E[zₙ]E[zₙ]ᵀ, <c>[Q, Q]</c>.</summary>
    public Matrix SecondMoment(RowMoments rows)
    {
        Matrix result = Squares(rows);
        VectorMath.AddScaled(rows.TotalWeight, Covariance.Values, result.Values);
        return result;
    }

    /// <summary>Σₙ (xₙ − m) E[zₙ]ᵀ, <c>[D, Q]</c>.</summary>
    public Matrix Cross(RowMoments rows, ReadOnlySpan<double> mean)
    {
        double[] left = Shift(rows, mean), right = Shift(rows, Center);
        Matrix scatter = new(left.Length, left.Length);
        for (int i = 0; i < left.Length; i++)
            for (int j = 0; j < left.Length; j++) scatter[i, j] = rows.TotalWeight * (rows.Covariance[i, j] + left[i] * right[j]);
        return scatter * Gain.Transpose();
    }

    private static double[] Shift(RowMoments rows, ReadOnlySpan<double> mean)
    {
        double[] result = [.. rows.Mean];
        VectorMath.AddScaled(-1, mean, result);
        return result;
    }
}
