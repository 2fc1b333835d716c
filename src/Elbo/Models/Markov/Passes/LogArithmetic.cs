using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// Logarithms, whose products with A are still taken of probabilities shifted by their maximum: one exponential and one logarithm per state and step.
/// Elements of a product too small to have kept their digits are taken again as sums of exponentials of their own.
/// </summary>
internal sealed class LogArithmetic : ChainArithmetic
{
    /// <summary>Below this a sum may have lost terms to underflow: each lost one is below 1e-308.</summary>
    private const double Weak = 1e-280;

    /// <summary>Above this a product of separately shifted factors may overflow or have lost what counts.</summary>
    private const double LargestShift = 200;

    private readonly double[] logTransitions;
    private readonly double[] logTransposed;

    public LogArithmetic(double[] start, Matrix transitions, ChainBuffers buffers)
        : base(start, transitions, buffers)
    {
        logTransitions = Logs(Transitions);
        logTransposed = Logs(Transposed);
    }

    public override void Forward(int first, int end)
    {
        double[] log = Buffers.Forward, weights = Buffers.Weights;
        Span<double> exponentials = new double[Stride], product = new double[Stride];
        double shift = 0;
        for (int t = first; t < end; t++)
        {
            Span<double> target = log.AsSpan(t * Stride, Stride);
            ReadOnlySpan<double> weight = weights.AsSpan(t * Stride, Stride);
            if (t == first)
            {
                weight.CopyTo(target);
            }
            else
            {
                Step(exponentials, shift, log.AsSpan((t - 1) * Stride, Stride), Transitions, logTransposed, product, target);
                product[..].CopyTo(target);
                PaddedRows.Add(weight, target);
            }

            double most = Exponentials(target, exponentials, out double sum);
            if (most == double.NegativeInfinity)
            {
                // The row before makes this one impossible: go on as if it were missing.
                Buffers.Impossible[t] = true;
                product.CopyTo(target);
                most = Exponentials(target, exponentials, out sum);
            }

            double scale = most + Math.Log(sum);
            Buffers.ForwardScales[t] = scale;
            shift = most - scale;
            foreach (ref double value in target) value -= scale;
        }
    }

    public override void Backward(int first, int end)
    {
        double[] log = Buffers.Backward, weights = Buffers.Weights;
        Span<double> exponentials = new double[Stride], product = new double[Stride], next = new double[Stride];
        Span<double> last = log.AsSpan((end - 1) * Stride, Stride);
        last.Fill(double.NegativeInfinity);
        last[..States].Clear();
        Buffers.BackwardScales[end - 1] = 0;
        for (int t = end - 2; t >= first; t--)
        {
            weights.AsSpan((t + 1) * Stride, Stride).CopyTo(next);
            PaddedRows.Add(log.AsSpan((t + 1) * Stride, Stride), next);
            double most = Exponentials(next, exponentials, out _);
            Span<double> target = log.AsSpan(t * Stride, Stride);
            if (most == double.NegativeInfinity)
            {
                // Met only where a row is impossible; the repair comes back here once the forward pass has said which.
                target.Fill(double.NegativeInfinity);
                target[..States].Clear();
                Buffers.BackwardScales[t] = 0;
                continue;
            }

            Step(exponentials, most, next, Transposed, logTransitions, product, target);
            product.CopyTo(target);
            double largest = double.NegativeInfinity;
            foreach (double value in target) largest = Math.Max(largest, value);
            if (largest == double.NegativeInfinity) largest = 0;
            foreach (ref double value in target) value -= largest;
            Buffers.BackwardScales[t] = largest;
        }
    }

    public override void Repair(int first, int end)
    {
        bool any = false;
        for (int t = first + 1; t < end; t++)
        {
            if (!Buffers.Impossible[t]) continue;
            any = true;
            Buffers.Weights.AsSpan(t * Stride, States).Clear();
        }

        if (any) Backward(first, end);
    }

    public override void LogDensity(int first, Span<double> result)
    {
        for (int t = 0; t < result.Length; t++)
            result[t] = Buffers.Impossible[first + t] ? double.NegativeInfinity : Buffers.ForwardScales[first + t] + Buffers.Shifts[first + t];
    }

    public override void Filtered(int first, Span<double> result) => VectorMath.Exp(Buffers.Forward.AsSpan(first * Stride, result.Length), result);

    public override void Posteriors(ChainBatch batch, int first, Span<double> result, Span<double> next)
    {
        int count = result.Length / Stride;
        Buffers.Forward.AsSpan(first * Stride, result.Length).CopyTo(result);
        PaddedRows.Add(Buffers.Backward.AsSpan(first * Stride, result.Length), result);
        Span<double> exponentials = new double[Stride];
        int sequence = batch.SequenceOf(first), end = batch.Starts[sequence + 1];
        for (int t = 0; t < count; t++)
        {
            int row = first + t + 1;
            Span<double> posterior = result.Slice(t * Stride, Stride);
            double evidence = Exponentials(posterior, exponentials, out double sum);
            double scale = 1 / sum;
            for (int k = 0; k < Stride; k++) posterior[k] = exponentials[k] * scale;
            bool last = row == end;
            if (last)
            {
                sequence++;
                end = sequence < batch.Sequences ? batch.Starts[sequence + 1] : -1;
            }

            if (next.IsEmpty) continue;
            Span<double> factors = next.Slice(t * Stride, Stride);
            Buffers.Apart[first + t] = !last && !Factors(row, evidence + Math.Log(sum), factors);
            if (last || Buffers.Apart[first + t]) factors.Clear();
        }
    }

    public override ReadOnlySpan<double> ForwardRows(int first, int count, Span<double> buffer)
    {
        Span<double> result = buffer[..(count * Stride)];
        VectorMath.Exp(Buffers.Forward.AsSpan(first * Stride, count * Stride), result);
        return result;
    }

    public override void AddTransitions(ChainBatch batch, int first, int count, ReadOnlySpan<double> sequenceWeights, Span<double> transitions)
    {
        if (!Buffers.Apart.AsSpan(first, count).Contains(true)) return;
        Span<double> factors = new double[Stride], pair = new double[Stride];
        for (int t = first; t < first + count; t++)
        {
            if (!Buffers.Apart[t]) continue;
            ReadOnlySpan<double> forward = Buffers.Forward.AsSpan(t * Stride, Stride);
            Buffers.Backward.AsSpan(t * Stride, Stride).CopyTo(pair);
            PaddedRows.Add(forward, pair);
            double evidence = VectorMath.LogSumExp(pair);
            LogFactors(t + 1, evidence, factors);
            double weight = sequenceWeights.IsEmpty ? 1 : sequenceWeights[batch.SequenceOf(t)];
            for (int i = 0; i < States; i++)
            {
                for (int j = 0; j < States; j++) transitions[i * Stride + j] += weight * Math.Exp(forward[i] + logTransitions[i * Stride + j] + factors[j]);
            }
        }
    }

    public override void GivenNext(int row, int next, Span<double> result)
    {
        for (int k = 0; k < States; k++) result[k] = Buffers.Forward[row * Stride + k] + logTransitions[k * Stride + next];
        VectorMath.NormalizeLogWeights(result[..States]);
    }

    private protected override void Finish(Span<double> rows)
    {
    }

    /// <summary>u at a row for the pair that ends there; returns whether it could be exponentiated without loss.</summary>
    private bool Factors(int row, double evidence, Span<double> result)
    {
        if (LogFactors(row, evidence, result) > LargestShift) return false;
        VectorMath.Exp(result, result);
        return true;
    }

    /// <summary>ln u at a row for the pair that ends there; returns the largest.</summary>
    private double LogFactors(int row, double evidence, Span<double> result)
    {
        Buffers.Weights.AsSpan(row * Stride, Stride).CopyTo(result);
        PaddedRows.Add(Buffers.Backward.AsSpan(row * Stride, Stride), result);
        // The evidence of a row was measured with its backward values as stored, that is without the scale of their last step.
        double shift = evidence + Buffers.BackwardScales[row - 1];
        double most = double.NegativeInfinity;
        foreach (ref double value in result)
        {
            value -= shift;
            most = Math.Max(most, value);
        }

        return most;
    }

    /// <summary>ln(x A), given e = exp(ln x − shift).</summary>
    private void Step(ReadOnlySpan<double> exponentials, double shift, ReadOnlySpan<double> log, double[] matrix, double[] logOfTransposed, Span<double> product, Span<double> scratch)
    {
        ChainProducts.Multiply(exponentials, matrix, States, Stride, product);
        product.CopyTo(scratch);
        VectorMath.Log(product, product);
        for (int j = 0; j < States; j++)
        {
            if (scratch[j] >= Weak)
            {
                product[j] += shift;
                continue;
            }

            ReadOnlySpan<double> column = logOfTransposed.AsSpan(j * Stride, States);
            double most = double.NegativeInfinity;
            for (int i = 0; i < States; i++) most = Math.Max(most, log[i] + column[i]);
            double sum = 0;
            if (most != double.NegativeInfinity)
                for (int i = 0; i < States; i++) sum += Math.Exp(log[i] + column[i] - most);
            product[j] = most == double.NegativeInfinity ? most : most + Math.Log(sum);
        }
    }

    /// <summary>exp(x − max x), their sum, and max x.</summary>
    private static double Exponentials(ReadOnlySpan<double> values, Span<double> result, out double sum)
    {
        double most = double.NegativeInfinity;
        foreach (double value in values) most = Math.Max(most, value);
        sum = 0;
        if (most == double.NegativeInfinity) return most;
        for (int i = 0; i < values.Length; i++) result[i] = values[i] - most;
        VectorMath.Exp(result, result);
        foreach (double value in result) sum += value;
        return most;
    }

    private static double[] Logs(double[] values)
    {
        double[] result = new double[values.Length];
        for (int i = 0; i < values.Length; i++) result[i] = Math.Log(values[i]);
        return result;
    }
}
