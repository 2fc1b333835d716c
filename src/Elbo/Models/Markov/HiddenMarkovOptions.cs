using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What hidden Markov model to fit, and what is known of it beforehand.</summary>
public sealed record HiddenMarkovOptions
{
    /// <summary>K, the number of states, at least 1.</summary>
    public int States { get; init; } = 2;

    /// <summary>The family of the emissions.</summary>
    public EmissionKind Emission { get; init; } = EmissionKind.GaussianDiagonal;

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
    /// Rows that each state sees beside its own, distributed like the data as a whole: of a Gaussian they add their variance around its own mean, as
    /// an inverse-Wishart prior does; of other families they are counts. 0 for maximum likelihood.
    /// </summary>
    public double EmissionPseudoRows { get; init; }

    /// <summary>
    /// The least variance of a column in any state, as a share of the column's variance; likelihood is maximised under that constraint, so a state that
    /// closes in on a single point stays finite. 0 for none.
    /// </summary>
    public double VarianceFloor { get; init; } = 1e-6;

    /// <summary>Whether π is learnt; false keeps that of the start.</summary>
    public bool LearnStart { get; init; } = true;

    /// <summary>Whether A is learnt; false keeps that of the start.</summary>
    public bool LearnTransitions { get; init; } = true;

    /// <summary>Whether the emissions are learnt; false keeps those of the start.</summary>
    public bool LearnEmissions { get; init; } = true;

    /// <summary>Forces an arithmetic; null takes the fastest that is exact.</summary>
    internal bool? Scaled { get; init; }

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

        foreach ((string name, double value) in (ReadOnlySpan<(string, double)>)[("transition pseudo-count", TransitionPseudoCount), ("start pseudo-count", StartPseudoCount), ("number of emission pseudo-rows", EmissionPseudoRows), ("variance floor", VarianceFloor)])
            if (!(value >= 0) || double.IsInfinity(value)) throw new ElboException($"The {name} is {value}; give a number that is finite and not negative.");
        if (Initial is { } initial && initial.States != States) throw new ElboException($"The model to start from has {initial.States} states, and {States} were asked for.");
    }
}
