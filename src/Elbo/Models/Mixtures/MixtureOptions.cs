using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>What all mixtures other than <see cref="GaussianMixture"/> are told: how many components, and from where to start.</summary>
public abstract record MixtureOptions
{
    private protected MixtureOptions()
    {
    }

    /// <summary>K, at least 1.</summary>
    public int Components { get; init; } = 1;

    /// <summary>
    /// How far parameters keep from where a density would be 0 or infinite: the least that a probability, its complement, or a rate may be. Each M-step
    /// takes the best parameters within that range, so that EM never lowers the likelihood. Of scales, what each M-step adds to a variance.
    /// </summary>
    public double Regularization { get; init; } = 1e-6;

    /// <summary>How to start where no parameters are given.</summary>
    public StartMethod Start { get; init; } = StartMethod.KMeans;

    /// <summary>Parameters to start from, by their names in <see cref="RowModel.Parameters"/>, or some of them; what is not given follows from the rows. Null to start from the rows alone.</summary>
    public IReadOnlyDictionary<string, NumericArray>? StartParameters { get; init; }

    /// <summary>A fitted mixture of the same family, components and columns to start from: a warm start. Null for none.</summary>
    public MixtureModel? StartModel { get; init; }

    /// <summary>Throws unless every setting is in its range.</summary>
    /// <exception cref="ElboException">One is not.</exception>
    public virtual void Check()
    {
        if (Components < 1) throw new ElboException($"{Components} components were asked for; at least 1 is needed.");
        if (!(Regularization >= 0) || double.IsInfinity(Regularization)) throw new ElboException(FormattableString.Invariant($"The regularization is {Regularization}; give a finite number that is not negative."));
        if (StartModel is null) return;
        if (StartParameters is not null) throw new ElboException("Both a model and parameters were given to start from; give one of them.");
        if (StartModel.Kind != Kind) throw new ElboException($"The model to start from is a {StartModel.Kind}, and a {Kind} was asked for; ask for the same.");
        if (StartModel.Components != Components) throw new ElboException($"The model to start from has {StartModel.Components} components, and {Components} were asked for; ask for the same.");
    }

    /// <summary>The <see cref="RowModel.Kind"/> that these options ask for.</summary>
    private protected abstract string Kind { get; }
}
