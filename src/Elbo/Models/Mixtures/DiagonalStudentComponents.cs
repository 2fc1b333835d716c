using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>K Student-t densities with a squared scale per column; columns are uncorrelated, and share u.</summary>
/// <remarks>Given u the columns are independent, so a missing value drops out of every sum.</remarks>
internal sealed class DiagonalStudentComponents : StudentMixtureComponents
{
    private readonly Matrix scales, precisions, logScales;
    private readonly double[] logDeterminants;

    public DiagonalStudentComponents(Matrix locations, Matrix scales, ReadOnlySpan<double> degrees, StudentChoices choices)
        : base(locations, degrees, choices)
    {
        this.scales = scales;
        precisions = new Matrix(Components, Columns);
        logScales = new Matrix(Components, Columns);
        logDeterminants = new double[Components];
        for (int k = 0; k < Components; k++)
        {
            for (int j = 0; j < Columns; j++)
            {
                precisions[k, j] = 1 / scales[k, j];
                logDeterminants[k] += logScales[k, j] = Math.Log(scales[k, j]);
            }
        }
    }

    /// <summary>Per component and column Σr, Σr·u, Σr·u·(x − μ) and Σr·u·(x − μ)².</summary>
    protected override int MomentsLength => checked(4 * Components * Columns);

    protected override NumericArray ScaleArray => NumericArray.From<double>(scales.Values, Components, Columns);

    public override Matrix Scale(int component)
    {
        Matrix scale = new(Columns, Columns);
        for (int j = 0; j < Columns; j++) scale[j, j] = scales[component, j];
        return scale;
    }

    public override void ConditionalMean(int component, ReadOnlySpan<double> row, Span<double> result)
    {
        for (int j = 0; j < result.Length; j++) result[j] = double.IsNaN(row[j]) ? Locations[component, j] : row[j];
    }

    protected override void Distances(RowBlock rows, Span<double> distances, Span<double> determinants, Span<int> dimensions)
    {
        int count = rows.Count;
        if (!rows.MayHaveMissing)
        {
            RowKernels.ScaledDistances(rows.Values, Locations, precisions, distances);
            for (int k = 0; k < Components; k++) determinants.Slice(k * count, count).Fill(logDeterminants[k]);
            dimensions.Fill(Columns);
            return;
        }

        for (int n = 0; n < count; n++)
        {
            ReadOnlySpan<double> row = rows.Row(n);
            for (int k = 0; k < Components; k++)
            {
                int present = 0;
                double distance = 0, determinant = 0;
                for (int j = 0; j < row.Length; j++)
                {
                    double difference = row[j] - Locations[k, j];
                    if (double.IsNaN(difference)) continue;
                    present++;
                    distance += difference * difference * precisions[k, j];
                    determinant += logScales[k, j];
                }

                distances[k * count + n] = distance;
                determinants[k * count + n] = determinant;
                dimensions[n] = present;
            }
        }
    }

    protected override void AddMoments(RowBlock rows, ReadOnlySpan<double> shares, ReadOnlySpan<double> scaled, Span<double> moments)
    {
        int count = rows.Count;
        for (int k = 0; k < Components; k++)
        {
            ReadOnlySpan<double> location = Locations.Row(k);
            Span<double> counts = Sums(moments, k, 0), weights = Sums(moments, k, 1), first = Sums(moments, k, 2), second = Sums(moments, k, 3);
            for (int n = 0; n < count; n++)
            {
                double share = shares[k * count + n], weight = scaled[k * count + n];
                if (share == 0) continue;
                ReadOnlySpan<double> row = rows.Row(n);
                for (int j = 0; j < row.Length; j++)
                {
                    double difference = row[j] - location[j];
                    if (double.IsNaN(difference)) continue;
                    counts[j] += share;
                    weights[j] += weight;
                    first[j] += weight * difference;
                    second[j] += weight * difference * difference;
                }
            }
        }
    }

    protected override StudentMixtureComponents Update(ReadOnlySpan<double> counts, ReadOnlySpan<double> scaledCounts, ReadOnlySpan<double> moments, double[] updatedDegrees)
    {
        Matrix locations = Locations.Clone(), updated = scales.Clone();
        for (int k = 0; k < Components; k++)
        {
            for (int j = 0; j < Columns; j++)
            {
                double count = moments[(4 * k) * Columns + j], weight = moments[(4 * k + 1) * Columns + j], first = moments[(4 * k + 2) * Columns + j];
                // No row of this component has a value here: nothing says that the last parameters are wrong.
                if (!(count > 0) || !(weight > 0)) continue;
                double shift = first / weight;
                locations[k, j] += shift;
                // Below 0 by rounding only, where all of a component's rows agree.
                double scatter = Math.Max(0, moments[(4 * k + 3) * Columns + j] - first * shift) / count;
                updated[k, j] = Regularization > 0 ? GaussianUpdate.Variance(scatter, scales[k, j], Regularization) : scatter;
                if (!(updated[k, j] > 1e-300)) throw Singular(k, counts[k]);
            }
        }

        return new DiagonalStudentComponents(locations, updated, updatedDegrees, Choices);
    }

    protected override void DrawNormal(int component, ReadOnlySpan<double> row, double spread, RandomStream random, Span<double> result)
    {
        for (int j = 0; j < result.Length; j++)
            result[j] = double.IsNaN(row[j]) ? Locations[component, j] + spread * Math.Sqrt(scales[component, j]) * random.Normal((ulong)j) : row[j];
    }

    private Span<double> Sums(Span<double> moments, int component, int kind) => moments.Slice((4 * component + kind) * Columns, Columns);
}
