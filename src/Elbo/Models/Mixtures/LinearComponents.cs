using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// K densities of independent columns from a one-parameter exponential family whose statistic is the value itself,
/// <c>ln p(x|θ) = x·η(θ) − A(θ) + ln h(x)</c>: two products per row and component, and the M-step is the mean.
/// </summary>
/// <remarks>A missing value drops out of the product: given the component, columns know nothing of each other.</remarks>
internal abstract class LinearComponents : ComponentFamily
{
    private readonly Matrix slopes, constants;
    private readonly double[] totals;

    /// <summary>Keeps the parameters without a copy.</summary>
    /// <param name="parameters">θ, the means, <c>[K, D]</c>, each in the range of <see cref="Clamp"/>.</param>
    /// <param name="slope">η.</param>
    /// <param name="constant">−A.</param>
    /// <param name="regularization">How far θ keeps from the ends of its range.</param>
    protected LinearComponents(Matrix parameters, Func<double, double> slope, Func<double, double> constant, double regularization)
        : base(parameters.Rows, parameters.Columns)
    {
        Means = parameters;
        Regularization = regularization;
        slopes = new Matrix(Components, Columns);
        constants = new Matrix(Components, Columns);
        totals = new double[Components];
        for (int k = 0; k < Components; k++)
        {
            for (int j = 0; j < Columns; j++)
            {
                slopes[k, j] = slope(parameters[k, j]);
                totals[k] += constants[k, j] = constant(parameters[k, j]);
            }
        }
    }

    /// <summary>θ, <c>[K, D]</c>.</summary>
    public Matrix Means { get; }

    public double Regularization { get; }

    public override long FreeParameters => (long)Components * Columns;

    public override int StatisticsLength => checked(2 * Components * Columns);

    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => [new(ParameterName, NumericArray.From<double>(Means.Values, Components, Columns))];

    protected abstract string ParameterName { get; }

    /// <summary>The nearest parameter that is allowed: where the density would be 0 or infinite, the maximum lies at the end of the range.</summary>
    protected abstract double Clamp(double mean);

    protected abstract ComponentFamily With(Matrix parameters);

    /// <summary>θ of a slope: the inverse of η.</summary>
    protected abstract double MeanOf(double slope);

    protected abstract double Draw(double mean, RandomStream random);

    /// <summary>Adds ln h(x) of a value to what all components share.</summary>
    protected virtual double LogBase(double value) => 0;

    /// <summary>Whether <see cref="LogBase"/> is not 0.</summary>
    protected virtual bool HasBase => false;

    public override void LogDensities(RowBlock rows, Span<double> result)
    {
        int count = rows.Count;
        double[] filled = rows.MayHaveMissing ? new double[Columns] : [], present = rows.MayHaveMissing ? new double[Columns] : [];
        for (int n = 0; n < count; n++)
        {
            ReadOnlySpan<double> row = rows.Row(n);
            double shared = 0;
            for (int j = 0; HasBase && j < row.Length; j++)
                if (!double.IsNaN(row[j])) shared += LogBase(row[j]);
            bool whole = !Split(rows.MayHaveMissing, row, filled, present);
            for (int k = 0; k < Components; k++)
            {
                result[k * count + n] = shared + (whole
                    ? VectorMath.Dot(row, slopes.Row(k)) + totals[k]
                    : VectorMath.Dot(filled, slopes.Row(k)) + VectorMath.Dot(present, constants.Row(k)));
            }
        }
    }

    public override void Accumulate(RowBlock rows, ReadOnlySpan<double> responsibilities, Span<double> statistics)
    {
        int count = rows.Count;
        double[] filled = rows.MayHaveMissing ? new double[Columns] : [], present = rows.MayHaveMissing ? new double[Columns] : [], whole = new double[Components];
        for (int n = 0; n < count; n++)
        {
            ReadOnlySpan<double> row = rows.Row(n);
            bool split = Split(rows.MayHaveMissing, row, filled, present);
            for (int k = 0; k < Components; k++)
            {
                double weight = responsibilities[k * count + n];
                if (weight == 0) continue;
                VectorMath.AddScaled(weight, split ? filled : row, statistics.Slice((2 * k + 1) * Columns, Columns));
                if (split) VectorMath.AddScaled(weight, present, statistics.Slice(2 * k * Columns, Columns));
                else whole[k] += weight;
            }
        }

        for (int k = 0; k < Components; k++)
            foreach (ref double total in statistics.Slice(2 * k * Columns, Columns)) total += whole[k];
    }

    public override ComponentFamily Maximize(ReadOnlySpan<double> counts, ReadOnlySpan<double> statistics)
    {
        Matrix means = Means.Clone();
        for (int k = 0; k < Components; k++)
        {
            for (int j = 0; j < Columns; j++)
            {
                double count = statistics[2 * k * Columns + j];
                // No row of this component has a value here: nothing says that the last parameter is wrong.
                if (count > 0) means[k, j] = Clamp(statistics[(2 * k + 1) * Columns + j] / count);
            }
        }

        return With(means);
    }

    public override int VectorLength => Components * Columns;

    /// <summary>η, which has no ends.</summary>
    public override void ToVector(Span<double> vector, ComponentFamily units) => slopes.Values.CopyTo(vector);

    public override ComponentFamily? FromVector(ReadOnlySpan<double> vector)
    {
        Matrix means = new(Components, Columns);
        for (int i = 0; i < vector.Length; i++)
        {
            means.Values[i] = Clamp(MeanOf(vector[i]));
            if (!double.IsFinite(means.Values[i])) return null;
        }

        return With(means);
    }

    public override void ConditionalMean(int component, ReadOnlySpan<double> row, Span<double> result)
    {
        for (int j = 0; j < result.Length; j++) result[j] = double.IsNaN(row[j]) ? Means[component, j] : row[j];
    }

    public override void ConditionalDraw(int component, ReadOnlySpan<double> row, RandomStream random, Span<double> result)
    {
        for (int j = 0; j < result.Length; j++) result[j] = double.IsNaN(row[j]) ? Draw(Means[component, j], random.Split((ulong)j)) : row[j];
    }

    protected static Matrix Clamped(Matrix means, Func<double, double> clamp)
    {
        Matrix clamped = means.Clone();
        foreach (ref double value in clamped.Values) value = clamp(value);
        return clamped;
    }

    /// <summary>A row that misses values as values with zeros, and ones where they are; false for a row that misses none.</summary>
    private static bool Split(bool mayHaveMissing, ReadOnlySpan<double> row, double[] filled, double[] present)
    {
        if (!mayHaveMissing || !row.Contains(double.NaN)) return false;
        for (int j = 0; j < row.Length; j++)
        {
            bool missing = double.IsNaN(row[j]);
            filled[j] = missing ? 0 : row[j];
            present[j] = missing ? 0 : 1;
        }

        return true;
    }
}
