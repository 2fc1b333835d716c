using System.Numerics;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>Evaluates a model on data of any size in fixed memory, streaming over rows and over importance samples.</summary>
/// <typeparam name="T">float or double: the type of every number in the model. Sums over rows and samples are always in double.</typeparam>
/// <param name="runtime">The workers to run on.</param>
/// <param name="model">The model.</param>
/// <param name="store">Its parameters' values.</param>
public sealed class Evaluator<T>(Runtime runtime, LatentVariableModel model, VariableStore<T> store)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Elements of the rows decoded in one run: a few megabytes, so that a block stays in the last-level cache.
    private const int DecodedElements = 1_600_000;

    /// <summary>Evaluates the bound and its parts, active units and, when asked, the importance-sampled ln p(x).</summary>
    /// <param name="rows">The data.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Stops between runs.</param>
    /// <exception cref="ElboException">The data do not fit the model, there are none, or the model gives NaN for a row.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public EvaluationResult Evaluate(IRowSource rows, EvaluationOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new EvaluationOptions();
        CheckRows(rows);
        bool importance = options.ImportanceSamples > 0;
        if (importance && !model.HasBound)
            throw new ElboException("This model has no log p(x) to estimate by importance sampling; leave the importance samples out.");
        RandomStream root = new(options.Seed);
        // Sampling ln p(x) costs as many decodings as there are samples, against one for the bound.
        double boundShare = importance ? (double)options.Samples / (options.Samples + options.ImportanceSamples) : 1;
        EvaluationResult result = EvaluateBound(rows, options, root.Split(0), boundShare, cancellation);
        if (!importance) return result;

        RunningMoments logLikelihood = default, effective = default;
        foreach ((double value, double size) in SampleLogLikelihood(rows, options.ImportanceSamples, root.Split(1), options.Progress, boundShare, cancellation))
        {
            logLikelihood.Add(value);
            effective.Add(size);
        }

        return result with
        {
            ImportanceSamples = options.ImportanceSamples,
            LogLikelihood = logLikelihood.Mean,
            StandardError = logLikelihood.StandardError,
            EffectiveSampleSize = effective.Mean,
        };
    }

    /// <summary>
    /// One number a row: its evidence lower bound, or its reconstruction for a model without one. All rows share their noise, so the score of a row
    /// depends on nothing but the row, the samples and the seed, whatever stands beside it.
    /// </summary>
    /// <param name="rows">The data.</param>
    /// <param name="samples">The draws of z for each row.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="progress">Told the finished fraction, up to 1; may be null.</param>
    /// <param name="cancellation">Stops between runs.</param>
    /// <exception cref="ElboException">The data do not fit the model, or the model gives NaN for a row.</exception>
    public double[] Score(IRowSource rows, int samples = 16, ulong seed = 0, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        CheckRows(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        // The batch is the same for any number of rows, since the shape of the noise, and so the noise, depends on it.
        int batch = Math.Clamp(DecodedElements / (samples * model.RowShape.ElementCount), 1, 64);
        using RowPlan<T> plan = new(runtime, store, model, batch, input =>
        {
            RowEvaluation evaluation = model.Evaluate(input, samples, sharedNoise: true);
            return [evaluation.Elbo ?? evaluation.Reconstruction];
        });
        double[] scores = new double[rows.Count];
        for (int start = 0; start < rows.Count; start += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = plan.Load(rows, start);
            plan.Run(new RandomStream(seed));
            for (int i = 0; i < count; i++) scores[start + i] = Checked(plan.Output(0)[i], start + i);
            progress?.Report((double)(start + count) / rows.Count);
        }

        return scores;
    }

    /// <summary>The importance-sampled ln p(x) of each row, L_K, and its effective sample size.</summary>
    /// <param name="rows">The data.</param>
    /// <param name="samples">K, at least 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="progress">Told the finished fraction, up to 1; may be null.</param>
    /// <param name="cancellation">Stops between runs.</param>
    /// <returns>For each row in order, L_K in nats and (Σ w)²/Σ w².</returns>
    /// <exception cref="ElboException">The data do not fit the model, the model has no bound, or gives NaN for a row.</exception>
    public (double LogLikelihood, double EffectiveSampleSize)[] LogLikelihood(IRowSource rows, int samples, ulong seed = 0, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        CheckRows(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        return [.. SampleLogLikelihood(rows, samples, new RandomStream(seed).Split(1), progress, 0, cancellation)];
    }

    /// <summary>The posterior mean of each row, <c>[rows, D]</c> in row-major order.</summary>
    /// <exception cref="ElboException">The data do not fit the model, or the model gives NaN for a row.</exception>
    public float[] Encode(IRowSource rows, CancellationToken cancellation = default) => Map(rows, model.Encode, model.LatentSize, cancellation);

    /// <summary>E[x|z] at the posterior mean of each row, <c>[rows, ...row]</c> in row-major order.</summary>
    /// <exception cref="ElboException">The data do not fit the model, or the model gives NaN for a row.</exception>
    public float[] Reconstruct(IRowSource rows, CancellationToken cancellation = default) => Map(rows, model.Reconstruct, model.RowShape.ElementCount, cancellation);

    private float[] Map(IRowSource rows, Func<Tensor, Tensor> verb, int width, CancellationToken cancellation)
    {
        CheckRows(rows);
        float[] result = new float[checked(rows.Count * width)];
        using RowPlan<T> plan = new(runtime, store, model, Math.Min(rows.Count, 100), input => [verb(input)]);
        for (int start = 0; start < rows.Count; start += plan.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = plan.Load(rows, start);
            plan.Run();
            ReadOnlySpan<T> values = plan.Output(0);
            for (int i = 0; i < count * width; i++) result[start * width + i] = (float)Checked(values[i], start + i / width);
        }

        return result;
    }

    private EvaluationResult EvaluateBound(IRowSource rows, EvaluationOptions options, RandomStream stream, double share, CancellationToken cancellation)
    {
        int batch = Math.Clamp(options.BatchSize, 1, rows.Count), latent = model.LatentSize;
        bool hasKl = false, hasTerms = false;
        using RowPlan<T> plan = new(runtime, store, model, batch, input =>
        {
            RowEvaluation evaluation = model.Evaluate(input, options.Samples);
            (hasKl, hasTerms) = (evaluation.Kl is not null, evaluation.KlPerDimension is not null);
            return [evaluation.Reconstruction, model.Encode(input), .. evaluation.Kl is { } kl ? [kl] : (Tensor[])[], .. evaluation.KlPerDimension is { } terms ? [terms] : (Tensor[])[]];
        });
        RunningMoments reconstruction = default, divergence = default, bound = default;
        RunningMoments[] terms = new RunningMoments[latent], means = new RunningMoments[latent];
        for (int start = 0; start < rows.Count; start += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = plan.Load(rows, start);
            plan.Run(stream.Split((ulong)start));
            for (int i = 0; i < count; i++)
            {
                double explained = Checked(plan.Output(0)[i], start + i);
                reconstruction.Add(explained);
                for (int d = 0; d < latent; d++) means[d].Add(double.CreateChecked(plan.Output(1)[i * latent + d]));
                if (!hasKl) continue;
                double kl = Checked(plan.Output(2)[i], start + i);
                divergence.Add(kl);
                bound.Add(explained - kl);
                if (!hasTerms) continue;
                for (int d = 0; d < latent; d++) terms[d].Add(double.CreateChecked(plan.Output(3)[i * latent + d]));
            }

            options.Progress?.Report(share * (start + count) / rows.Count);
        }

        double[] variances = Array.ConvertAll(means, moments => moments.PopulationVariance);
        return new EvaluationResult
        {
            Rows = rows.Count,
            Elbo = hasKl ? bound.Mean : null,
            ElboStandardError = hasKl ? bound.StandardError : null,
            Reconstruction = reconstruction.Mean,
            Kl = hasKl ? divergence.Mean : null,
            KlPerDimension = hasTerms ? Array.ConvertAll(terms, moments => moments.Mean) : null,
            LatentVariance = variances,
            ActiveUnits = variances.Count(variance => variance > options.ActiveThreshold),
        };
    }

    private IEnumerable<(double LogLikelihood, double EffectiveSampleSize)> SampleLogLikelihood(
        IRowSource rows, int samples, RandomStream stream, IProgress<double>? progress, double done, CancellationToken cancellation)
    {
        // The encoder runs once in each chunk of samples; with some hundred samples a chunk its share is below a percent.
        int decoded = Math.Max(1, DecodedElements / model.RowShape.ElementCount);
        int chunk = Math.Min(samples, Math.Clamp(decoded / 16, 1, 128));
        int batch = Math.Clamp(decoded / chunk, 1, rows.Count);
        using RowPlan<T> plan = new(runtime, store, model, batch, input => [model.LogWeights(input, chunk)]);
        for (int start = 0; start < rows.Count; start += batch)
        {
            int count = plan.Load(rows, start);
            RunningLogMean[] weights = new RunningLogMean[count];
            RandomStream block = stream.Split((ulong)start);
            for (int drawn = 0; drawn < samples; drawn += chunk)
            {
                cancellation.ThrowIfCancellationRequested();
                plan.Run(block.Split((ulong)drawn));
                ReadOnlySpan<T> logWeights = plan.Output(0);
                int used = Math.Min(chunk, samples - drawn);
                for (int i = 0; i < count; i++)
                    for (int k = 0; k < used; k++)
                        weights[i].Add(Checked(logWeights[i * chunk + k], start + i));
                // One block of rows can take minutes where there are many samples, so its share counts too.
                progress?.Report(done + (1 - done) * (start + (double)count * (drawn + used) / samples) / rows.Count);
            }

            foreach (RunningLogMean row in weights) yield return (row.LogMean, row.EffectiveSampleSize);
        }
    }

    private void CheckRows(IRowSource rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count < 1) throw new ElboException("There are no rows to evaluate; give at least one.");
        if (!rows.RowShape.Equals(model.RowShape))
            throw new ElboException($"The model expects rows of shape {model.RowShape}, but the data's rows have shape {rows.RowShape}; give data of that shape or fit a model to these.");
    }

    private static double Checked(T value, int row)
    {
        double number = double.CreateChecked(value);
        return double.IsNaN(number) ? throw new ElboException($"The model gives NaN for row {row}; look for NaN or extreme values in that row, or in the model's parameters.") : number;
    }
}
