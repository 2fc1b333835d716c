using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>What Gaussian mixture to fit, and from where.</summary>
public sealed record GaussianMixtureOptions
{
    /// <summary>K, at least 1.</summary>
    public int Components { get; init; } = 1;

    /// <summary>What the covariances may be.</summary>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Full;

    /// <summary>
    /// What is added to each variance in every M-step, in squared units of the columns; not negative. Where adding would lower the likelihood, variances
    /// below it are raised to it instead.
    /// </summary>
    public double Regularization { get; init; } = 1e-6;

    /// <summary>How to start where no parameters are given.</summary>
    public StartMethod Start { get; init; } = StartMethod.KMeans;

    /// <summary>
    /// Parameters to start from, by their names in <see cref="RowModel.Parameters"/>: <c>weights</c>, <c>means</c>, <c>covariances</c>, or some of them; what is
    /// not given follows from the rows. Null to start from the rows alone.
    /// </summary>
    public IReadOnlyDictionary<string, NumericArray>? StartParameters { get; init; }

    /// <summary>A fitted mixture to start from: a warm start. It has the same components, covariance and columns.</summary>
    public GaussianMixture? StartModel { get; init; }

    /// <summary>
    /// Rows of a batch of a first pass in small steps, for data so large that few passes are affordable: each batch ends with an M-step of averages over the batches so far
    /// (Cappé and Moulines, 2009); then iterations over all rows follow. Null for those alone. A batch of about 10 · K · D rows or more is sensible.
    /// </summary>
    public int? BatchRows { get; init; }

    /// <summary>Throws unless every setting is in its range.</summary>
    /// <exception cref="ElboException">One is not.</exception>
    public void Check()
    {
        if (Components < 1) throw new ElboException($"{Components} components were asked for; at least 1 is needed.");
        if (!(Regularization >= 0) || double.IsInfinity(Regularization)) throw new ElboException(FormattableString.Invariant($"The regularization is {Regularization}; give a finite number that is not negative."));
        if (BatchRows < 1) throw new ElboException($"Batches of {BatchRows} rows were asked for; at least 1 row is needed.");
        if (StartModel is null) return;
        if (StartParameters is not null) throw new ElboException("Both a model and parameters were given to start from; give one of them.");
        if (StartModel.Covariance != Covariance) throw new ElboException($"The model to start from has {GaussianNames.Of(StartModel.Covariance)} covariance, and {GaussianNames.Of(Covariance)} was asked for; ask for the same.");
        if (StartModel.Components != Components) throw new ElboException($"The model to start from has {StartModel.Components} components, and {Components} were asked for; ask for the same.");
    }
}
