using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// A hidden Markov model with a posterior over its parameters, q(π) q(A) q(θ) beside the exact q(z) given them, found by coordinate ascent (MacKay, "Ensemble learning for hidden
/// Markov models", 1997; Beal, "Variational algorithms for approximate Bayesian inference", 2003, chapter 3). Immutable.
/// </summary>
/// <remarks>
/// Densities, codes, paths and draws are those of <see cref="Predictive"/>, whose probabilities are E[π] and E[A] and whose emissions are the posterior predictive of one row:
/// Student-t for Gaussians, negative binomial for counts. It is a density that sums to 1, exact for a sequence of one row; of longer ones it leaves out what the rows of the
/// sequence say of each other's parameters. Sequences, gaps, weights and known states are those of <see cref="HiddenMarkovModel"/>; a missing value of a row of Gaussians that has
/// others is one more latent variable, given the state.
/// </remarks>
public sealed partial class BayesianHiddenMarkovModel : RowModel
{
    /// <summary>The name of the family.</summary>
    public const string KindName = "bayesian-hmm";

    internal BayesianHiddenMarkovModel(BayesianMarkovState state)
    {
        State = state;
        Predictive = state.Predictive();
    }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Title => $"Bayesian hidden Markov model, {States} {(States == 1 ? "state" : "states")}, {State.Emissions.Title}";

    /// <summary>K, the number of states.</summary>
    public int States => State.States;

    /// <inheritdoc/>
    public override int Columns => State.Emissions.Columns;

    /// <inheritdoc/>
    public override long FreeParameters => State.Starts.FreeParameters + State.Transitions.FreeParameters + State.Emissions.FreeParameters;

    /// <inheritdoc/>
    public override IReadOnlyList<string> CodeNames => Predictive.CodeNames;

    /// <summary>The hidden Markov model of the posterior predictive distributions: it decodes paths, filters, forecasts.</summary>
    public HiddenMarkovModel Predictive { get; }

    /// <summary>The concentrations of q(π), <c>[K]</c>: a copy.</summary>
    public double[] StartConcentrations => State.Starts.Concentrations.Row(0).ToArray();

    /// <summary>The concentrations of q(A), <c>[K, K]</c>: a copy.</summary>
    public Matrix TransitionConcentrations => State.Transitions.Concentrations.Clone();

    /// <summary>The expected number of training rows of each state, <c>[K]</c>: those that it starts and those that are stepped to.</summary>
    public double[] Counts
    {
        get
        {
            double[] result = new double[States];
            for (int k = 0; k < States; k++)
            {
                result[k] = State.Starts.Concentrations[0, k] - State.Starts.Prior[0, k];
                for (int i = 0; i < States; i++) result[k] += State.Transitions.Concentrations[i, k] - State.Transitions.Prior[i, k];
            }

            return result;
        }
    }

    internal BayesianMarkovState State { get; }

    /// <summary>The family of the emissions as <c>model.json</c> calls it: <c>gaussian-full</c>, <c>poisson</c>, ….</summary>
    public string EmissionFamily => State.Emissions.Family;

    /// <summary>Finds the posterior of a hidden Markov model of sequences.</summary>
    /// <param name="rows">The sequences; all rows of a sequence weigh the same.</param>
    /// <param name="options">The sizes and priors.</param>
    /// <param name="fit">When to stop, and how many starts.</param>
    /// <param name="runtime">The threads; results do not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>The model, and the evidence lower bound per row with every constant, comparable across numbers of states, families and priors.</returns>
    /// <exception cref="ElboException">The rows cannot be used, or options do not agree.</exception>
    public static FitResult<BayesianHiddenMarkovModel> Fit(
        Observations rows, BayesianHiddenMarkovOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        options.Check();
        fit.Check();
        return new BayesianMarkovFit(rows, options, fit, runtime).Run(cancellation);
    }

    /// <summary>The bound of this posterior on sequences, term by term. Of the training rows it is the fit's, of others that of a fit to them that stopped here.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public BayesianMarkovBound Bound(Observations rows, Runtime runtime)
    {
        CheckColumns(rows);
        Predictive.Check(rows);
        return State.Expect(new ExpectationStep(rows, null, null, runtime)).Bound;
    }

    /// <summary>The states with at least so many expected training rows, largest first.</summary>
    /// <param name="leastCount">The expected number of rows.</param>
    public IReadOnlyList<int> ActiveStates(double leastCount = 0.5)
    {
        double[] counts = Counts;
        return [.. Enumerable.Range(0, States).Where(k => counts[k] >= leastCount).OrderByDescending(k => counts[k])];
    }

    /// <inheritdoc/>
    public override void LogDensity(Observations rows, Span<double> result, Runtime runtime) => Predictive.LogDensity(rows, result, runtime);

    /// <inheritdoc/>
    public override Matrix Encode(Observations rows, Runtime runtime) => Predictive.Encode(rows, runtime);

    /// <inheritdoc/>
    public override Matrix Reconstruct(Observations rows, Runtime runtime) => Predictive.Reconstruct(rows, runtime);

    /// <inheritdoc/>
    public override Matrix Impute(Observations rows, RandomStream? draw, Runtime runtime) => Predictive.Impute(rows, draw, runtime);

    /// <inheritdoc/>
    public override Matrix Sample(int count, RandomStream random) => Predictive.Sample(count, random);
}
