namespace Elbo.Models;

/// <summary>The family of the distributions of a row in the states of a hidden Markov model.</summary>
public enum EmissionKind
{
    /// <summary>Gaussian, each state with a variance of its own for each column.</summary>
    GaussianDiagonal,

    /// <summary>Gaussian, each state with one variance for all columns.</summary>
    GaussianSpherical,

    /// <summary>Zeros and ones, independent columns.</summary>
    Bernoulli,

    /// <summary>Categories numbered from 0, independent columns.</summary>
    Categorical,

    /// <summary>Counts, independent columns.</summary>
    Poisson,
}
