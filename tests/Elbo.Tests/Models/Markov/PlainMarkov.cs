using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Markov;

/// <summary>The recursions as the textbook has them, in logarithms, one scalar at a time: what the fast passes are checked against.</summary>
internal sealed class PlainMarkov
{
    private readonly int states;
    private readonly double[] logStart;
    private readonly double[,] logTransitions;
    private readonly double[][] log;

    /// <param name="start">π.</param>
    /// <param name="transitions">A.</param>
    /// <param name="logDensities">ln p(xₜ|zₜ = k) of one sequence, <c>[T, K]</c>.</param>
    public PlainMarkov(ReadOnlySpan<double> start, Matrix transitions, Matrix logDensities)
    {
        states = start.Length;
        logStart = new double[states];
        logTransitions = new double[states, states];
        for (int i = 0; i < states; i++)
        {
            logStart[i] = Math.Log(start[i]);
            for (int j = 0; j < states; j++) logTransitions[i, j] = Math.Log(transitions[i, j]);
        }

        log = [.. Enumerable.Range(0, logDensities.Rows).Select(t => logDensities.Row(t).ToArray())];
        int count = log.Length;
        LogForward = new double[count][];
        LogBackward = new double[count][];
        for (int t = 0; t < count; t++)
        {
            LogForward[t] = new double[states];
            for (int j = 0; j < states; j++)
                LogForward[t][j] = log[t][j] + (t == 0 ? logStart[j] : LogSum(Enumerable.Range(0, states).Select(i => LogForward[t - 1][i] + logTransitions[i, j])));
        }

        for (int t = count - 1; t >= 0; t--)
        {
            LogBackward[t] = new double[states];
            for (int i = 0; i < states && t < count - 1; i++)
                LogBackward[t][i] = LogSum(Enumerable.Range(0, states).Select(j => logTransitions[i, j] + log[t + 1][j] + LogBackward[t + 1][j]));
        }

        LogLikelihood = LogSum(LogForward[^1]);
    }

    /// <summary>ln p(x₁…xₜ, zₜ).</summary>
    public double[][] LogForward { get; }

    /// <summary>ln p(xₜ₊₁…x_T|zₜ).</summary>
    public double[][] LogBackward { get; }

    public double LogLikelihood { get; }

    public double Posterior(int t, int k) => Math.Exp(LogForward[t][k] + LogBackward[t][k] - LogLikelihood);

    public double Pair(int t, int i, int j) => Math.Exp(LogForward[t][i] + logTransitions[i, j] + log[t + 1][j] + LogBackward[t + 1][j] - LogLikelihood);

    public static PlainMarkov Of(HiddenMarkovModel model, Matrix rows)
    {
        Matrix shared = model.Emission.LogDensities(Elbo.Data.Observations.FromMatrix("plain", rows)), densities = new(rows.Rows, model.States);
        for (int t = 0; t < rows.Rows; t++)
            for (int k = 0; k < model.States; k++) densities[t, k] = shared[t, model.StateEmissions[k]];
        return new PlainMarkov(model.Start, model.Transitions, densities);
    }

    /// <summary>Every path with its log probability together with the rows.</summary>
    public IEnumerable<(int[] Path, double LogProbability)> Paths()
    {
        long count = (long)Math.Pow(states, log.Length);
        for (long number = 0; number < count; number++)
        {
            int[] path = new int[log.Length];
            long left = number;
            double sum = 0;
            for (int t = 0; t < path.Length; t++)
            {
                path[t] = (int)(left % states);
                left /= states;
                sum += log[t][path[t]] + (t == 0 ? logStart[path[0]] : logTransitions[path[t - 1], path[t]]);
            }

            yield return (path, sum);
        }
    }

    public static double LogSum(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double most = all.Max();
        return double.IsInfinity(most) ? most : most + Math.Log(all.Sum(value => Math.Exp(value - most)));
    }
}
