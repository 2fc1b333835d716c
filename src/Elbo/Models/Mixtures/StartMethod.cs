namespace Elbo.Models;

/// <summary>How a mixture without given parameters starts.</summary>
public enum StartMethod
{
    /// <summary>Centres by k-means++ (Arthur and Vassilvitskii, 2007) and a few rounds of k-means on columns of equal spread, then an M-step.</summary>
    KMeans,

    /// <summary>Each row belongs to the nearest of K rows drawn at random, then an M-step.</summary>
    RandomFromData,

    /// <summary>Each row belongs to all components in random shares, then an M-step.</summary>
    Random,
}
