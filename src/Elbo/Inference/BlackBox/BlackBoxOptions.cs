using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Training;

namespace Elbo.Inference;

/// <summary>How black-box variational inference climbs.</summary>
public sealed record BlackBoxOptions
{
    /// <summary>The number of gradient steps.</summary>
    public int Steps { get; init; } = 3000;

    /// <summary>How gradients move parameters; null for Adam with a learning rate of 0.05. The rate falls along a cosine to a thousandth.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>The estimator of the gradient; null for sticking the landing with 8 draws, or the plain reparameterised one where the guide's density is known at draws only.</summary>
    public BoundEstimator? Estimator { get; init; }

    /// <summary>Variational EM: how many steps move q before each that moves the model. 0 moves both at once.</summary>
    public int ExpectationSteps { get; init; }

    /// <summary>The draws from which the final bound is measured, at least 2.</summary>
    public int EvaluationSamples { get; init; } = 10_000;

    /// <summary>Decides every draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Converged means that the last tenth of the steps raised the mean bound by less than this, in nats.</summary>
    public double Tolerance { get; init; } = 0.01;

    /// <summary>Told about a hundred times of the bound; null for nobody.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    internal void Check()
    {
        if (Steps < 1) throw new ElboException($"{Steps} steps were asked for; at least 1 is needed.");
        if (ExpectationSteps < 0) throw new ElboException($"{ExpectationSteps} expectation steps were asked for; give 0 or more.");
        if (EvaluationSamples < 2) throw new ElboException($"The bound cannot be measured with its error from {EvaluationSamples} draws; at least 2 are needed.");
    }
}
