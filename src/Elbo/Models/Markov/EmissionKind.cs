namespace Elbo.Models;

/// <summary>The family of the distributions of a row in the states of a hidden Markov model.</summary>
public enum EmissionKind
{
    /// <summary>One Gaussian in each state, with any <see cref="CovarianceKind"/>.</summary>
    Gaussian,

    /// <summary>A mixture of Gaussians in each state.</summary>
    GaussianMixture,

    /// <summary>Zeros and ones, independent columns.</summary>
    Bernoulli,

    /// <summary>Categories numbered from 0, independent columns.</summary>
    Categorical,

    /// <summary>Counts, independent columns.</summary>
    Poisson,
}
