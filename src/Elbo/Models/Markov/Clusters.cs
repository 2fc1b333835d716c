using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>A rough partition of rows, to start from: k-means++ (Arthur and Vassilvitskii, 2007) and a few rounds of Lloyd's algorithm on columns scaled to variance 1.</summary>
internal static class Clusters
{
    public static int[] Labels(Matrix rows, EmissionPrior prior, int count, int rounds, RandomStream random, int[] known)
    {
        Matrix scaled = Scaled(rows, prior), centers = new(count, rows.Columns);
        double[] distances = new double[rows.Rows];
        Array.Fill(distances, double.PositiveInfinity);
        int[] labels = new int[rows.Rows];
        for (int k = 0; k < count; k++)
        {
            int chosen = k == 0 ? (int)random.Integer((uint)rows.Rows, 0) : Choice.Next(distances, random.Uniform((ulong)k));
            scaled.Row(chosen).CopyTo(centers.Row(k));
            for (int t = 0; t < rows.Rows; t++) distances[t] = Math.Min(distances[t], Distance(scaled.Row(t), centers.Row(k)));
            // Fewer distinct rows than clusters: the others get rows at random, and noise in the shares tells them apart.
            if (distances.Sum() == 0) Array.Fill(distances, 1);
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int t = 0; t < labels.Length; t++) labels[t] = known[t] >= 0 ? known[t] : Nearest(scaled.Row(t), centers);
            double[] sizes = new double[count];
            Matrix sums = new(count, rows.Columns);
            for (int t = 0; t < labels.Length; t++)
            {
                sizes[labels[t]]++;
                Span<double> sum = sums.Row(labels[t]);
                ReadOnlySpan<double> row = scaled.Row(t);
                for (int d = 0; d < sum.Length; d++) sum[d] += row[d];
            }

            for (int k = 0; k < count; k++)
                for (int d = 0; d < rows.Columns && sizes[k] > 0; d++) centers[k, d] = sums[k, d] / sizes[k];
        }

        return labels;
    }

    private static Matrix Scaled(Matrix rows, EmissionPrior prior)
    {
        Matrix result = new(rows.Rows, rows.Columns);
        for (int t = 0; t < rows.Rows; t++)
        {
            for (int d = 0; d < rows.Columns; d++)
            {
                double value = rows[t, d];
                result[t, d] = double.IsNaN(value) || prior.Variances[d] == 0 ? 0 : (value - prior.Means[d]) / Math.Sqrt(prior.Variances[d]);
            }
        }

        return result;
    }

    private static int Nearest(ReadOnlySpan<double> row, Matrix centers)
    {
        int result = 0;
        double least = double.PositiveInfinity;
        for (int k = 0; k < centers.Rows; k++)
        {
            double distance = Distance(row, centers.Row(k));
            if (distance >= least) continue;
            least = distance;
            result = k;
        }

        return result;
    }

    private static double Distance(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int d = 0; d < left.Length; d++) sum += (left[d] - right[d]) * (left[d] - right[d]);
        return sum;
    }
}
