namespace Elbo.Models;

/// <summary>What the covariances of normal components may be.</summary>
public enum CovarianceKind
{
    /// <summary>Each component has its own symmetric matrix: <c>covariances [K, D, D]</c>.</summary>
    Full,

    /// <summary>All components share one matrix: <c>covariances [D, D]</c>.</summary>
    Tied,

    /// <summary>Each component has its own variance per column: <c>covariances [K, D]</c>.</summary>
    Diagonal,

    /// <summary>Each component has one variance for all columns: <c>covariances [K]</c>.</summary>
    Spherical,
}
