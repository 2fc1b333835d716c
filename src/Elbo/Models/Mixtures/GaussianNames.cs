using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The names that files and the tool give to the kinds of covariance.</summary>
internal static class GaussianNames
{
    public static string Of(CovarianceKind kind) => kind switch
    {
        CovarianceKind.Full => "full",
        CovarianceKind.Tied => "tied",
        CovarianceKind.Diagonal => "diagonal",
        _ => "spherical",
    };

    public static CovarianceKind Parse(string name) => name switch
    {
        "full" => CovarianceKind.Full,
        "tied" => CovarianceKind.Tied,
        "diagonal" or "diag" => CovarianceKind.Diagonal,
        "spherical" => CovarianceKind.Spherical,
        _ => throw new ElboException($"There is no covariance '{name}'; choose full, tied, diagonal or spherical."),
    };
}
