using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// p(z|x observed) = N(M⁻¹WᵀΨ⁻¹(x − μ), M⁻¹) with M = I + WᵀΨ⁻¹W, all restricted to the observed columns, and the density of what is observed:
/// the work of size Q that rows with the same columns share. Made once for a thread, set for one pattern of columns after the other.
/// </summary>
internal sealed class FactorPosterior(int columns, int factors)
{
    private readonly int[] observed = new int[columns];
    private readonly double[] scaled = new double[columns * factors];
    private readonly double[] lower = new double[factors * factors];
    private readonly double[] upper = new double[factors * factors];
    private readonly double[] inverse = new double[factors * factors];
    private readonly double[] unit = new double[factors];
    private FactorGaussian gaussian = null!;
    private int count;

    /// <summary>The observed columns.</summary>
    public ReadOnlySpan<int> Observed => observed.AsSpan(0, count);

    /// <summary>|O| ln 2π + Σ ln ψ + ln det M: minus twice the log density at x = μ.</summary>
    public double Constant { get; private set; }

    /// <summary>M⁻¹, <c>[Q, Q]</c>: the posterior covariance, the same for every x.</summary>
    public ReadOnlySpan<double> Covariance => inverse;

    /// <summary>Row <paramref name="index"/> of Ψ⁻¹W among the observed columns, <c>[Q]</c>.</summary>
    public ReadOnlySpan<double> ScaledRow(int index) => scaled.AsSpan(index * factors, factors);

    /// <summary>Sets the parameters and the observed columns.</summary>
    public void Condition(FactorGaussian model, ReadOnlySpan<int> columns)
    {
        gaussian = model;
        count = columns.Length;
        columns.CopyTo(observed);
        lower.AsSpan().Clear();
        for (int k = 0; k < factors; k++) lower[k * factors + k] = 1;
        double logNoise = 0;
        for (int i = 0; i < count; i++)
        {
            int column = columns[i];
            ReadOnlySpan<double> row = model.Loadings.Row(column);
            double precision = 1 / model.Noise[column];
            logNoise += Math.Log(model.Noise[column]);
            Span<double> target = scaled.AsSpan(i * factors, factors);
            for (int k = 0; k < factors; k++)
            {
                target[k] = precision * row[k];
                VectorMath.AddScaled(target[k], row[..(k + 1)], lower.AsSpan(k * factors, k + 1));
            }
        }

        Factor();
        double logDeterminant = 0;
        for (int k = 0; k < factors; k++) logDeterminant += Math.Log(lower[k * factors + k]);
        Constant = count * Math.Log(2 * Math.PI) + logNoise + 2 * logDeterminant;
    }

    /// <summary>The posterior mean of one row.</summary>
    /// <param name="centred">x − μ of the observed columns, <c>[observed]</c>.</param>
    /// <param name="mean">Room for E[z|x], <c>[Q]</c>.</param>
    /// <returns>
    /// The squared Mahalanobis length of x, as Σ (x − μ − Wz)²/ψ + zᵀz at z = E[z|x]: the same as xᵀΨ⁻¹x − xᵀΨ⁻¹WM⁻¹WᵀΨ⁻¹x, of which nothing is left
    /// where the noise is small.
    /// </returns>
    public double Infer(ReadOnlySpan<double> centred, Span<double> mean)
    {
        mean.Clear();
        for (int i = 0; i < count; i++) VectorMath.AddScaled(centred[i], ScaledRow(i), mean);
        SolveMatrix(mean, mean);
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            int column = observed[i];
            double residual = centred[i] - VectorMath.Dot(gaussian.Loadings.Row(column), mean);
            sum += residual * residual / gaussian.Noise[column];
        }

        return sum + VectorMath.Dot(mean, mean);
    }

    /// <summary>Sets the sum of E[(z, 1)(z, 1)ᵀ] over rows to its part that no row changes: weight · M⁻¹, and zeros beside it.</summary>
    /// <param name="weight">The weight of the rows.</param>
    /// <param name="second"><c>[Q + 1, Q + 1]</c>.</param>
    public void SpreadCovariance(double weight, Span<double> second)
    {
        second.Clear();
        for (int i = 0; i < factors; i++) VectorMath.AddScaled(weight, inverse.AsSpan(i * factors, factors), second.Slice(i * (factors + 1), factors));
    }

    /// <summary>Explains a row: what is there stays, what is missing is filled in with its mean, or with a draw.</summary>
    /// <param name="row">x, <c>[D]</c>, NaN where missing.</param>
    /// <param name="mean">E[z|x], <c>[Q]</c>.</param>
    /// <param name="draw">Where the draw comes from; null for the mean.</param>
    /// <param name="result">Room for <c>[D]</c>.</param>
    public void Complete(ReadOnlySpan<double> row, ReadOnlySpan<double> mean, RandomStream? draw, Span<double> result)
    {
        double[]? normal = null;
        if (draw is { } random)
        {
            normal = new double[factors + result.Length];
            random.FillNormal(normal);
            double[] code = mean.ToArray();
            AddDraw(normal, code);
            mean = code;
        }

        for (int i = 0; i < result.Length; i++)
        {
            result[i] = !double.IsNaN(row[i]) ? row[i]
                : gaussian.Mean[i] + VectorMath.Dot(gaussian.Loadings.Row(i), mean) + (normal is null ? 0 : Math.Sqrt(gaussian.Noise[i]) * normal[factors + i]);
        }
    }

    /// <summary>M⁻¹b.</summary>
    public void SolveMatrix(ReadOnlySpan<double> vector, Span<double> result)
    {
        for (int i = 0; i < factors; i++)
            result[i] = (vector[i] - VectorMath.Dot(lower.AsSpan(i * factors, i), result[..i])) / lower[i * factors + i];
        for (int i = factors - 1; i >= 0; i--)
            result[i] = (result[i] - VectorMath.Dot(upper.AsSpan(i * factors + i + 1, factors - i - 1), result[(i + 1)..])) / upper[i * factors + i];
    }

    /// <summary>Adds a draw of N(0, M⁻¹) to a vector: L⁻ᵀu where M = LLᵀ.</summary>
    /// <param name="normal">u, Q standard normal draws; overwritten.</param>
    /// <param name="result">What to add to, <c>[Q]</c>.</param>
    private void AddDraw(Span<double> normal, Span<double> result)
    {
        for (int i = factors - 1; i >= 0; i--)
        {
            normal[i] = (normal[i] - VectorMath.Dot(upper.AsSpan(i * factors + i + 1, factors - i - 1), normal[(i + 1)..factors])) / upper[i * factors + i];
            result[i] += normal[i];
        }
    }

    /// <summary>M = LLᵀ in place, its transpose, and M⁻¹ = L⁻ᵀL⁻¹. M is I plus a square, so only an overflow can stop this.</summary>
    private void Factor()
    {
        for (int i = 0; i < factors; i++)
        {
            Span<double> row = lower.AsSpan(i * factors, factors);
            for (int j = 0; j <= i; j++)
            {
                double sum = row[j] - VectorMath.Dot(row[..j], lower.AsSpan(j * factors, j));
                if (i != j) row[j] = sum / lower[j * factors + j];
                else if (sum > 0 && double.IsFinite(sum)) row[i] = Math.Sqrt(sum);
                else throw new ElboException("A factor model's loadings are too large beside its noise to be inverted; raise the noise floor, or scale the columns to values near 1.");
            }

            for (int j = 0; j <= i; j++) upper[j * factors + i] = row[j];
        }

        for (int k = 0; k < factors; k++)
        {
            unit.AsSpan().Clear();
            unit[k] = 1;
            SolveMatrix(unit, inverse.AsSpan(k * factors, factors));
        }

        for (int i = 0; i < factors; i++)
            for (int j = 0; j < i; j++) inverse[j * factors + i] = inverse[i * factors + j] = 0.5 * (inverse[j * factors + i] + inverse[i * factors + j]);
    }
}
