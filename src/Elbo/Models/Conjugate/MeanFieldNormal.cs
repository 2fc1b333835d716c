using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// Normal values with unknown mean and precision: x ~ N(μ, 1/τ), μ ~ N(m, 1/λ), τ ~ Gamma(a, b), with the factorised posterior
/// q(μ) q(τ) found by coordinate ascent (Bishop 2006, section 10.1.3, with a prior on μ that does not depend on τ). Immutable.
/// </summary>
public sealed class MeanFieldNormal
{
    private MeanFieldNormal(NormalFactor mean, GammaFactor precision, IReadOnlyList<double> bounds, bool converged)
    {
        Mean = mean;
        Precision = precision;
        Bounds = bounds;
        Converged = converged;
    }

    /// <summary>q(μ).</summary>
    public NormalFactor Mean { get; }

    /// <summary>q(τ).</summary>
    public GammaFactor Precision { get; }

    /// <summary>The bound after each iteration (an update of q(μ), then one of q(τ)), of all values together in nats.</summary>
    public IReadOnlyList<double> Bounds { get; }

    /// <summary>Whether the last iteration raised the bound by less than the tolerance.</summary>
    public bool Converged { get; }

    /// <summary>The bound on ln p(x₁ … xₙ) in nats, every constant included.</summary>
    public double Elbo => Bounds[^1];

    /// <summary>Finds the posterior, starting from q(τ) = p(τ).</summary>
    /// <param name="values">x; at least one, all finite.</param>
    /// <param name="mean">p(μ).</param>
    /// <param name="precision">p(τ).</param>
    /// <param name="options">When to stop; the tolerance is in nats per value, and 0 takes all iterations.</param>
    /// <exception cref="ElboException">There is no value, or one is not finite, or a prior is not a distribution.</exception>
    public static MeanFieldNormal Fit(ReadOnlySpan<double> values, NormalFactor mean, GammaFactor precision, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (values.IsEmpty) throw new ElboException("No values were given; at least one is needed.");
        if (!(mean.Precision > 0) || !double.IsFinite(mean.Mean)) throw new ElboException($"The prior of the mean is {mean}; give a finite mean and a positive precision.");
        if (!(precision.Shape > 0 && precision.Rate > 0)) throw new ElboException($"The prior of the precision is {precision}; give a positive shape and rate.");
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i])) throw new ElboException($"Value {i} is {values[i]}; give finite values.");
            sum += values[i];
        }

        // Squares around the average: those of values far from 0 would cancel.
        double average = sum / values.Length, scatter = 0;
        foreach (double value in values) scatter += (value - average) * (value - average);
        NormalFactor qMean = mean;
        GammaFactor qPrecision = precision;
        List<double> bounds = [];
        for (int iteration = 1; ; iteration++)
        {
            qMean = mean.Observe(sum, values.Length, qPrecision.Mean);
            double squares = ExpectedSquares(qMean, average, scatter, values.Length);
            qPrecision = precision.ObserveSquares(squares, values.Length);
            double bound = Bound(qMean, qPrecision, mean, precision, average, scatter, values.Length);
            double gain = bounds.Count == 0 ? double.PositiveInfinity : bound - bounds[^1];
            bounds.Add(bound);
            // A gain within rounding of 0 leaves the factors right to half their digits only, so a tolerance of 0 uses all iterations.
            bool converged = options.Tolerance > 0 && gain < options.Tolerance * values.Length;
            if (converged || iteration == options.MaxIterations) return new MeanFieldNormal(qMean, qPrecision, bounds, converged);
        }
    }

    /// <summary>The bound of any pair of factors: E[ln p(x|μ, τ)] − KL(q(μ) ‖ p(μ)) − KL(q(τ) ‖ p(τ)) in nats.</summary>
    internal static double Bound(NormalFactor qMean, GammaFactor qPrecision, NormalFactor mean, GammaFactor precision, double average, double scatter, int count) =>
        0.5 * count * (qPrecision.MeanLog - Math.Log(2 * Math.PI)) - 0.5 * qPrecision.Mean * ExpectedSquares(qMean, average, scatter, count)
        - qMean.Kl(mean) - qPrecision.Kl(precision);

    private static double ExpectedSquares(NormalFactor qMean, double average, double scatter, int count) =>
        scatter + count * ((average - qMean.Mean) * (average - qMean.Mean) + qMean.Variance);
}
