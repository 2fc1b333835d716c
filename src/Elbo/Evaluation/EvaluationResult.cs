namespace Elbo.Evaluation;

/// <summary>How well a model explains data: means over rows in nats, higher is better, every row counted exactly once.</summary>
public sealed record EvaluationResult
{
    /// <summary>The number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The mean evidence lower bound (β = 1, whatever was trained); null for a model without one.</summary>
    public double? Elbo { get; init; }

    /// <summary>The standard error of <see cref="Elbo"/> over rows; null with it, or for a single row.</summary>
    public double? ElboStandardError { get; init; }

    /// <summary>The mean of E_q[ln p(x|z)].</summary>
    public required double Reconstruction { get; init; }

    /// <summary>The mean of KL(q(z|x) ‖ p(z)); null for a model without a bound.</summary>
    public double? Kl { get; init; }

    /// <summary>Its terms for each latent dimension, where it is a sum over them.</summary>
    public IReadOnlyList<double>? KlPerDimension { get; init; }

    /// <summary>The variance over rows of each entry of the posterior mean, Cov_x(E_q[z_d]).</summary>
    public required IReadOnlyList<double> LatentVariance { get; init; }

    /// <summary>The number of latent dimensions whose <see cref="LatentVariance"/> exceeds the threshold: Burda et al. 2016, section 5.</summary>
    public required int ActiveUnits { get; init; }

    /// <summary>K, the draws for each row behind <see cref="LogLikelihood"/>; null where it was not asked for.</summary>
    public int? ImportanceSamples { get; init; }

    /// <summary>The mean over rows of L_K = ln (1/K) Σₖ p(x, zₖ)/q(zₖ|x), an estimate of ln p(x) from below.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>The standard error of <see cref="LogLikelihood"/> over rows; null for a single row.</summary>
    public double? StandardError { get; init; }

    /// <summary>The mean over rows of (Σ w)²/Σ w², in [1, K]: how many of the K draws count.</summary>
    public double? EffectiveSampleSize { get; init; }
}
