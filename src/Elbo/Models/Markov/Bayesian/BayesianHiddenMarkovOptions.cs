using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What Bayesian hidden Markov model to fit: its sizes, its priors, and where it starts.</summary>
/// <remarks>
/// Start probabilities and each row of A are Dirichlet; categories and ones are Dirichlet in each column; Poisson rates are Gamma; the precision Λ of a Gaussian is Wishart with
/// ν₀ degrees of freedom and inverse scale V₀ (of diagonal and spherical covariance Gamma(ν₀/2, V₀/2)), its mean N(m₀, (β₀Λ)⁻¹). All states have the same prior.
/// </remarks>
public sealed record BayesianHiddenMarkovOptions
{
    /// <summary>K, the most states, at least 1; those that are not needed end up empty.</summary>
    public int States { get; init; } = 2;

    /// <summary>The family of the emissions: Gaussian, Bernoulli, categorical or Poisson.</summary>
    public EmissionKind Emission { get; init; } = EmissionKind.Gaussian;

    /// <summary>What the covariances of Gaussian emissions may be.</summary>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Full;

    /// <summary>The concentration of each start probability, positive.</summary>
    public double StartConcentration { get; init; } = 1;

    /// <summary>The concentration of each transition probability, positive; a small one empties states.</summary>
    public double TransitionConcentration { get; init; } = 1;

    /// <summary>What is added to the concentration of staying in a state, not negative.</summary>
    public double StayConcentration { get; init; }

    /// <summary>The concentration of each category, or of a one and of a zero, positive.</summary>
    public double EmissionConcentration { get; init; } = 1;

    /// <summary>a₀ of Poisson rates, positive; b₀ is a₀ over the mean of the column, so that rates have that mean.</summary>
    public double RateShape { get; init; } = 1;

    /// <summary>m₀ of Gaussian emissions, <c>[D]</c>; null for the means of the rows.</summary>
    public IReadOnlyList<double>? MeanPrior { get; init; }

    /// <summary>β₀ of Gaussian emissions, positive: how many rows the prior mean is worth.</summary>
    public double MeanPrecision { get; init; } = 1;

    /// <summary>ν₀ of Gaussian emissions, above D − 1 (above 0 for diagonal and spherical covariance); null for D.</summary>
    public double? DegreesOfFreedom { get; init; }

    /// <summary>V₀ of Gaussian emissions, in the shapes of <see cref="BayesianGaussianMixtureOptions.InverseScale"/>; null for the variances of the columns.</summary>
    public Matrix? InverseScale { get; init; }

    /// <summary>Transitions that are possible, <c>[K, K]</c>: 0 forbids one for good. Null allows all.</summary>
    public Matrix? TransitionPattern { get; init; }

    /// <summary>States that a sequence may start in, <c>[K]</c>: 0 forbids one for good. Null allows all.</summary>
    public IReadOnlyList<double>? StartPattern { get; init; }

    /// <summary>The state of each row where it is known and −1 where it is not, <c>[N]</c>; null where none is known.</summary>
    public int[]? KnownStates { get; init; }

    /// <summary>A model whose posteriors over paths are the first; of the same states, emissions and columns. Null to start from the rows alone.</summary>
    public HiddenMarkovModel? StartPoint { get; init; }

    /// <summary>A posterior to go on from, with its priors: a warm start. It has the same states, emissions and columns.</summary>
    public BayesianHiddenMarkovModel? StartModel { get; init; }

    /// <summary>Throws unless every setting is in its range and they agree.</summary>
    /// <exception cref="ElboException">One is not, or two do not.</exception>
    public void Check()
    {
        if (Emission == EmissionKind.GaussianMixture) throw new ElboException("Mixtures of Gaussians in each state have no conjugate prior here; use Gaussian emissions with more states.");
        foreach ((string name, double value) in (ReadOnlySpan<(string, double)>)[("start concentration", StartConcentration), ("transition concentration", TransitionConcentration), ("emission concentration", EmissionConcentration), ("shape of the rates", RateShape), ("prior precision of the means", MeanPrecision)])
            if (!(value > 0 && double.IsFinite(value))) throw new ElboException(FormattableString.Invariant($"The {name} is {value}; give a positive number."));
        if (!(StayConcentration >= 0 && double.IsFinite(StayConcentration))) throw new ElboException(FormattableString.Invariant($"The stay concentration is {StayConcentration}; give a number that is not negative."));
        string family = EmissionFamilies.Name(Emission, Covariance);
        if (StartPoint is not null && StartModel is not null) throw new ElboException("Both a posterior and a model were given to start from; give one of them.");
        if (StartPoint?.Ties is not null) throw new ElboException("The model to start from shares emissions among states, which a Bayesian hidden Markov model does not; give one that does not.");
        if (StartModel is { } model && (model.States != States || model.EmissionFamily != family))
            throw new ElboException($"The model to start from has {model.States} states and emissions of the family '{model.EmissionFamily}', and {States} states and '{family}' were asked for; ask for the same.");
        Plain().Check();
    }

    /// <summary>The same sizes, patterns and start for a model without priors.</summary>
    internal HiddenMarkovOptions Plain() => new()
    {
        States = States,
        Emission = Emission,
        Covariance = Covariance,
        TransitionPattern = TransitionPattern,
        StartPattern = StartPattern,
        KnownStates = KnownStates,
        Initial = StartPoint,
    };

    internal Matrix StartPrior()
    {
        Matrix result = new(1, States);
        for (int k = 0; k < States; k++) result[0, k] = StartPattern is { } pattern && pattern[k] == 0 ? 0 : StartConcentration;
        return result;
    }

    internal Matrix TransitionPrior()
    {
        Matrix result = new(States, States);
        for (int i = 0; i < States; i++)
            for (int j = 0; j < States; j++) result[i, j] = TransitionPattern is { } pattern && pattern[i, j] == 0 ? 0 : TransitionConcentration + (i == j ? StayConcentration : 0);
        return result;
    }
}
