using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>Expectation-maximisation for every mixture (Dempster, Laird and Rubin, 1977): one pass over the rows an iteration.</summary>
internal static class MixtureEm
{
    /// <summary>
    /// A responsibility below it is taken as 0: the row then adds less than rounding to any sum of a component that holds a row at all, and a kernel may skip it.
    /// </summary>
    private const double Negligible = 1e-20;

    /// <summary>Fits a mixture.</summary>
    /// <typeparam name="TModel">The mixture.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <param name="start">Makes start number i, from 1.</param>
    /// <param name="model">Makes the model of weights and components.</param>
    /// <param name="options">When to stop, how often to start.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    public static FitResult<TModel> Fit<TModel>(
        Observations rows, Func<int, MixtureState> start, Func<MixtureState, TModel> model, FitOptions options, Runtime runtime, CancellationToken cancellation)
        where TModel : MixtureModel
    {
        FitStep<MixtureState> Step(MixtureState state)
        {
            MixtureSums sums = Expect(rows, state.Weights, state.Family, runtime, moments: true);
            return new FitStep<MixtureState>(sums.LogLikelihood / rows.TotalWeight, Maximize(state, sums));
        }

        FitLoopResult<MixtureState> best = Restarts.Run(start, Step, Extrapolate, model, options, cancellation);
        TModel fitted = model(best.State);
        return new FitResult<TModel>(fitted, best.Bounds, best.Stop, best.Iterations, best.Explanation + Emptied(best.State), rows.TotalWeight);
    }

    /// <summary>The E-step: log-likelihood, and with moments the sums of the M-step.</summary>
    public static MixtureSums Expect(Observations rows, ReadOnlySpan<double> weights, ComponentFamily family, Runtime runtime, bool moments)
    {
        int components = family.Components, length = moments ? family.StatisticsLength : 0;
        double[] logWeights = new double[components];
        VectorMath.Log(weights, logWeights);
        RowPartition partition = new(rows, length);
        MixtureSums[] parts = new MixtureSums[partition.Parts];
        runtime.For(partition.Parts, (part, _) =>
        {
            double[] responsibilities = new double[components * partition.BlockRows], logTotals = new double[partition.BlockRows];
            double[] counts = new double[components], statistics = new double[length];
            double total = 0, entropy = 0;
            partition.ForEachBlock(rows, part, (_, block, rowWeights) =>
            {
                Span<double> codes = responsibilities.AsSpan(0, components * block.Count), logs = logTotals.AsSpan(0, block.Count);
                family.LogDensities(block, codes);
                if (moments)
                {
                    RowKernels.NormalizeLogDensities(codes, logWeights, MomentWeights(block, rowWeights), Negligible, logs, counts);
                    family.Accumulate(block, codes, statistics);
                }
                else
                {
                    RowKernels.NormalizeLogDensities(codes, logWeights, logs);
                    entropy += Entropy(codes, rowWeights, block.Count);
                }

                for (int n = 0; n < logs.Length; n++) total += rowWeights.IsEmpty ? logs[n] : rowWeights[n] * logs[n];
            });
            parts[part] = new MixtureSums(total, entropy, counts, statistics);
        });
        return Add(parts);
    }

    /// <summary>The M-step.</summary>
    public static MixtureState Maximize(MixtureState state, MixtureSums sums)
    {
        ComponentFamily family = state.Family.Maximize(sums.Counts, sums.Statistics);
        double total = 0;
        foreach (double count in sums.Counts) total += count;
        double[] weights = new double[sums.Counts.Length];
        for (int k = 0; k < weights.Length; k++) weights[k] = sums.Counts[k] / total;
        return new MixtureState(weights, family);
    }

    /// <summary>A squared step of log weights and component parameters, shortened until the parameters are in their range.</summary>
    public static bool Extrapolate(MixtureState first, MixtureState second, MixtureState third, out MixtureState guess)
    {
        guess = third;
        int components = third.Weights.Length, length = components + third.Family.VectorLength;
        if (third.Family.VectorLength == 0 || third.Weights.Contains(0)) return false;
        double[][] vectors = [.. ((MixtureState[])[first, second, third]).Select(state =>
        {
            double[] vector = new double[length];
            VectorMath.Log(state.Weights, vector);
            state.Family.ToVector(vector.AsSpan(components), third.Family);
            return vector;
        })];
        for (int shorten = 0; shorten < 4; shorten++)
        {
            if (SquaredStep.Of(vectors[0], vectors[1], vectors[2], shorten) is not { } vector) return false;
            if (third.Family.FromVector(vector.AsSpan(components)) is not { } family) continue;
            double[] weights = vector[..components];
            VectorMath.NormalizeLogWeights(weights);
            guess = new MixtureState(weights, family);
            return true;
        }

        return false;
    }

    /// <summary>Copies weights after checking them.</summary>
    /// <exception cref="ElboException">They are not probabilities, or not one per component.</exception>
    public static double[] CheckWeights(ReadOnlySpan<double> weights, int components)
    {
        if (weights.Length != components) throw new ElboException($"{weights.Length} weights were given for {components} components; give one for each.");
        double sum = 0;
        for (int k = 0; k < components; k++)
        {
            if (!(weights[k] >= 0)) throw new ElboException(FormattableString.Invariant($"The weight of component {k} is {weights[k]}; weights are probabilities, not negative."));
            sum += weights[k];
        }

        if (!(Math.Abs(sum - 1) <= 1e-8)) throw new ElboException(FormattableString.Invariant($"The weights of the components sum to {sum}; they must sum to 1."));
        return weights.ToArray();
    }

    /// <summary>The weights of rows in the sums: 0 where a row has no value at all, which says nothing of any component.</summary>
    private static ReadOnlySpan<double> MomentWeights(RowBlock block, ReadOnlySpan<double> rowWeights)
    {
        if (!block.MayHaveMissing) return rowWeights;
        double[]? weights = null;
        for (int n = 0; n < block.Count; n++)
        {
            if (block.Row(n).ContainsAnyExcept(double.NaN)) continue;
            if (weights is null)
            {
                weights = new double[block.Count];
                if (rowWeights.IsEmpty) Array.Fill(weights, 1);
                else rowWeights.CopyTo(weights);
            }

            weights[n] = 0;
        }

        return weights is null ? rowWeights : weights;
    }

    private static double Entropy(ReadOnlySpan<double> codes, ReadOnlySpan<double> rowWeights, int count)
    {
        double total = 0;
        for (int i = 0; i < codes.Length; i++)
            if (codes[i] > 0) total -= codes[i] * Math.Log(codes[i]) * (rowWeights.IsEmpty ? 1 : rowWeights[i % count]);
        return total;
    }

    private static MixtureSums Add(MixtureSums[] parts)
    {
        double total = 0, entropy = 0;
        double[] counts = parts[0].Counts, statistics = parts[0].Statistics;
        foreach (MixtureSums part in parts)
        {
            total += part.LogLikelihood;
            entropy += part.Entropy;
            if (part == parts[0]) continue;
            for (int i = 0; i < counts.Length; i++) counts[i] += part.Counts[i];
            for (int i = 0; i < statistics.Length; i++) statistics[i] += part.Statistics[i];
        }

        return new MixtureSums(total, entropy, counts, statistics);
    }

    private static string Emptied(MixtureState state)
    {
        int[] empty = [.. Enumerable.Range(0, state.Weights.Length).Where(k => state.Weights[k] == 0)];
        return empty.Length == 0 ? ""
            : empty.Length == 1 ? $" Component {empty[0]} lost all its rows and has weight 0; ask for fewer components, or for more restarts."
            : $" Components {string.Join(", ", empty)} lost all their rows and have weight 0; ask for fewer components, or for more restarts.";
    }
}
