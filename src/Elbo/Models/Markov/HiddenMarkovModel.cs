using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// A hidden Markov model: <c>p(x, z) = π(z₁) Π A(zₜ|zₜ₋₁) Π p(xₜ|zₜ)</c>, its posterior over paths exact by the forward-backward recursions
/// (Rabiner, "A tutorial on hidden Markov models and selected applications in speech recognition", 1989). Immutable.
/// </summary>
/// <remarks>
/// Rows are one sequence, or several where <see cref="Data.Observations.SequenceLengths"/> says so. Rows of missing values alone are gaps in time, and
/// single missing values are integrated out. Log densities are those of a row given the rows before it, so that a sequence's rows sum to its
/// log-likelihood. A row that is impossible given those before it has log density −∞, and the rows after it are judged as if it were missing.
/// </remarks>
public sealed partial class HiddenMarkovModel : RowModel
{
    /// <summary>Makes a model of given parameters.</summary>
    /// <param name="start">π, <c>[K]</c>, summing to 1.</param>
    /// <param name="transitions">A, <c>[K, K]</c>: row i is the distribution of the state after state i.</param>
    /// <param name="emission">The distributions of a row, one per state unless <paramref name="stateEmissions"/> shares them.</param>
    /// <param name="stateEmissions">The number of each state's distribution, <c>[K]</c>; null where state k has distribution k.</param>
    /// <exception cref="ElboException">Probabilities are out of range or do not sum to 1, or the sizes do not agree.</exception>
    public HiddenMarkovModel(IReadOnlyList<double> start, Matrix transitions, Emission emission, IReadOnlyList<int>? stateEmissions = null)
        : this([.. start], transitions.Clone(), emission, stateEmissions is null ? null : [.. stateEmissions], FreeTransitions.Of(start, transitions))
    {
    }

    /// <param name="start">π.</param>
    /// <param name="transitions">A.</param>
    /// <param name="emission">The distributions.</param>
    /// <param name="ties">The number of each state's distribution, or null.</param>
    /// <param name="free">Which probabilities may be other than 0.</param>
    internal HiddenMarkovModel(double[] start, Matrix transitions, Emission emission, int[]? ties, FreeTransitions free)
    {
        ArgumentNullException.ThrowIfNull(emission);
        States = start.Length;
        if (transitions.Rows != States || transitions.Columns != States)
            throw new ElboException($"The transition matrix has the shape [{transitions.Rows}, {transitions.Columns}], and there are {States} start probabilities; give a square matrix with a row for each state.");
        EmissionChecks.Distribution(start, "start probabilities");
        for (int i = 0; i < States; i++) EmissionChecks.Distribution(transitions.Row(i), $"transition probabilities from state {i}");
        if (ties is null && emission.Count != States)
            throw new ElboException($"There are {States} states and {emission.Count} emission distributions; give one for each state, or say which states share one.");
        if (ties is not null && ties.Length != States) throw new ElboException($"The emissions of {ties.Length} states were given, and there are {States}.");
        foreach (int tie in ties ?? [])
            if (tie < 0 || tie >= emission.Count) throw new ElboException($"A state has emission distribution {tie}, and there are {emission.Count}, numbered from 0.");
        StartValues = start;
        TransitionValues = transitions;
        Emission = emission;
        Ties = ties;
        Free = free;
        CodeNames = [.. Enumerable.Range(0, States).Select(static k => $"state{k}")];
    }

    /// <summary>K, the number of states.</summary>
    public int States { get; }

    /// <summary>π, <c>[K]</c>.</summary>
    public ReadOnlySpan<double> Start => StartValues;

    /// <summary>A, <c>[K, K]</c>.</summary>
    public Matrix Transitions => TransitionValues.Clone();

    /// <summary>The distributions of a row.</summary>
    public Emission Emission { get; }

    /// <summary>The number of each state's distribution in <see cref="Emission"/>, <c>[K]</c>.</summary>
    public IReadOnlyList<int> StateEmissions => Ties is null ? [.. Enumerable.Range(0, States)] : [.. Ties];

    /// <inheritdoc/>
    public override string Kind => "hmm";

    /// <inheritdoc/>
    public override string Title => $"hidden Markov model, {States} {(States == 1 ? "state" : "states")}, {Emission.Title}";

    /// <inheritdoc/>
    public override int Columns => Emission.Columns;

    /// <summary>
    /// The emissions' free parameters, and of each row of A and of π one less than the number of entries that may differ from 0.
    /// </summary>
    public override long FreeParameters => Free.Parameters + Emission.FreeParameters;

    /// <inheritdoc/>
    public override IReadOnlyList<string> CodeNames { get; }

    internal double[] StartValues { get; }

    internal Matrix TransitionValues { get; }

    internal int[]? Ties { get; }

    /// <summary>What the passes run over.</summary>
    internal Chain Chain => new(StartValues, TransitionValues, Emission, Ties);

    /// <summary>Which probabilities were free when the model was fitted; a free one may have become 0.</summary>
    internal FreeTransitions Free { get; }

    /// <summary>The emission distribution of a state.</summary>
    internal int EmissionOf(int state) => Ties is null ? state : Ties[state];
}
