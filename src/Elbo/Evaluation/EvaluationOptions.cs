namespace Elbo.Evaluation;

/// <summary>How to evaluate a model.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The seed of the draws of z: equal seeds give equal results.</summary>
    public ulong Seed { get; init; }

    /// <summary>The rows of one run, at least 1. Draws depend on it, beyond the seed.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>The draws of z for each row in the evidence lower bound, at least 1.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>K, the draws for each row in the importance-sampled ln p(x); 0 to leave it out.</summary>
    public int ImportanceSamples { get; init; }

    /// <summary>The variance of the posterior mean over the data above which a latent dimension is active: 0.01 in Burda et al. 2016.</summary>
    public double ActiveThreshold { get; init; } = 1e-2;

    /// <summary>Told the finished fraction, in [0, 1], now and then; null for silence.</summary>
    public IProgress<double>? Progress { get; init; }
}
