using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>K normal densities of independent columns: a variance per column, or one for all.</summary>
/// <remarks>A missing value drops out of every sum: given the component, columns know nothing of each other.</remarks>
internal sealed class DiagonalGaussianComponents : GaussianComponents
{
    private readonly Matrix variances, precisions;
    private readonly double[] constants;

    public DiagonalGaussianComponents(Matrix means, Matrix variances, CovarianceKind kind, double regularization)
        : base(means, kind, regularization)
    {
        this.variances = variances;
        precisions = new Matrix(Components, Columns);
        constants = new double[Components];
        for (int k = 0; k < Components; k++)
        {
            double sum = 0;
            for (int j = 0; j < Columns; j++)
            {
                if (!(variances[k, j] > 0) || double.IsInfinity(variances[k, j]))
                    throw new ElboException(FormattableString.Invariant($"The variance of column {j} in component {k} is {variances[k, j]}; variances are positive and finite."));
                precisions[k, j] = 1 / variances[k, j];
                sum += Math.Log(variances[k, j]);
            }

            constants[k] = -0.5 * (Columns * LogTwoPi + sum);
        }
    }

    /// <summary>σ², <c>[K, D]</c>.</summary>
    public Matrix Variances => variances;

    public override int StatisticsLength => 3 * Components * Columns;

    public override Matrix Covariance(int component)
    {
        Matrix covariance = new(Columns, Columns);
        for (int j = 0; j < Columns; j++) covariance[j, j] = variances[component, j];
        return covariance;
    }

    public override NumericArray CovarianceArray
    {
        get
        {
            if (Kind == CovarianceKind.Diagonal) return NumericArray.From<double>(variances.Values, Components, Columns);
            double[] values = new double[Components];
            for (int k = 0; k < Components; k++) values[k] = variances[k, 0];
            return NumericArray.From<double>(values, Components);
        }
    }

    public override void LogDensities(RowBlock rows, Span<double> result)
    {
        if (!rows.MayHaveMissing)
        {
            RowKernels.ScaledDistances(rows.Values, Means, precisions, result);
            for (int k = 0; k < Components; k++) RowKernels.Scale(result.Slice(k * rows.Count, rows.Count), -0.5, constants[k]);
            return;
        }

        for (int k = 0; k < Components; k++)
        {
            ReadOnlySpan<double> mean = Means.Row(k), precision = precisions.Row(k), variance = variances.Row(k);
            for (int n = 0; n < rows.Count; n++)
            {
                ReadOnlySpan<double> row = rows.Row(n);
                double total = constants[k];
                for (int j = 0; j < row.Length; j++)
                {
                    double difference = row[j] - mean[j];
                    total += double.IsNaN(difference) ? 0.5 * (LogTwoPi + Math.Log(variance[j])) : -0.5 * difference * difference * precision[j];
                }

                result[k * rows.Count + n] = total;
            }
        }
    }

    public override void Accumulate(RowBlock rows, ReadOnlySpan<double> responsibilities, Span<double> statistics)
    {
        for (int k = 0; k < Components; k++)
        {
            ReadOnlySpan<double> weights = responsibilities.Slice(k * rows.Count, rows.Count), mean = Means.Row(k);
            Span<double> count = statistics.Slice(3 * k * Columns, Columns), first = statistics.Slice((3 * k + 1) * Columns, Columns), second = statistics.Slice((3 * k + 2) * Columns, Columns);
            if (!rows.MayHaveMissing)
            {
                double total = RowKernels.Sum(weights);
                for (int j = 0; j < Columns; j++) count[j] += total;
                RowKernels.AddSquares(rows.Values, weights, mean, first, second);
                continue;
            }

            for (int n = 0; n < rows.Count; n++)
            {
                double weight = weights[n];
                if (weight == 0) continue;
                ReadOnlySpan<double> row = rows.Row(n);
                for (int j = 0; j < row.Length; j++)
                {
                    double difference = row[j] - mean[j];
                    if (double.IsNaN(difference)) continue;
                    count[j] += weight;
                    first[j] += weight * difference;
                    second[j] += weight * difference * difference;
                }
            }
        }
    }

    public override ComponentFamily Maximize(ReadOnlySpan<double> counts, ReadOnlySpan<double> statistics)
    {
        Matrix means = Means.Clone(), updated = variances.Clone();
        for (int k = 0; k < Components; k++)
        {
            if (counts[k] == 0) continue;
            double pooled = 0, values = 0;
            for (int j = 0; j < Columns; j++)
            {
                double count = statistics[3 * k * Columns + j];
                // No row of this component has a value here: nothing says that the last parameters are wrong.
                if (count == 0) continue;
                double shift = statistics[(3 * k + 1) * Columns + j] / count;
                means[k, j] += shift;
                // Below 0 by rounding only, where all of a component's rows agree.
                double squares = Math.Max(0, statistics[(3 * k + 2) * Columns + j] - count * shift * shift);
                pooled += squares;
                values += count;
                if (Kind == CovarianceKind.Diagonal) updated[k, j] = Update(k, squares / count, variances[k, j], count);
            }

            if (Kind == CovarianceKind.Spherical && values > 0) updated.Row(k).Fill(Update(k, pooled / values, variances[k, 0], counts[k]));
        }

        return new DiagonalGaussianComponents(means, updated, Kind, Regularization);
    }

    public override void Recenter(ReadOnlySpan<double> counts, Span<double> statistics, ComponentFamily family)
    {
        Matrix means = ((DiagonalGaussianComponents)family).Means;
        for (int k = 0; k < Components; k++)
        {
            Span<double> count = statistics.Slice(3 * k * Columns, Columns), first = statistics.Slice((3 * k + 1) * Columns, Columns), second = statistics.Slice((3 * k + 2) * Columns, Columns);
            for (int j = 0; j < Columns; j++)
            {
                double shift = Means[k, j] - means[k, j];
                second[j] += shift * (2 * first[j] + count[j] * shift);
                first[j] += count[j] * shift;
            }
        }
    }

    public override int VectorLength => 2 * Components * Columns;

    public override void ToVector(Span<double> vector, ComponentFamily units)
    {
        Matrix unit = ((DiagonalGaussianComponents)units).variances;
        int half = Components * Columns;
        for (int i = 0; i < half; i++)
        {
            vector[i] = Means.Values[i] / Math.Sqrt(unit[0, i % Columns]);
            vector[half + i] = Math.Log(variances.Values[i]);
        }
    }

    public override ComponentFamily? FromVector(ReadOnlySpan<double> vector)
    {
        Matrix means = new(Components, Columns), guess = new(Components, Columns);
        int half = Components * Columns;
        for (int i = 0; i < half; i++)
        {
            means.Values[i] = vector[i] * Math.Sqrt(variances[0, i % Columns]);
            guess.Values[i] = Math.Max(Regularization, Math.Exp(vector[half + i]));
            if (!(guess.Values[i] > 1e-300) || double.IsInfinity(guess.Values[i])) return null;
        }

        return new DiagonalGaussianComponents(means, guess, Kind, Regularization);
    }

    public override void ConditionalMean(int component, ReadOnlySpan<double> row, Span<double> result)
    {
        for (int j = 0; j < result.Length; j++) result[j] = double.IsNaN(row[j]) ? Means[component, j] : row[j];
    }

    public override void ConditionalDraw(int component, ReadOnlySpan<double> row, RandomStream random, Span<double> result)
    {
        for (int j = 0; j < result.Length; j++)
            result[j] = double.IsNaN(row[j]) ? Means[component, j] + Math.Sqrt(variances[component, j]) * random.Normal((ulong)j) : row[j];
    }

    public override GaussianComponents Conditional(Matrix means, MissingGroup group)
    {
        Matrix part = new(Components, group.Missing.Length);
        for (int k = 0; k < Components; k++)
            for (int j = 0; j < part.Columns; j++) part[k, j] = variances[k, group.Missing[j]];
        return new DiagonalGaussianComponents(means, part, Kind, Regularization);
    }

    private double Update(int component, double scatter, double last, double rows)
    {
        // What rounding leaves of a sum of squares that is 0.
        double variance = Regularization > 0 ? GaussianUpdate.Variance(scatter, last, Regularization) : scatter;
        return variance > 1e-300 ? variance : throw Singular(component, rows);
    }
}
