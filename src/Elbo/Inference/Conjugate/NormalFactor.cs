namespace Elbo.Inference;

/// <summary>A normal distribution N(μ, 1/λ) of one number, as prior or as factor of a mean-field posterior.</summary>
/// <param name="Mean">μ.</param>
/// <param name="Precision">λ, the inverse of the variance, positive.</param>
public readonly record struct NormalFactor(double Mean, double Precision)
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    /// <summary>1/λ.</summary>
    public double Variance => 1 / Precision;

    /// <summary>E[x²] = μ² + 1/λ.</summary>
    public double SecondMoment => Mean * Mean + 1 / Precision;

    /// <summary>The entropy ½(1 + ln 2π − ln λ) in nats.</summary>
    public double Entropy => 0.5 * (1 + LogTwoPi - Math.Log(Precision));

    /// <summary>ln N(x; μ, 1/λ) in nats.</summary>
    /// <param name="x">Any number.</param>
    public double LogDensity(double x) => 0.5 * (Math.Log(Precision) - LogTwoPi - Precision * (x - Mean) * (x - Mean));

    /// <summary>KL(this ‖ other) = ½(λ′/λ + λ′(μ − μ′)² − 1 − ln λ′/λ) in nats.</summary>
    /// <param name="other">The second argument: the prior.</param>
    public double Kl(NormalFactor other)
    {
        double ratio = other.Precision / Precision, distance = Mean - other.Mean;
        return 0.5 * (ratio + other.Precision * distance * distance - 1 - Math.Log(ratio));
    }

    /// <summary>The posterior of the mean of normal values whose precision is known: λ + n·precision, means weighted by precision.</summary>
    /// <param name="sum">The sum of the values.</param>
    /// <param name="count">n, how many there are.</param>
    /// <param name="precision">The known precision of a value around its mean; or its expectation, for a mean-field update.</param>
    public NormalFactor Observe(double sum, double count, double precision)
    {
        double total = Precision + count * precision;
        return new((Precision * Mean + precision * sum) / total, total);
    }
}
