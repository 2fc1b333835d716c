using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>
/// The expected sums that an M-step of a factor model needs, as a view of a vector that can be added to others: with <c>e = (z, 1)</c>, Σ w E[eeᵀ] over the complete
/// rows, over the incomplete rows, and over the incomplete rows that have a column; Σ w x E[e] and Σ w x² per column.
/// </summary>
/// <param name="values">The sums, <c>[<see cref="Length"/>]</c>.</param>
/// <param name="columns">D.</param>
/// <param name="factors">Q.</param>
/// <param name="missing">Whether rows may be incomplete.</param>
internal readonly ref struct FactorSums(Span<double> values, int columns, int factors, bool missing)
{
    private readonly Span<double> values = values;
    private readonly int moments = factors + 1;

    public static int Length(int columns, int factors, bool missing)
    {
        int square = (factors + 1) * (factors + 1);
        return checked(2 * square + columns * (factors + 2) + (missing ? columns * square : 0));
    }

    private int Square => moments * moments;

    private Span<double> Complete => values[..Square];

    private Span<double> Incomplete => values.Slice(Square, Square);

    private Span<double> Cross(int column) => values.Slice(2 * Square + column * moments, moments);

    private Span<double> Squares => values.Slice(2 * Square + columns * moments, columns);

    private Span<double> Second(int column) => values.Slice(2 * Square + columns * (moments + 1) + column * Square, Square);

    /// <summary>Adds Σ w E[eeᵀ] of rows that share their observed columns.</summary>
    public void AddSecond(ReadOnlySpan<int> observed, ReadOnlySpan<double> second)
    {
        if (observed.Length == columns)
        {
            VectorMath.AddScaled(1, second, Complete);
            return;
        }

        VectorMath.AddScaled(1, second, Incomplete);
        foreach (int column in observed) VectorMath.AddScaled(1, second, Second(column));
    }

    /// <summary>Adds w x E[e] and w x² of one row.</summary>
    /// <param name="observed">Its observed columns.</param>
    /// <param name="row">x, <c>[observed]</c>.</param>
    /// <param name="weight">w.</param>
    /// <param name="code">E[e], <c>[Q + 1]</c>.</param>
    public void AddRow(ReadOnlySpan<int> observed, ReadOnlySpan<double> row, double weight, ReadOnlySpan<double> code)
    {
        Span<double> squares = Squares;
        for (int j = 0; j < observed.Length; j++)
        {
            double value = weight * row[j];
            VectorMath.AddScaled(value, code, Cross(observed[j]));
            squares[observed[j]] += value * row[j];
        }
    }

    /// <summary>The regression of each column on the factors of the rows that have it. A column that no row has keeps its loadings, with no shift.</summary>
    public FactorRegression Regress(FactorGaussian current)
    {
        double[] mean = new double[columns], residuals = new double[columns], counts = new double[columns], solution = new double[moments];
        Matrix loadings = current.Loadings.Clone(), second = new(moments, moments);
        CholeskyFactor? shared = null;
        for (int j = 0; j < columns; j++)
        {
            Complete.CopyTo(second.Values);
            if (missing) VectorMath.AddScaled(1, Second(j), second.Values);
            counts[j] = second[factors, factors];
            if (!(counts[j] > 0)) continue;
            CholeskyFactor factor = (missing ? null : shared) ?? CholeskyFactor.TryFactor(second)
                ?? throw new ElboException($"The regression of column {j} on the factors is singular; leave the column out, or use fewer factors.");
            shared = factor;
            Cross(j).CopyTo(solution);
            factor.Solve(solution);
            solution.AsSpan(0, factors).CopyTo(loadings.Row(j));
            mean[j] = solution[factors];
            residuals[j] = Math.Max(Squares[j] - VectorMath.Dot(Cross(j), solution), 0);
        }

        Matrix all = new(moments, moments, Complete.ToArray());
        VectorMath.AddScaled(1, Incomplete, all.Values);
        return new FactorRegression(mean, loadings, residuals, counts, all);
    }
}

/// <summary>What an M-step finds before the noise is shared out.</summary>
/// <param name="Mean">Each column's shift, <c>[D]</c>.</param>
/// <param name="Loadings">W, <c>[D, Q]</c>.</param>
/// <param name="Residuals">Σ w E[(x − μ − Wz)²] of each column, <c>[D]</c>.</param>
/// <param name="Counts">The weight of the rows that have each column, <c>[D]</c>.</param>
/// <param name="Second">Σ w E[(z, 1)(z, 1)ᵀ] over all rows, <c>[Q + 1, Q + 1]</c>.</param>
internal sealed record FactorRegression(double[] Mean, Matrix Loadings, double[] Residuals, double[] Counts, Matrix Second)
{
    /// <summary>Joins the regression with noise. z ~ N(η, Φ) with Φ = LLᵀ is z = η + Lu: μ + Wη and WL describe the same rows with a standard normal u.</summary>
    public FactorGaussian Absorb(double[] noise)
    {
        int factors = Loadings.Columns;
        double total = Second[factors, factors];
        if (factors == 0 || !(total > 0)) return new FactorGaussian(Mean, Loadings, noise);
        double[] center = new double[factors];
        Matrix covariance = new(factors, factors);
        for (int i = 0; i < factors; i++) center[i] = Second[i, factors] / total;
        for (int i = 0; i < factors; i++)
            for (int j = 0; j < factors; j++) covariance[i, j] = Second[i, j] / total - center[i] * center[j];
        if (CholeskyFactor.TryFactor(covariance) is not { } factor) return new FactorGaussian(Mean, Loadings, noise);
        double[] mean = [.. Mean];
        for (int j = 0; j < mean.Length; j++) mean[j] += VectorMath.Dot(Loadings.Row(j), center);
        return new FactorGaussian(mean, Loadings * factor.Lower, noise);
    }

    /// <summary>Each column's own noise variance, at least its floor; a column that no row has keeps what it had.</summary>
    public double[] OwnNoise(double[] floors, double[] current)
    {
        double[] noise = new double[floors.Length];
        for (int j = 0; j < noise.Length; j++) noise[j] = Counts[j] > 0 ? Math.Max(Residuals[j] / Counts[j], floors[j]) : current[j];
        return noise;
    }

    /// <summary>One noise variance for all columns, at least the floor.</summary>
    public double[] SharedNoise(double floor)
    {
        double residual = 0, count = 0;
        for (int j = 0; j < Residuals.Length; j++)
        {
            residual += Residuals[j];
            count += Counts[j];
        }

        return ProbabilisticPca.Same(Math.Max(residual / count, floor), Residuals.Length);
    }
}
