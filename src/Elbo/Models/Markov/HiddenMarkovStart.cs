using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Where fits of hidden Markov models start.</summary>
internal static class HiddenMarkovStart
{
    /// <summary>Clusters come from at most this many rows, evenly spread: a start needs no more.</summary>
    private const int MostRows = 20000;

    private const int Rounds = 10;

    /// <summary>The share of a row that goes to all states alike, so that no state starts with probabilities of 0.</summary>
    private const double Smoothing = 0.1;

    /// <summary>Draws a start: rows are given to states by k-means, or in the order of time for a left-to-right chain, and one M-step follows.</summary>
    public static HiddenMarkovModel Draw(Observations rows, HiddenMarkovOptions options, EmissionPrior prior, RandomStream random)
    {
        Matrix sample = SampleRows(rows, out int[] sampled);
        int states = options.States;
        double[] start = Allowed(options.StartPattern is { } pattern ? [.. pattern] : Ones(states));
        Matrix transitions = options.TransitionPattern?.Clone() ?? new Matrix(states, states, Ones(states * states));
        bool forward = states > 1;
        for (int i = 0; i < states; i++)
        {
            for (int j = 0; j < i; j++) forward &= transitions[i, j] == 0;
            Span<double> row = transitions.Row(i);
            // Staying is the likelier, as it is in most sequences that have states at all.
            for (int j = 0; j < states; j++) row[j] = row[j] == 0 ? 0 : i == j ? states : 1;
            Allowed(row.ToArray()).CopyTo(row);
        }

        int[] known = [.. sampled.Select(row => options.KnownStates?[row] ?? -1)];
        int[] labels = forward ? Positions(rows, sampled, states) : Clusters.Labels(sample, prior, states, Rounds, random.Split(0), known);
        Emission emission = EmissionStarts.Of(rows, sample, options.StateEmissions is { } shared ? [.. labels.Select(label => shared[label])] : labels, options, prior, random.Split(2));
        int stride = emission.Stride;
        double[] weights = new double[sample.Rows * stride], statistics = new double[emission.StatisticsLength];
        RandomStream noise = random.Split(1);
        for (int t = 0; t < sample.Rows; t++)
        {
            double total = 0;
            for (int k = 0; k < states; k++) total += noise.Uniform((ulong)(t * (long)states + k));
            for (int k = 0; k < states; k++)
            {
                double share = Smoothing * noise.Uniform((ulong)(t * (long)states + k)) / total + (labels[t] == k ? 1 - Smoothing : 0);
                weights[t * stride + (options.StateEmissions is { } ties ? ties[k] : k)] += share;
            }
        }

        emission.Accumulate(sample.Values, weights, statistics);
        if (prior.PseudoRows > 0) emission.AddPseudoRows(statistics, prior);
        return new HiddenMarkovModel(start, transitions, emission.Maximize(statistics, prior), options.StateEmissions is null ? null : [.. options.StateEmissions], FreeTransitions.Of(start, transitions));
    }

    private static Matrix SampleRows(Observations rows, out int[] sampled)
    {
        int count = (int)Math.Min(rows.Rows, MostRows);
        sampled = new int[count];
        Matrix result = new(count, rows.Columns);
        double[] buffer = new double[rows.Columns];
        for (int i = 0; i < count; i++)
        {
            sampled[i] = (int)(rows.Rows * i / count);
            rows.Read(sampled[i], 1, buffer).CopyTo(result.Row(i));
        }

        return result;
    }

    /// <summary>Each sequence cut into as many equal pieces as there are states.</summary>
    private static int[] Positions(Observations rows, int[] sampled, int states)
    {
        int[] result = new int[sampled.Length], lengths = ChainBatch.Lengths(rows);
        int first = 0, sequence = 0;
        for (int i = 0; i < sampled.Length; i++)
        {
            while (sampled[i] >= first + lengths[sequence]) first += lengths[sequence++];
            result[i] = (int)((long)(sampled[i] - first) * states / lengths[sequence]);
        }

        return result;
    }

    private static double[] Ones(int count)
    {
        double[] result = new double[count];
        Array.Fill(result, 1);
        return result;
    }

    private static double[] Allowed(double[] weights)
    {
        double sum = 0;
        foreach (double weight in weights) sum += Math.Abs(weight);
        for (int i = 0; i < weights.Length; i++) weights[i] = Math.Abs(weights[i]) / sum;
        return weights;
    }
}
