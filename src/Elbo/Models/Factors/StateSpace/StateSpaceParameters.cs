using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>The numbers of a linear-Gaussian state-space model.</summary>
/// <param name="Transition">A, <c>[S, S]</c>.</param>
/// <param name="TransitionNoise">Q, <c>[S, S]</c>, positive definite.</param>
/// <param name="Emission">C as loadings, b as mean and the diagonal of R as noise.</param>
/// <param name="InitialMean">The mean of z₁, <c>[S]</c>.</param>
/// <param name="InitialCovariance">The covariance of z₁, <c>[S, S]</c>, positive definite.</param>
internal sealed record StateSpaceParameters(Matrix Transition, Matrix TransitionNoise, FactorGaussian Emission, double[] InitialMean, Matrix InitialCovariance)
{
    public int States => Transition.Rows;

    public int Columns => Emission.Columns;
}
