using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

public sealed partial class HiddenMarkovModel
{
    /// <summary>
    /// The states behind some rows: the most probable path of each sequence (Viterbi, "Error bounds for convolutional codes", 1967), or the most
    /// probable state of each row by itself.
    /// </summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="byPosterior">The state with the largest posterior for each row, which errs in the fewest rows but may step where A is 0.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public StatePath DecodeStates(Observations rows, bool byPosterior, Runtime runtime)
    {
        Check(rows);
        int[] states = new int[rows.Rows];
        double[] logProbabilities = new double[ChainBatch.Lengths(rows).Length];
        if (byPosterior)
        {
            Matrix posteriors = Encode(rows, runtime);
            for (int t = 0; t < states.Length; t++) states[t] = LargestOf(posteriors.Row(t));
        }

        ChainPasses passes = new(this, rows, runtime, scaled: false);
        int stride = passes.Arithmetic.Stride;
        double[] log = LogPadded(TransitionValues), transposed = LogPadded(TransitionValues.Transpose());
        foreach (ChainBatch batch in ChainBatch.Cut(rows))
        {
            passes.Emissions(batch);
            ChainBuffers buffers = passes.Arithmetic.Buffers;
            runtime.For(batch.Sequences, (sequence, _) =>
            {
                int first = batch.Starts[sequence], end = batch.Starts[sequence + 1];
                Span<int> path = states.AsSpan(batch.FirstRow + first, end - first);
                if (!byPosterior) BestPath(buffers, first, end, stride, log, transposed, path);
                double sum = 0;
                for (int t = first; t < end; t++)
                {
                    int state = path[t - first];
                    sum += buffers.Impossible[t] ? double.NegativeInfinity : buffers.Weights[t * stride + state] + buffers.Shifts[t];
                    if (t > first) sum += log[path[t - first - 1] * stride + state];
                }

                logProbabilities[batch.FirstSequence + sequence] = sum;
            });
        }

        return new StatePath(states, logProbabilities);
    }

    private void BestPath(ChainBuffers buffers, int first, int end, int stride, double[] log, double[] transposed, Span<int> path)
    {
        Span<double> best = buffers.Forward.AsSpan(first * stride, (end - first) * stride);
        ReadOnlySpan<double> weights = buffers.Weights.AsSpan(first * stride, best.Length);
        // Restarted behind a row to which no state can step, so that such a row leaves the paths before and after it alone.
        for (int from = 0; from < end - first;)
        {
            int until = from + ChainProducts.ForwardMaximum(weights[(from * stride)..], log, States, stride, best[(from * stride)..]);
            path[until - 1] = LargestOf(best.Slice((until - 1) * stride, States));
            for (int t = until - 2; t >= from; t--)
            {
                ReadOnlySpan<double> row = best.Slice(t * stride, States), column = transposed.AsSpan(path[t + 1] * stride, States);
                int state = 0;
                double most = double.NegativeInfinity;
                for (int i = 0; i < States; i++)
                {
                    double value = row[i] + column[i];
                    if (!(value > most)) continue;
                    most = value;
                    state = i;
                }

                path[t] = state;
            }

            from = until;
        }
    }

    private static double[] LogPadded(Matrix matrix)
    {
        double[] result = PaddedRows.Pad(matrix);
        for (int i = 0; i < result.Length; i++) result[i] = Math.Log(result[i]);
        return result;
    }

    private static int LargestOf(ReadOnlySpan<double> values)
    {
        int result = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[result]) result = i;
        return result;
    }
}
