using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Training;

namespace Elbo.Inference;

/// <summary>
/// Black-box variational inference: maximises E_q[ln p(x, z) − ln q(z; λ)] in λ, and in the model's θ, by stochastic gradients that need nothing of the
/// model but ln p(x, z). Ranganath, Gerrish and Blei 2014 (arXiv 1401.0118), algorithm 1, with any <see cref="BoundEstimator"/>.
/// </summary>
public static class BlackBoxInference
{
    private const int EvaluationBlock = 100;

    /// <summary>Fits q, and the model's parameters where it has some. The result depends on the seed alone, not on the number of threads.</summary>
    /// <param name="model">The model.</param>
    /// <param name="guide">The family of q.</param>
    /// <param name="options">How to climb; null for the defaults.</param>
    /// <param name="runtime">The workers to run on; null for one thread.</param>
    /// <param name="cancellation">Stops after the current step, with the result so far.</param>
    /// <exception cref="ElboException">An option is out of its range, shapes do not fit, or the bound is not a number.</exception>
    public static BlackBoxResult Fit(BlackBoxModel model, Guide guide, BlackBoxOptions? options = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(guide);
        options ??= new BlackBoxOptions();
        options.Check();
        if (model.LatentSize < 1) throw new ElboException($"A latent variable needs at least 1 dimension, not {model.LatentSize}.");
        if (options.ExpectationSteps > 0 && model.Parameters.Count == 0)
            throw new ElboException("Variational EM alternates between q and the model's parameters, but the model has none; set the expectation steps to 0.");
        using Runtime? own = runtime is null ? new Runtime(1) : null;
        Runtime workers = runtime ?? own!;

        GuideParameters declared = guide.Declare(model.Batch, model.LatentSize);
        BoundEstimator estimator = options.Estimator ?? (guide.HasDensity ? new StickingTheLandingEstimator(8) : new ReparameterizedBoundEstimator());
        LayerContext context = new(isTraining: true);
        ImportanceWeights weights = new(declared.Build(parameter => parameter.Value), model.LogJoint);
        Estimate estimate = estimator.Build(weights, context);
        Tensor bound = estimate.Value.Sum();
        Parameter[] all = [.. declared.Parameters, .. model.Parameters];

        using VariableStore<double> store = new();
        RandomStream root = new(options.Seed);
        all.Concat(estimator.Parameters).Initialize(store, root.Split(0));
        Optimizer optimizer = options.Optimizer ?? new Adam(0.05);
        bool alternates = options.ExpectationSteps > 0;
        Objective main = new(bound, alternates ? declared.Parameters : all);
        using AscentStep step = new(workers, store, [bound], [main, .. estimate.Objectives], context.Updates, optimizer);
        using AscentStep? maximization = alternates ? new(workers, store, [bound], [new Objective(bound, model.Parameters)], [], optimizer) : null;

        List<double> bounds = [];
        int block = Math.Max(1, options.Steps / 100), done = 0, maximizations = 0;
        double sum = 0;
        for (; done < options.Steps && !cancellation.IsCancellationRequested; done++)
        {
            double factor = 0.001 + 0.999 * 0.5 * (1 + Math.Cos(Math.PI * done / options.Steps));
            bool maximizes = alternates && done % (options.ExpectationSteps + 1) == options.ExpectationSteps;
            RandomStream stream = root.Split(1).Split((ulong)done);
            AscentStep current = maximizes ? maximization! : step;
            current.Run(maximizes ? maximizations++ : done - maximizations, factor, stream);
            double value = current.Output(0)[0];
            if (!double.IsFinite(value))
                throw new ElboException($"The bound of step {done + 1} is {value}; start q where ln p(x, z) is finite, or lower the learning rate.");
            sum += value;
            if ((done + 1) % block != 0) continue;
            bounds.Add(sum / block);
            sum = 0;
            options.Progress?.Report(new FitProgress(1, 1, done + 1, options.Steps, bounds[^1], bounds.Count > 1 ? bounds[^1] - bounds[^2] : double.NaN, null));
        }

        (double elbo, double error, double evidence) = Evaluate(weights, options, workers, store, root.Split(2));
        Dictionary<string, double[]> learned = model.Parameters.ToDictionary(parameter => parameter.Name, parameter => store[parameter.Variable].ToArray());
        Distribution fitted = declared.Build(parameter => Tensor.Constant(parameter.Shape, store[parameter.Variable]));
        double gain = LastGain(bounds);
        FitStop stop = done < options.Steps ? FitStop.Cancelled : Math.Abs(gain) < Math.Max(options.Tolerance, 0) ? FitStop.Converged : FitStop.IterationLimit;
        return new BlackBoxResult(fitted, learned, bounds, elbo, error, evidence, stop, done, Explain(stop, done, gain, options.Tolerance));
    }

    private static (double Elbo, double Error, double Evidence) Evaluate(ImportanceWeights weights, BlackBoxOptions options, Runtime runtime, VariableStore<double> store, RandomStream stream)
    {
        (Tensor draws, Tensor logPosterior) = weights.Posterior.SampleWithLogDensity(1, EvaluationBlock);
        int data = weights.Posterior.BatchShape.ElementCount, blocks = (options.EvaluationSamples + EvaluationBlock - 1) / EvaluationBlock;
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [weights.Joint(draws) - logPosterior]);
        double[] all = new double[(long)blocks * EvaluationBlock * data];
        for (int i = 0; i < blocks; i++)
        {
            plan.Run(stream.Split((ulong)i));
            plan.Output(0).CopyTo(all.AsSpan(i * EvaluationBlock * data));
        }

        int count = blocks * EvaluationBlock;
        double elbo = 0, squares = 0, evidence = 0;
        for (int n = 0; n < data; n++)
        {
            double mean = 0, largest = double.NegativeInfinity, variance = 0, sum = 0;
            for (int s = 0; s < count; s++)
            {
                mean += all[s * data + n] / count;
                largest = Math.Max(largest, all[s * data + n]);
            }

            for (int s = 0; s < count; s++)
            {
                double difference = all[s * data + n] - mean;
                variance += difference * difference / (count - 1);
                sum += Math.Exp(all[s * data + n] - largest);
            }

            elbo += mean;
            squares += variance / count;
            evidence += largest + Math.Log(sum / count);
        }

        return (elbo, Math.Sqrt(squares), evidence);
    }

    /// <summary>By how much the mean bound of the last tenth exceeds that of the tenth before.</summary>
    private static double LastGain(List<double> bounds)
    {
        int tenth = bounds.Count / 10;
        return tenth == 0 ? double.NaN : bounds.TakeLast(tenth).Average() - bounds.SkipLast(tenth).TakeLast(tenth).Average();
    }

    private static string Explain(FitStop stop, int steps, double gain, double tolerance) => stop switch
    {
        FitStop.Converged => FormattableString.Invariant($"Converged within {steps} steps: the last tenth changed the mean bound by {gain:0.0e+0} nats, less than {tolerance}."),
        FitStop.Cancelled => $"Stopped on request after {steps} steps.",
        _ => FormattableString.Invariant($"Not converged: all {steps} steps were made, and the last tenth changed the mean bound by {gain:0.0e+0} nats; allow more steps, or more draws where the bound is noisy."),
    };
}
