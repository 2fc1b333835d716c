using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// How the passes over a chain keep their numbers in range. Two ways with the same answers: scaled probabilities, the faster, wherever nothing can
/// be lost by them; logarithms, wherever a transition is impossible or nearly so, because there a state that has underflowed may still be the only way on.
/// </summary>
internal abstract class ChainArithmetic
{
    /// <summary>
    /// The least transition probability for which scaled probabilities are exact. With every entry of A at least a, each state has at least a of the
    /// predicted probability at each step, so what underflowed below 1e-308 is 1e-308/a of what is added to it; a⁻³ bounds the products of a posterior.
    /// </summary>
    public const double LeastTransition = 1e-60;

    protected ChainArithmetic(double[] start, Matrix transitions, ChainBuffers buffers)
    {
        States = start.Length;
        Stride = PaddedRows.Stride(States);
        Buffers = buffers;
        LogStart = new double[Stride];
        LogStart.AsSpan().Fill(double.NegativeInfinity);
        for (int k = 0; k < States; k++) LogStart[k] = Math.Log(start[k]);
        Transitions = PaddedRows.Pad(transitions);
        Transposed = PaddedRows.PadTransposed(transitions);
    }

    public int States { get; }

    public int Stride { get; }

    public ChainBuffers Buffers { get; }

    protected double[] LogStart { get; }

    /// <summary>A, padded.</summary>
    protected double[] Transitions { get; }

    /// <summary>Aᵀ, padded.</summary>
    protected double[] Transposed { get; }

    public static ChainArithmetic For(double[] start, Matrix transitions, ChainBuffers buffers, bool? scaled = null)
    {
        bool dense = true;
        foreach (double value in transitions.Values) dense &= value >= LeastTransition;
        return scaled ?? dense ? new ScaledArithmetic(start, transitions, buffers) : new LogArithmetic(start, transitions, buffers);
    }

    /// <summary>
    /// Turns the log densities of rows into what the passes use. Rows that start a sequence receive the start probabilities as a factor.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="known">The state of each row of the batch where it is known, −1 where not; empty where none is.</param>
    public void Prepare(ChainBatch batch, int first, int count, ReadOnlySpan<int> known)
    {
        Span<double> rows = Buffers.Weights.AsSpan(first * Stride, count * Stride);
        int sequence = batch.SequenceOf(first);
        for (int t = first; t < first + count; t++)
        {
            Span<double> row = rows.Slice((t - first) * Stride, Stride);
            row[States..].Fill(double.NegativeInfinity);
            if (!known.IsEmpty && known[t] >= 0)
            {
                for (int k = 0; k < States; k++)
                    if (k != known[t]) row[k] = double.NegativeInfinity;
            }

            if (t == batch.Starts[sequence + 1]) sequence++;
            if (t == batch.Starts[sequence])
                for (int k = 0; k < States; k++) row[k] += LogStart[k];
        }

        PaddedRows.ShiftByMaximum(rows, Stride, Buffers.Shifts.AsSpan(first, count));
        for (int t = first; t < first + count; t++)
        {
            if (double.IsFinite(Buffers.Shifts[t])) continue;
            if (double.IsNaN(Buffers.Shifts[t])) throw new ElboException($"The density of row {batch.FirstRow + t} is not a number; scale the data to values near 1, or raise the variance floor.");
            Buffers.Impossible[t] = true;
            bool starts = batch.Starts[batch.SequenceOf(t)] == t;
            for (int k = 0; k < States; k++) Buffers.Weights[t * Stride + k] = starts ? LogStart[k] : 0;
            Buffers.Shifts[t] = 0;
        }

        Finish(rows);
    }

    /// <summary>The forward pass over the rows of one sequence.</summary>
    public abstract void Forward(int first, int end);

    /// <summary>The backward pass over the rows of one sequence. It may run beside the forward pass.</summary>
    public abstract void Backward(int first, int end);

    /// <summary>Repeats what the passes could not know of each other; called once both are done.</summary>
    public virtual void Repair(int first, int end)
    {
    }

    /// <summary>ln p(xₜ|x₁…xₜ₋₁) of rows that the forward pass has seen; −∞ where impossible.</summary>
    public abstract void LogDensity(int first, Span<double> result);

    /// <summary>p(zₜ|x₁…xₜ), padded rows.</summary>
    public abstract void Filtered(int first, Span<double> result);

    /// <summary>p(zₜ|x₁…x_T), padded rows, and what <see cref="AddTransitions"/> needs.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="first">The first row.</param>
    /// <param name="result">Receives the posteriors, <c>[count, stride]</c>.</param>
    /// <param name="next">
    /// Receives u with <c>p(zₜ = i, zₜ₊₁ = j|x) = aₜᵢ Aᵢⱼ uₜⱼ</c>, a as <see cref="ForwardRows"/> gives it; zeros where a sequence ends. Empty where not wanted.
    /// </param>
    public abstract void Posteriors(ChainBatch batch, int first, Span<double> result, Span<double> next);

    /// <summary>The rows a that go with <see cref="Posteriors"/>' second result.</summary>
    public abstract ReadOnlySpan<double> ForwardRows(int first, int count, Span<double> buffer);

    /// <summary>Adds the expected transitions that rows of factors cannot hold.</summary>
    public virtual void AddTransitions(ChainBatch batch, int first, int count, ReadOnlySpan<double> sequenceWeights, Span<double> transitions)
    {
    }

    /// <summary>Replaces the weights of states at a row by those given the state at the next: proportional to p(zₜ|x₁…xₜ, zₜ₊₁).</summary>
    public abstract void GivenNext(int row, int next, Span<double> result);

    private protected abstract void Finish(Span<double> rows);
}
