using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>
/// The Fréchet distance between two Gaussians, <c>|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½)</c> (Dowson and Landau, "The Fréchet distance between multivariate normal
/// distributions", 1982, equation 4): the squared 2-Wasserstein distance. On features of a classifier it is the FID (Heusel et al. 2017, arXiv 1706.08500, equation 6).
/// </summary>
/// <param name="MeanTerm">|μ₁ − μ₂|².</param>
/// <param name="CovarianceTerm">tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½), not negative but for rounding.</param>
/// <remarks>
/// With Σ = LLᵀ the trace of (Σ₁Σ₂)^½ is the sum of the singular values of L₁ᵀL₂: no square root of a product that is not symmetric, and singular covariances need
/// no multiple of the identity added, which the usual code through <c>scipy.linalg.sqrtm</c> adds where the root is not finite.
/// </remarks>
public sealed record FrechetDistance(double MeanTerm, double CovarianceTerm)
{
    /// <summary>The distance.</summary>
    public double Value => MeanTerm + CovarianceTerm;

    /// <summary>The distance between the Gaussians with the moments of two sets of features.</summary>
    /// <param name="first">The moments of one set.</param>
    /// <param name="second">The moments of the other, of features of the same length.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The features differ in length, or a set has no more vectors than dimensions.</exception>
    public static FrechetDistance Between(FeatureMoments first, FeatureMoments second, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Dimensions != second.Dimensions)
            throw new ElboException($"The features of the two sets have {first.Dimensions} and {second.Dimensions} dimensions; use the same extractor for both.");
        foreach (FeatureMoments moments in (FeatureMoments[])[first, second])
            if (moments.Count <= moments.Dimensions)
                throw new ElboException($"{moments.Count} images are too few for a covariance of {moments.Dimensions} features; give at least {moments.Dimensions + 1}, better ten times as many, or choose an extractor with fewer features.");
        return Between(first.Mean(), first.Covariance(), second.Mean(), second.Covariance(), runtime);
    }

    /// <summary>The distance between two Gaussians.</summary>
    /// <param name="firstMean">μ₁, <c>[D]</c>.</param>
    /// <param name="firstCovariance">Σ₁, <c>[D, D]</c>, which may be singular.</param>
    /// <param name="secondMean">μ₂, <c>[D]</c>.</param>
    /// <param name="secondCovariance">Σ₂, <c>[D, D]</c>.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ArgumentException">The sizes do not agree.</exception>
    /// <exception cref="ElboException">A covariance has a negative eigenvalue, or holds a number that is not finite.</exception>
    public static FrechetDistance Between(ReadOnlySpan<double> firstMean, Matrix firstCovariance, ReadOnlySpan<double> secondMean, Matrix secondCovariance, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(firstCovariance);
        ArgumentNullException.ThrowIfNull(secondCovariance);
        ArgumentNullException.ThrowIfNull(runtime);
        int size = firstMean.Length;
        foreach (Matrix covariance in (Matrix[])[firstCovariance, secondCovariance])
            if (covariance.Rows != size || covariance.Columns != size || secondMean.Length != size)
                throw new ArgumentException($"Means of {size} and {secondMean.Length} numbers do not fit a covariance of shape [{covariance.Rows}, {covariance.Columns}].", nameof(secondMean));
        Matrix first = Factor(firstCovariance, "first", runtime), second = Factor(secondCovariance, "second", runtime);
        double meanTerm = 0, trace = 0;
        for (int i = 0; i < size; i++)
        {
            meanTerm += (firstMean[i] - secondMean[i]) * (firstMean[i] - secondMean[i]);
            trace += firstCovariance[i, i] + secondCovariance[i, i];
        }

        if (first.Columns == 0 || second.Columns == 0) return new FrechetDistance(meanTerm, trace);
        Matrix product = new(first.Columns, second.Columns);
        runtime.Multiply<double>(first.Transpose().Values, second.Values, product.Values, first.Columns, second.Columns);
        return new FrechetDistance(meanTerm, trace - 2 * SingularValues.Of(product, runtime).Sum());
    }

    private static Matrix Factor(Matrix covariance, string which, Runtime runtime) =>
        SemidefiniteFactor.Of(covariance, runtime)
        ?? throw new ElboException($"The {which} covariance is not positive semi-definite; compute it in double precision from finite features.");
}
