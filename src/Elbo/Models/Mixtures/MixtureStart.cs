using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Makes starts of mixtures from a sample of the rows: soft assignments, then one M-step, so that every family starts alike.</summary>
internal sealed class MixtureStart
{
    /// <summary>Enough rows to place centres by; all rows where there are no more.</summary>
    private const int MostRows = 20_000;

    /// <summary>Of wide rows fewer place centres as well: k-means passes over them about a hundred times, where EM may end after ten.</summary>
    private const int MostValues = 1 << 21, LeastRows = 1000;

    private const int Rounds = 20;

    /// <summary>Runs of k-means, of which the tightest is kept: single runs end in poor optima about one time in three.</summary>
    private const int Trials = 4;

    /// <summary>What each row gives to all components alike, so that none starts without spread.</summary>
    private const double Shared = 0.02;

    private readonly Matrix sample, scaled;
    private readonly double[] weights;
    private readonly bool mayHaveMissing;

    private MixtureStart(Matrix sample, Matrix scaled, double[] weights, bool mayHaveMissing)
    {
        this.sample = sample;
        this.scaled = scaled;
        this.weights = weights;
        this.mayHaveMissing = mayHaveMissing;
    }

    /// <summary>Draws the sample: one row of each of equal stretches, in order, so that a stream is read once from its beginning to its end.</summary>
    public static MixtureStart Of(Observations rows, ColumnSummary summary, RandomStream random, ComponentFamily? family = null)
    {
        int d = rows.Columns, kept = 0;
        int target = (int)Math.Min(rows.Rows, Math.Clamp(MostValues / d, LeastRows, MostRows));
        double[] values = new double[target * d], weights = new double[target], buffer = new double[d];
        for (int i = 0; i < target; i++)
        {
            long first = (long)((Int128)rows.Rows * i / target), end = (long)((Int128)rows.Rows * (i + 1) / target);
            long index = first + (long)(random.Uniform((ulong)i) * (end - first));
            double weight = rows.Weights.IsEmpty ? 1 : rows.Weights[(int)index];
            ReadOnlySpan<double> row = rows.Read(index, 1, buffer);
            if (weight == 0 || !row.ContainsAnyExcept(double.NaN)) continue;
            row.CopyTo(values.AsSpan(kept * d));
            weights[kept++] = weight;
        }

        Matrix sample = new(kept, d, values[..(kept * d)]), scaled = new(kept, d);
        for (int i = 0; i < kept; i++)
        {
            for (int j = 0; j < d; j++)
            {
                double spread = Math.Sqrt(summary.Variance(j));
                // A missing value stands at the mean, where it favours no centre.
                scaled[i, j] = double.IsNaN(sample[i, j]) || spread == 0 ? 0 : (sample[i, j] - summary.Means[j]) / spread;
            }
        }

        return new MixtureStart(sample, family?.StartFeatures(sample, scaled) ?? scaled, weights[..kept], rows.MayHaveMissing);
    }

    /// <summary>Makes a start.</summary>
    /// <param name="neutral">Components that do not depend on the row, all alike.</param>
    /// <param name="method">How.</param>
    /// <param name="random">Differs from start to start.</param>
    public MixtureState Make(ComponentFamily neutral, StartMethod method, RandomStream random)
    {
        int components = neutral.Components, rows = sample.Rows;
        if (rows == 0) throw new ElboException("No sampled row has both a value and a positive weight; give rows that do.");
        double[] shares = new double[components * rows];
        if (method == StartMethod.Random)
        {
            for (int i = 0; i < shares.Length; i++) shares[i] = random.Uniform((ulong)i);
        }
        else
        {
            Matrix centers = method == StartMethod.KMeans ? KMeansCenters(components, random) : RandomRows(components, random);
            int[] nearest = Nearest(centers, new double[components * rows]);
            for (int n = 0; n < rows; n++) shares[nearest[n] * rows + n] = 1;
        }

        return FromShares(neutral, shares);
    }

    /// <summary>Makes a start in which each row belongs to the nearest of given means.</summary>
    public MixtureState FromMeans(ComponentFamily neutral, Matrix means, ColumnSummary summary)
    {
        Matrix centers = new(means.Rows, means.Columns);
        for (int k = 0; k < means.Rows; k++)
            for (int j = 0; j < means.Columns; j++) centers[k, j] = summary.Variance(j) > 0 ? (means[k, j] - summary.Means[j]) / Math.Sqrt(summary.Variance(j)) : 0;
        double[] shares = new double[means.Rows * sample.Rows];
        int[] nearest = Nearest(centers, new double[shares.Length]);
        for (int n = 0; n < nearest.Length; n++) shares[nearest[n] * sample.Rows + n] = 1;
        return FromShares(neutral, shares);
    }

    private MixtureState FromShares(ComponentFamily neutral, double[] shares)
    {
        int components = neutral.Components, rows = sample.Rows;
        double[] counts = new double[components], statistics = new double[neutral.StatisticsLength];
        for (int n = 0; n < rows; n++)
        {
            double total = 0;
            for (int k = 0; k < components; k++) total += shares[k * rows + n];
            for (int k = 0; k < components; k++)
            {
                double share = weights[n] * ((1 - Shared) * shares[k * rows + n] / total + Shared / components);
                shares[k * rows + n] = share;
                counts[k] += share;
            }
        }

        neutral.Accumulate(new RowBlock(sample.Values, sample.Columns, mayHaveMissing), shares, statistics);
        return MixtureEm.Maximize(new MixtureState(new double[components], neutral), new MixtureSums(0, 0, counts, statistics));
    }

    private Matrix RandomRows(int components, RandomStream random)
    {
        Matrix centers = new(components, scaled.Columns);
        for (int k = 0; k < components; k++) scaled.Row((int)random.Integer((uint)scaled.Rows, (ulong)k)).CopyTo(centers.Row(k));
        return centers;
    }

    private Matrix KMeansCenters(int components, RandomStream random)
    {
        Matrix? best = null;
        double least = double.PositiveInfinity;
        for (int trial = 0; trial < (components == 1 ? 1 : Trials); trial++)
        {
            (Matrix centers, double spread) = KMeans(components, random.Split((ulong)trial));
            if (best is not null && !(spread < least)) continue;
            (best, least) = (centers, spread);
        }

        return best!;
    }

    private (Matrix Centers, double Spread) KMeans(int components, RandomStream random)
    {
        Matrix centers = Seed(components, random);
        double spread = 0;
        double[] distances = new double[components * scaled.Rows], sizes = new double[components];
        int[] previous = [];
        for (int round = 0; round < Rounds; round++)
        {
            int[] nearest = Nearest(centers, distances);
            spread = 0;
            for (int n = 0; n < nearest.Length; n++) spread += weights[n] * distances[nearest[n] * nearest.Length + n];
            if (nearest.AsSpan().SequenceEqual(previous)) break;
            previous = nearest;
            Matrix sums = new(components, scaled.Columns);
            Array.Clear(sizes);
            for (int n = 0; n < nearest.Length; n++)
            {
                Span<double> sum = sums.Row(nearest[n]);
                ReadOnlySpan<double> row = scaled.Row(n);
                for (int j = 0; j < sum.Length; j++) sum[j] += weights[n] * row[j];
                sizes[nearest[n]] += weights[n];
            }

            for (int k = 0; k < components; k++)
                for (int j = 0; sizes[k] > 0 && j < scaled.Columns; j++) centers[k, j] = sums[k, j] / sizes[k];
        }

        return (centers, spread);
    }

    /// <summary>k-means++, the best of a few candidates for each centre.</summary>
    private Matrix Seed(int components, RandomStream random)
    {
        int rows = scaled.Rows, trials = 2 + (int)Math.Log(components);
        Matrix centers = new(components, scaled.Columns);
        double[] least = new double[rows], candidate = new double[rows], best = new double[rows];
        Array.Fill(least, double.PositiveInfinity);
        for (int k = 0; k < components; k++)
        {
            RandomStream draws = random.Split((ulong)k);
            double potential = double.PositiveInfinity;
            for (int trial = 0; trial < (k == 0 ? 1 : trials); trial++)
            {
                int row = Pick(k == 0 ? [] : least, draws.Uniform((ulong)trial));
                RowKernels.ScaledDistances(scaled.Values, new Matrix(1, scaled.Columns, scaled.Row(row).ToArray()), Ones(scaled.Columns), candidate);
                double total = 0;
                for (int n = 0; n < rows; n++) total += weights[n] * (candidate[n] = Math.Min(candidate[n], least[n]));
                if (!(total < potential)) continue;
                potential = total;
                (best, candidate) = (candidate, best);
                scaled.Row(row).CopyTo(centers.Row(k));
            }

            best.CopyTo(least, 0);
        }

        return centers;
    }

    private int Pick(ReadOnlySpan<double> distances, double uniform)
    {
        double total = 0;
        for (int n = 0; n < weights.Length; n++) total += weights[n] * (distances.IsEmpty ? 1 : distances[n]);
        double left = uniform * total;
        for (int n = 0; n < weights.Length; n++)
        {
            left -= weights[n] * (distances.IsEmpty ? 1 : distances[n]);
            if (left < 0) return n;
        }

        return (int)(uniform * weights.Length);
    }

    private int[] Nearest(Matrix centers, double[] distances)
    {
        int rows = scaled.Rows;
        Matrix ones = new(centers.Rows, centers.Columns);
        ones.Values.Fill(1);
        RowKernels.ScaledDistances(scaled.Values, centers, ones, distances);
        int[] nearest = new int[rows];
        for (int n = 0; n < rows; n++)
            for (int k = 1; k < centers.Rows; k++)
                if (distances[k * rows + n] < distances[nearest[n] * rows + n]) nearest[n] = k;
        return nearest;
    }

    private static Matrix Ones(int columns)
    {
        Matrix ones = new(1, columns);
        ones.Values.Fill(1);
        return ones;
    }
}
