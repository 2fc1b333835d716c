namespace Elbo.Models.Factors;

/// <summary>How to choose among the loadings of equal likelihood: <c>WR</c> for any orthogonal R.</summary>
public enum FactorRotation
{
    /// <summary>The axes of the posterior covariance, the factor that explains most first: WᵀΨ⁻¹W is diagonal.</summary>
    None,

    /// <summary>Few large loadings per factor: maximises the variance of the squared loadings within the columns of W (Kaiser, 1958), without Kaiser's normalisation of the rows.</summary>
    Varimax,

    /// <summary>Few factors per variable: maximises the sum of the fourth powers of the loadings (Carroll, 1953).</summary>
    Quartimax,
}
