using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>What the fits of factor models check and start from.</summary>
internal static class FactorStart
{
    public static void CheckFactors(int factors, int columns, string name)
    {
        if (factors < 0 || factors > columns) throw new ElboException($"{factors} factors were asked for, and '{name}' has {columns} columns; ask for 0 to {columns}.");
    }

    public static void CheckFloor(double floor)
    {
        if (!(floor > 0 && floor < 1)) throw new ElboException($"The noise floor is {floor}; give a share of the variance above 0 and below 1.");
    }

    public static void CheckStart(FactorModel? start, int columns, int factors)
    {
        if (start is not null && (start.Columns != columns || start.Factors != factors))
            throw new ElboException($"The model to start from has {start.Columns} columns and {start.Factors} factors, and {columns} and {factors} are to be fitted; start from a model of the same sizes.");
    }

    /// <summary>The mean and variance of the observed values of each column.</summary>
    /// <exception cref="ElboException">A column has none.</exception>
    public static (double[] Mean, double[] Variance) ColumnMoments(Matrix rows, ReadOnlySpan<double> weights, Observations names)
    {
        double[] mean = new double[rows.Columns], variance = new double[rows.Columns], count = new double[rows.Columns];
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < rows.Rows; i++)
            {
                ReadOnlySpan<double> row = rows.Row(i);
                double weight = weights.IsEmpty ? 1 : weights[i];
                if (weight == 0) continue;
                for (int j = 0; j < row.Length; j++)
                {
                    if (double.IsNaN(row[j])) continue;
                    if (pass == 0)
                    {
                        mean[j] += weight * row[j];
                        count[j] += weight;
                    }
                    else
                    {
                        variance[j] += weight * (row[j] - mean[j]) * (row[j] - mean[j]);
                    }
                }
            }

            for (int j = 0; j < mean.Length; j++)
            {
                if (count[j] == 0) throw new ElboException($"Column '{names.ColumnNames[j]}' of '{names.Name}' has no value in any row; leave it out.");
                if (pass == 0) mean[j] /= count[j];
                else variance[j] /= count[j];
            }
        }

        return (mean, variance);
    }

    /// <summary>Throws where a column of its own noise variance is constant: its density would be infinite.</summary>
    public static void CheckVaries(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, Observations names)
    {
        for (int j = 0; j < variance.Length; j++)
        {
            // Rounding leaves a constant column some variance, of the order of its square times 10⁻³².
            if (!(variance[j] > 1e-28 * mean[j] * mean[j]) || variance[j] < 1e-300)
                throw new ElboException($"Column '{names.ColumnNames[j]}' of '{names.Name}' is constant at {mean[j]}, so its noise variance would be 0 and its density infinite; leave the column out.");
        }
    }

    /// <summary>
    /// Loadings along the leading directions of the rows with each missing value at 0 (the rows are centred), and noise that takes up the rest, at least a tenth of a column's variance.
    /// </summary>
    public static FactorGaussian FromGroups(IReadOnlyList<PatternGroup> groups, ReadOnlySpan<double> variance, int factors, bool isotropic, Runtime runtime)
    {
        int columns = variance.Length;
        Matrix covariance = new(columns, columns);
        double total = 0;
        foreach (PatternGroup group in groups)
        {
            total += group.Weight;
            for (int i = 0; i < group.Count; i++)
            {
                ReadOnlySpan<double> row = group.Rows.AsSpan(i * group.Width, group.Observed.Length);
                for (int a = 0; a < row.Length; a++)
                {
                    Span<double> target = covariance.Row(group.Observed[a]);
                    for (int b = 0; b <= a; b++) target[group.Observed[b]] += row[a] * row[b];
                }
            }
        }

        double[] scale = new double[columns];
        double mean = 0;
        foreach (double value in variance) mean += value / columns;
        for (int i = 0; i < columns; i++) scale[i] = Math.Sqrt(isotropic ? mean : variance[i]);
        for (int i = 0; i < columns; i++)
            for (int j = 0; j <= i; j++) covariance[i, j] = covariance[j, i] = covariance[i, j] / (total * scale[i] * scale[j]);
        LeadingEigen leading = LeadingEigen.Of(covariance, factors, null, runtime);
        double rest = 0;
        for (int i = 0; i < columns; i++) rest += covariance[i, i];
        foreach (double value in leading.Values) rest -= value;
        double floor = Math.Max(rest / Math.Max(columns - factors, 1), 0.1);
        Matrix loadings = new(columns, factors);
        double[] noise = new double[columns];
        for (int i = 0; i < columns; i++)
        {
            noise[i] = floor * scale[i] * scale[i];
            for (int k = 0; k < factors; k++) loadings[i, k] = leading.Vectors[i, k] * Math.Sqrt(Math.Max(leading.Values[k] - floor, 0.01 * floor)) * scale[i];
        }

        return new FactorGaussian(new double[columns], loadings, noise);
    }
}
