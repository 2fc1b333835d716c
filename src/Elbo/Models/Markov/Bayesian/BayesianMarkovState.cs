using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>q(π), q(A) and q(θ) of a Bayesian hidden Markov model: what an iteration updates. Immutable.</summary>
/// <param name="Starts">q(π), one row.</param>
/// <param name="Transitions">q(A).</param>
/// <param name="Emissions">q(θ).</param>
internal sealed record BayesianMarkovState(DirichletRows Starts, DirichletRows Transitions, EmissionPosterior Emissions)
{
    public int States => Transitions.Prior.Rows;

    /// <summary>
    /// The chain whose posterior over paths is the best q(z), and ln of the factor by which its likelihood is too large: exp(E ln π) and exp(E ln A) sum to less than 1, and are
    /// stored so that they do. Small concentrations underflow otherwise where no state is likely.
    /// </summary>
    public (Chain Chain, double LogStart) Expected()
    {
        double[] start = Starts.MeanLogs().Row(0).ToArray(), departures = new double[States];
        double logStart = VectorMath.NormalizeLogWeights(start);
        Matrix transitions = Transitions.MeanLogs();
        for (int i = 0; i < States; i++) departures[i] = VectorMath.NormalizeLogWeights(transitions.Row(i));
        return (new Chain(start, transitions, Emissions.Expected(), Departures: departures), logStart);
    }

    /// <summary>The update of q(π), q(A) and q(θ) given what q(z) expects.</summary>
    public BayesianMarkovState Next(Chain chain, MarkovStatistics statistics) => new(
        Starts.Observe((_, k) => statistics.Starts[k]),
        Transitions.Observe((i, j) => statistics.Transitions[i, j]),
        Emissions.Next(chain.Densities, statistics.Emissions));

    /// <summary>The update of q(z): the bound of this posterior, and what q(z) expects.</summary>
    public (BayesianMarkovBound Bound, Chain Chain, MarkovStatistics Statistics) Expect(ExpectationStep expectation)
    {
        (Chain chain, double logStart) = Expected();
        MarkovStatistics statistics = expectation.Run(chain);
        // Every sequence starts once, in one of the states.
        double sequences = statistics.LogLikelihood + logStart * statistics.Starts.Sum();
        return (new BayesianMarkovBound(sequences, Starts.Kl(), Transitions.Kl(), Emissions.Kl()), chain, statistics);
    }

    /// <summary>The hidden Markov model of the posterior predictive distributions.</summary>
    public HiddenMarkovModel Predictive()
    {
        double[] start = Starts.Means().Row(0).ToArray();
        return new HiddenMarkovModel(start, Transitions.Means(), Emissions.Predictive(), null, new FreeTransitions(Starts.FreeParameters + Transitions.FreeParameters));
    }
}
