using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// Probabilities scaled at each step (Rabiner, "A tutorial on hidden Markov models", 1989, section V.A), with the emissions of each row divided by
/// their maximum, so that the scale of a step is never below the least transition probability.
/// </summary>
internal sealed class ScaledArithmetic(double[] start, Matrix transitions, ChainBuffers buffers) : ChainArithmetic(start, transitions, buffers)
{
    public override void Forward(int first, int end) =>
        ChainProducts.Forward(
            Buffers.Weights.AsSpan(first * Stride, (end - first) * Stride), Transitions, States, Stride,
            Buffers.Forward.AsSpan(first * Stride, (end - first) * Stride), Buffers.ForwardScales.AsSpan(first, end - first));

    public override void Backward(int first, int end) =>
        ChainProducts.Backward(
            Buffers.Weights.AsSpan(first * Stride, (end - first) * Stride), Transposed, States, Stride,
            Buffers.Backward.AsSpan(first * Stride, (end - first) * Stride), Buffers.BackwardScales.AsSpan(first, end - first));

    public override void LogDensity(int first, Span<double> result)
    {
        VectorMath.Log(Buffers.ForwardScales.AsSpan(first, result.Length), result);
        for (int t = 0; t < result.Length; t++)
            result[t] = Buffers.Impossible[first + t] ? double.NegativeInfinity : result[t] + Buffers.Shifts[first + t];
    }

    public override void Filtered(int first, Span<double> result)
    {
        Buffers.Forward.AsSpan(first * Stride, result.Length).CopyTo(result);
        for (int t = 0; t < result.Length / Stride; t++)
        {
            double scale = 1 / Buffers.ForwardScales[first + t];
            foreach (ref double value in result.Slice(t * Stride, Stride)) value *= scale;
        }
    }

    public override void Posteriors(ChainBatch batch, int first, Span<double> result, Span<double> next)
    {
        int count = result.Length / Stride;
        // The factor that the backward pass applied to row t + 1, with the posterior's scale.
        Span<double> scales = next.IsEmpty ? default : new double[count];
        PosteriorProducts.Normalized(Buffers.Forward.AsSpan(first * Stride, count * Stride), Buffers.Backward.AsSpan(first * Stride, count * Stride), Stride, result, scales);
        if (next.IsEmpty) return;
        int sequence = batch.SequenceOf(first), end = batch.Starts[sequence + 1];
        for (int t = 0; t < count; t++)
        {
            int row = first + t + 1;
            if (row == end)
            {
                scales[t] = 0;
                sequence++;
                end = sequence < batch.Sequences ? batch.Starts[sequence + 1] : -1;
            }
            else
            {
                scales[t] /= Buffers.BackwardScales[row];
            }
        }

        // The row behind the batch is never needed: the last row of a batch ends a sequence.
        int inside = Math.Min(count, batch.Rows - first - 1);
        PosteriorProducts.Scaled(
            Buffers.Weights.AsSpan((first + 1) * Stride, inside * Stride), Buffers.Backward.AsSpan((first + 1) * Stride, inside * Stride), scales[..inside], Stride, next[..(inside * Stride)]);
        next[(inside * Stride)..].Clear();
    }

    public override ReadOnlySpan<double> ForwardRows(int first, int count, Span<double> buffer) => Buffers.Forward.AsSpan(first * Stride, count * Stride);

    public override void GivenNext(int row, int next, Span<double> result)
    {
        for (int k = 0; k < States; k++) result[k] = Buffers.Forward[row * Stride + k] * Transitions[k * Stride + next];
    }

    private protected override void Finish(Span<double> rows) => VectorMath.Exp(rows, rows);
}
