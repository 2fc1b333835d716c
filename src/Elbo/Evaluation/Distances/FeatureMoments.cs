using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>The mean and covariance of feature vectors, added block by block in double precision, for distances between two sets of images.</summary>
/// <param name="dimensions">D, the length of a feature vector.</param>
public sealed class FeatureMoments(int dimensions)
{
    // Deep enough for the product's speed, shallow enough that its panels stay in the cache.
    private const int BlockRows = 512;

    private readonly double[] pilot = new double[dimensions];
    private readonly double[] sums = new double[dimensions];
    private readonly Matrix products = new(dimensions, dimensions);

    /// <summary>D.</summary>
    public int Dimensions => dimensions;

    /// <summary>How many feature vectors were added.</summary>
    public long Count { get; private set; }

    /// <summary>The moments of a block of feature vectors.</summary>
    /// <param name="features">The features, <c>[N, D]</c>.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">A feature is not finite.</exception>
    public static FeatureMoments Of(Matrix features, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(features);
        FeatureMoments moments = new(features.Columns);
        moments.Add(features, runtime);
        return moments;
    }

    /// <summary>Adds feature vectors.</summary>
    /// <param name="features">The features, <c>[N, D]</c>.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ArgumentException">They have another length.</exception>
    /// <exception cref="ElboException">A feature is not finite.</exception>
    public void Add(Matrix features, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(runtime);
        if (features.Columns != dimensions) throw new ArgumentException($"Features of length {features.Columns} cannot be added to moments of length {dimensions}.", nameof(features));
        if (features.Rows == 0) return;
        // Before anything is added: whoever catches the error still has the moments of the blocks before.
        for (int n = 0; n < features.Rows; n++)
            for (int j = 0; j < dimensions; j++)
                if (!double.IsFinite(features[n, j])) throw new ElboException($"Feature {j} of row {Count + n} is {features[n, j]}; distances need finite features.");
        // Sums of squares around the first block's mean: around zero, the variance of features far from it would cancel.
        if (Count == 0) MeanOf(features).CopyTo(pilot, 0);
        Matrix own = new(dimensions, dimensions);
        for (int first = 0; first < features.Rows; first += BlockRows)
        {
            Matrix centred = Centred(features, first, Math.Min(BlockRows, features.Rows - first));
            runtime.Multiply<double>(centred.Values, centred.Values, own.Values, dimensions, dimensions, transposeA: true);
            VectorMath.AddScaled(1, own.Values, products.Values);
        }

        Count += features.Rows;
    }

    /// <summary>The mean, <c>[D]</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no vector.</exception>
    public double[] Mean() => Count == 0 ? throw new InvalidOperationException("A mean needs at least one feature vector, and there is none.") : [.. sums.Select((sum, j) => pilot[j] + sum / Count)];

    /// <summary>The unbiased covariance, <c>[D, D]</c>: divided by N − 1, as NumPy's <c>cov</c> in every published FID.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two vectors.</exception>
    public Matrix Covariance()
    {
        if (Count < 2) throw new InvalidOperationException($"A covariance needs at least two feature vectors, and there are {Count}.");
        Matrix covariance = new(dimensions, dimensions);
        for (int i = 0; i < dimensions; i++)
            for (int j = 0; j < dimensions; j++) covariance[i, j] = (products[i, j] - sums[i] * sums[j] / Count) / (Count - 1);
        return covariance;
    }

    /// <summary>Rows minus the pilot, added to the sums.</summary>
    private Matrix Centred(Matrix features, int first, int count)
    {
        Matrix centred = new(count, dimensions);
        for (int n = 0; n < count; n++)
        {
            Span<double> target = centred.Row(n);
            features.Row(first + n).CopyTo(target);
            VectorMath.AddScaled(-1, pilot, target);
            VectorMath.AddScaled(1, target, sums);
        }

        return centred;
    }

    private static double[] MeanOf(Matrix features)
    {
        double[] mean = new double[features.Columns];
        for (int n = 0; n < features.Rows; n++) VectorMath.AddScaled(1.0 / features.Rows, features.Row(n), mean);
        return mean;
    }
}
