using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// Expectation-maximisation for hidden Markov models (Baum, Petrie, Soules and Weiss, "A maximization technique occurring in the statistical analysis of
/// probabilistic functions of Markov chains", 1970).
/// </summary>
internal sealed class BaumWelch(Observations rows, HiddenMarkovOptions options, EmissionPrior prior, Runtime runtime)
{
    private readonly ExpectationStep expectation = new(rows, options.KnownStates, options.Scaled, runtime);
    private readonly double totalWeight = rows.TotalWeight;

    public FitStep<BaumWelchState> Step(BaumWelchState state)
    {
        HiddenMarkovModel model = state.Model;
        MarkovStatistics statistics = expectation.Run(model.Chain);
        state.Measured(statistics.LogLikelihood / totalWeight, statistics.Occupancy);
        double objective = (statistics.LogLikelihood + LogPrior(model)) / totalWeight;
        return new FitStep<BaumWelchState>(objective, state.Next(Maximize(model, statistics)));
    }

    /// <summary>The M-step: each part of Q has its maximum in closed form. A state without rows keeps what it has.</summary>
    public HiddenMarkovModel Maximize(HiddenMarkovModel model, MarkovStatistics statistics)
    {
        double[] start = options.LearnStart ? Shares(statistics.Starts, model.StartValues, options.StartPseudoCount) : model.StartValues;
        Matrix transitions = model.TransitionValues;
        if (options.LearnTransitions)
        {
            transitions = new Matrix(model.States, model.States);
            for (int i = 0; i < model.States; i++) Shares(statistics.Transitions.Row(i), model.TransitionValues.Row(i), options.TransitionPseudoCount).CopyTo(transitions.Row(i));
        }

        if (prior.PseudoRows > 0) model.Emission.AddPseudoRows(statistics.Emissions, prior);
        Emission emission = options.LearnEmissions ? model.Emission.Maximize(statistics.Emissions, prior) : model.Emission;
        return new HiddenMarkovModel(start, transitions, emission, model.Ties, model.Free);
    }

    private static double[] Shares(ReadOnlySpan<double> counts, ReadOnlySpan<double> old, double pseudoCount)
    {
        double[] result = new double[counts.Length];
        double sum = 0;
        for (int i = 0; i < counts.Length; i++) sum += result[i] = counts[i] + (old[i] > 0 ? pseudoCount : 0);
        if (!(sum > EmissionPrior.Nothing)) return old.ToArray();
        for (int i = 0; i < counts.Length; i++) result[i] /= sum;
        return result;
    }

    private double LogPrior(HiddenMarkovModel model)
    {
        double sum = model.Emission.LogPrior(prior);
        if (options.StartPseudoCount > 0) sum += options.StartPseudoCount * SumOfLogs(model.StartValues);
        if (options.TransitionPseudoCount > 0) sum += options.TransitionPseudoCount * SumOfLogs(model.TransitionValues.Values);
        return sum;
    }

    private static double SumOfLogs(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            if (value > 0) sum += Math.Log(value);
        return sum;
    }
}
