using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The prior of one component: m₀, β₀, ν₀ and V₀, as <see cref="BayesianGaussianMixtureOptions"/> explains them.</summary>
internal sealed class NormalWishartPrior
{
    public NormalWishartPrior(CovarianceKind kind, ReadOnlySpan<double> mean, double meanPrecision, double degreesOfFreedom, Matrix inverseScale)
    {
        int d = mean.Length;
        (int rows, int columns) = kind switch { CovarianceKind.Full or CovarianceKind.Tied => (d, d), CovarianceKind.Diagonal => (1, d), _ => (1, 1) };
        if (inverseScale.Rows != rows || inverseScale.Columns != columns)
            throw new ElboException($"The prior's inverse scale has shape [{inverseScale.Rows}, {inverseScale.Columns}]; {GaussianNames.Of(kind)} covariance of {d} columns needs [{rows}, {columns}].");
        foreach (double value in mean)
            if (!double.IsFinite(value)) throw new ElboException(FormattableString.Invariant($"The prior mean holds {value}; give finite numbers."));
        if (!(meanPrecision > 0 && double.IsFinite(meanPrecision))) throw new ElboException(FormattableString.Invariant($"The prior precision of the means is {meanPrecision}; give a positive number."));
        int least = kind is CovarianceKind.Full or CovarianceKind.Tied ? d - 1 : 0;
        if (!(degreesOfFreedom > least && double.IsFinite(degreesOfFreedom)))
            throw new ElboException(FormattableString.Invariant($"The prior has {degreesOfFreedom} degrees of freedom; {GaussianNames.Of(kind)} covariance of {d} columns needs more than {least}."));
        Kind = kind;
        Mean = mean.ToArray();
        MeanPrecision = meanPrecision;
        DegreesOfFreedom = degreesOfFreedom;
        InverseScale = inverseScale;
        if (kind is CovarianceKind.Full or CovarianceKind.Tied)
        {
            for (int i = 0; i < d; i++)
                for (int j = 0; j < i; j++)
                    if (!(Math.Abs(inverseScale[i, j] - inverseScale[j, i]) <= 1e-10 * Math.Sqrt(Math.Abs(inverseScale[i, i] * inverseScale[j, j])))) throw NotPositive();
            if (CholeskyFactor.TryFactor(inverseScale) is null) throw NotPositive();
            Wishart = new WishartFactor(degreesOfFreedom, inverseScale);
        }
        else
        {
            foreach (double value in inverseScale.Values)
                if (!(value > 0 && double.IsFinite(value))) throw new ElboException(FormattableString.Invariant($"The prior's inverse scale holds {value}; give positive numbers."));
        }
    }

    public CovarianceKind Kind { get; }

    public int Columns => Mean.Length;

    public double[] Mean { get; }

    public double MeanPrecision { get; }

    public double DegreesOfFreedom { get; }

    public Matrix InverseScale { get; }

    /// <summary>Of full and tied covariance.</summary>
    public WishartFactor? Wishart { get; }

    /// <summary>Of diagonal covariance column j, of spherical any.</summary>
    public GammaFactor Gamma(int column) => new(0.5 * DegreesOfFreedom, 0.5 * InverseScale.Values[Kind == CovarianceKind.Spherical ? 0 : column]);

    /// <summary>The prior that options ask for, with what they leave open taken from the rows.</summary>
    public static NormalWishartPrior Of(BayesianGaussianMixtureOptions options, ColumnSummary summary)
    {
        int d = summary.Means.Length;
        if (options.MeanPrior is { } given && given.Count != d) throw new ElboException($"The prior mean has {given.Count} values, and the rows have {d} columns; give one per column.");
        Matrix? scale = options.InverseScale;
        if (scale is null)
        {
            double mean = 0;
            for (int j = 0; j < d; j++) mean += summary.Variance(j) / d;
            scale = options.Covariance switch { CovarianceKind.Full or CovarianceKind.Tied => new Matrix(d, d), CovarianceKind.Diagonal => new Matrix(1, d), _ => new Matrix(1, 1, [mean]) };
            for (int j = 0; j < d && options.Covariance != CovarianceKind.Spherical; j++) scale[scale.Rows == d ? j : 0, j] = summary.Variance(j);
        }

        return new NormalWishartPrior(options.Covariance, options.MeanPrior?.ToArray() ?? summary.Means, options.MeanPrecision, options.DegreesOfFreedom ?? d, scale);
    }

    private static ElboException NotPositive() => new("The prior's inverse scale is not symmetric positive definite; give such a matrix, for instance a covariance times the degrees of freedom.");
}
