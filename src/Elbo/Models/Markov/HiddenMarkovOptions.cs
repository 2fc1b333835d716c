using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What hidden Markov model to fit, and what is known of it beforehand.</summary>
public sealed record HiddenMarkovOptions
{
    /// <summary>K, the number of states, at least 1.</summary>
    public int States { get; init; } = 2;

    /// <summary>The family of the emissions.</summary>
    public EmissionKind Emission { get; init; } = EmissionKind.Gaussian;

    /// <summary>What the covariances of Gaussian emissions may be.</summary>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Full;

    /// <summary>M, the number of Gaussians in the mixture of each state, at least 1; of the family <see cref="EmissionKind.GaussianMixture"/> only.</summary>
    public int Components { get; init; } = 2;

    /// <summary>Transitions that are possible, <c>[K, K]</c>: 0 forbids one for good. Null allows all. See <see cref="LeftToRight"/>.</summary>
    public Matrix? TransitionPattern { get; init; }

    /// <summary>States that a sequence may start in, <c>[K]</c>: 0 forbids one for good. Null allows all.</summary>
    public IReadOnlyList<double>? StartPattern { get; init; }

    /// <summary>Ties emissions: the number of each state's distribution, <c>[K]</c>, from 0 without gaps; states with the same number share one. Null gives each its own.</summary>
    public IReadOnlyList<int>? StateEmissions { get; init; }

    /// <summary>The state of each row where it is known and −1 where it is not, <c>[N]</c>; null where none is known.</summary>
    public int[]? KnownStates { get; init; }

    /// <summary>A model to start from, instead of starts drawn from the data; its zeros stay zeros. There is one start then.</summary>
    public HiddenMarkovModel? Initial { get; init; }

    /// <summary>Transitions of each possible kind that are counted beside those expected of the data: a Dirichlet prior with this much above 1. 0 for maximum likelihood.</summary>
    public double TransitionPseudoCount { get; init; }

    /// <summary>Starts in each possible state that are counted beside those expected of the data. 0 for maximum likelihood.</summary>
    public double StartPseudoCount { get; init; }

    /// <summary>
    /// Rows that each state (each Gaussian of its mixture) sees beside its own, distributed like the data as a whole with its columns independent: a conjugate
    /// prior, normal-inverse-Wishart for Gaussians, Dirichlet or Gamma for counts. 0 for maximum likelihood.
    /// </summary>
    public double EmissionPseudoRows { get; init; }

    /// <summary>
    /// What is added to each variance in every M-step, in squared units of the columns. Where adding would lower the likelihood, variances below it are raised
    /// to it instead, so that a state that closes in on a single point stays finite and the likelihood never falls. 0 for none.
    /// </summary>
    public double Regularization { get; init; } = 1e-6;

    /// <summary>Whether π is learnt; false keeps that of the start.</summary>
    public bool LearnStart { get; init; } = true;

    /// <summary>Whether A is learnt; false keeps that of the start.</summary>
    public bool LearnTransitions { get; init; } = true;

    /// <summary>Whether the emissions are learnt; false keeps those of the start.</summary>
    public bool LearnEmissions { get; init; } = true;

    /// <summary>Forces an arithmetic; null takes the fastest that is exact.</summary>
    internal bool? Scaled { get; init; }

    /// <summary>Options that start from a model and keep its sizes and family.</summary>
    /// <param name="model">The model to start from.</param>
    public static HiddenMarkovOptions StartingFrom(HiddenMarkovModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        (EmissionKind kind, CovarianceKind covariance) = EmissionFamilies.Parse(model.Emission.Family);
        return new HiddenMarkovOptions
        {
            States = model.States,
            Emission = kind,
            Covariance = covariance,
            Components = model.Emission is GaussianMixtureEmission mixture ? mixture.Components : 2,
            Initial = model,
        };
    }

    /// <summary>These options with a chain that never steps back: it starts in state 0, and steps ahead by at most some states at once.</summary>
    /// <param name="largestStep">The most states that a step passes on; 1 visits every state in turn.</param>
    /// <exception cref="ElboException">The step is below 1.</exception>
    public HiddenMarkovOptions LeftToRight(int largestStep = 1)
    {
        if (largestStep < 1) throw new ElboException($"A left-to-right chain with steps of at most {largestStep} states stays where it starts; give at least 1.");
        Matrix pattern = new(States, States);
        for (int i = 0; i < States; i++)
            for (int j = i; j < Math.Min(States, i + largestStep + 1); j++) pattern[i, j] = 1;
        double[] start = new double[States];
        if (States > 0) start[0] = 1;
        return this with { TransitionPattern = pattern, StartPattern = start };
    }

    /// <summary>Throws unless every setting is in its range and they agree.</summary>
    /// <exception cref="ElboException">One is not, or two do not.</exception>
    public void Check()
    {
        if (States < 1) throw new ElboException($"{States} states were asked for; at least 1 is needed.");
        if (TransitionPattern is { } pattern)
        {
            if (pattern.Rows != States || pattern.Columns != States) throw new ElboException($"The pattern of transitions has the shape [{pattern.Rows}, {pattern.Columns}], and there are {States} states; give [{States}, {States}].");
            for (int i = 0; i < States; i++)
                if (!pattern.Row(i).ContainsAnyExcept(0)) throw new ElboException($"The pattern allows no transition from state {i}; allow at least the one to itself.");
        }

        if (StartPattern is { } start)
        {
            if (start.Count != States) throw new ElboException($"The pattern of starts has {start.Count} entries, and there are {States} states.");
            if (start.All(static value => value == 0)) throw new ElboException("The pattern allows no state to start in; allow at least one.");
        }

        if (StateEmissions is { } ties)
        {
            if (ties.Count != States) throw new ElboException($"The emissions of {ties.Count} states were given, and there are {States}.");
            for (int g = 0; g <= ties.Max(); g++)
                if (!ties.Contains(g)) throw new ElboException($"No state has emission {g}, and emissions are numbered from 0 to {ties.Max()}; number them without gaps.");
            if (ties.Min() < 0) throw new ElboException($"A state has emission {ties.Min()}; emissions are numbered from 0.");
        }

        foreach ((string name, double value) in (ReadOnlySpan<(string, double)>)[("transition pseudo-count", TransitionPseudoCount), ("start pseudo-count", StartPseudoCount), ("number of emission pseudo-rows", EmissionPseudoRows), ("regularization", Regularization)])
            if (!(value >= 0) || double.IsInfinity(value)) throw new ElboException($"The {name} is {value}; give a number that is finite and not negative.");
        if (Components < 1) throw new ElboException($"{Components} Gaussians for each state were asked for; at least 1 is needed.");
        if (Initial is not { } initial) return;
        if (initial.States != States) throw new ElboException($"The model to start from has {initial.States} states, and {States} were asked for; ask for the same.");
        string family = EmissionFamilies.Name(Emission, Covariance);
        if (initial.Emission.Family != family) throw new ElboException($"The model to start from has emissions of the family '{initial.Emission.Family}', and '{family}' was asked for; ask for the same.");
        for (int i = 0; i < States; i++)
        {
            if (StartPattern is { } starts && starts[i] == 0 && initial.Start[i] > 0)
                throw new ElboException(FormattableString.Invariant($"The model to start from begins in state {i} with probability {initial.Start[i]}, and the pattern of starts forbids it; give a model with a 0 there, or no pattern."));
            for (int j = 0; j < States; j++)
            {
                if (TransitionPattern is { } steps && steps[i, j] == 0 && initial.TransitionValues[i, j] > 0)
                    throw new ElboException(FormattableString.Invariant($"The model to start from steps from state {i} to {j} with probability {initial.TransitionValues[i, j]}, and the pattern of transitions forbids it; give a model with a 0 there, or no pattern."));
            }
        }

        if (initial.Emission is GaussianMixtureEmission mixture && mixture.Components != Components)
            throw new ElboException($"The model to start from has {mixture.Components} Gaussians in each state, and {Components} were asked for; ask for the same.");
    }
}
