using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The measure-valued (weak derivative) estimator ∇_φ E_q[f] = c_φ·(E₊[f] − E₋[f]), one element at a time with the others drawn from q:
/// Mohamed et al. 2020 (arXiv 1906.10652), section 6, table 1. It needs no derivative of f.
/// </summary>
/// <remarks>
/// <para>For N(μ, σ²), with both measures coupled (section 6.3): in μ, c = 1/(σ√2π) and μ ± σW with one Rayleigh W; in σ, c = 1/σ, the double-sided
/// Maxwell μ + σM against μ + σMU, which is N(μ, σ²) for a uniform U. For a Bernoulli p: f at 1 minus f at 0. For the classes of a categorical:
/// pₖ·(f(k) − Σⱼ pⱼf(j)), which is exact.</para>
/// <para>For Gamma(α, β): in β, c = α/β and x against x + E/β, which is Gamma(α + 1, β) for E ~ Exp(1). In α the table has no entry; the sum of
/// Gamma variables in α is a process with jumps of density e^(−βy)/y, whose generator is the derivative,
/// ∂_α E[f(x)] = E ∫ (f(x + y) − f(x))·e^(−βy)/y dy = E[(f(x + N²/2β) − f(x))·√2π/|N|] for a standard normal N. Jumps drawn so keep the variance finite
/// where f has steps. A Beta variable is G/(G + H) for Gamma variables G and H, and the same jumps of G and of H give both derivatives.</para>
/// <para>f is evaluated 3·D + 1 times for each draw of D elements of a normal, 2·D + 1 times for the others, D + 1 times for D classes.</para>
/// </remarks>
/// <param name="samples">S, the draws for each member of the batch.</param>
public sealed class MeasureValuedEstimator(int samples = 1) : GradientEstimator(samples)
{
    /// <summary>Whether the estimator is known for a family.</summary>
    /// <param name="distribution">q.</param>
    public static bool Fits(Distribution distribution) => distribution is Normal or Bernoulli or Categorical or Gamma or Beta;

    /// <inheritdoc/>
    public override Estimate Build(Expectation expectation, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        ArgumentNullException.ThrowIfNull(context);
        if (expectation.Distribution.EventRank != 1)
            throw new ElboException($"The measure-valued estimator needs events of rank 1, not {expectation.Distribution.EventRank}; flatten the event.");
        return expectation.Distribution switch
        {
            Normal normal => ForNormal(expectation, normal, context),
            Bernoulli bernoulli => ForBernoulli(expectation, bernoulli, context),
            Categorical categorical => ForCategorical(expectation, categorical, context),
            Gamma gamma => ForGamma(expectation, gamma, context),
            Beta beta => ForBeta(expectation, beta, context),
            Distribution other => throw new ElboException($"The measure-valued estimator is known here for Normal, Bernoulli, Categorical, Gamma and Beta, not for {other.GetType().Name}; use the score function or the reparameterised estimator."),
        };
    }

    private Estimate ForNormal(Expectation expectation, Normal q, LayerContext context)
    {
        Shape shape = Shape.Create([Samples, .. q.Shape]);
        Tensor mean = q.Mean, scale = q.Scale.BroadcastTo(q.Shape);
        // The length of a normal vector in three dimensions, with a random sign, is double-sided Maxwell.
        Tensor length = Tensor.RandomNormal([3, .. shape], context.NextKey()).Square().Sum(0).Sqrt();
        Tensor maxwell = Tensor.Where(Tensor.RandomUniform(shape, context.NextKey()).Greater(0.5), length, -length);
        Tensor rayleigh = (Tensor.RandomUniform(shape, context.NextKey()).Log() * -2.0).Sqrt();
        Tensor uniform = Tensor.RandomUniform(shape, context.NextKey());

        Tensor draws = (mean + scale * maxwell * uniform).StopGradient();
        Tensor values = Evaluate(expectation, draws);
        Tensor meanDifference = Replaced(expectation, draws, mean + scale * rayleigh) - Replaced(expectation, draws, mean - scale * rayleigh);
        Tensor scaleDifference = Replaced(expectation, draws, mean + scale * maxwell) - PerElement(values);
        return Carried(values, meanDifference / (scale * Math.Sqrt(2 * Math.PI)), mean, scaleDifference / scale, scale);
    }

    private Estimate ForBernoulli(Expectation expectation, Bernoulli q, LayerContext context)
    {
        Tensor draws = q.Sample(context.NextKey(), Samples);
        Tensor values = Evaluate(expectation, draws);
        Tensor difference = Replaced(expectation, draws, Tensor.Full(draws.Shape, 1)) - Replaced(expectation, draws, Tensor.Full(draws.Shape, 0));
        return new Estimate(Estimate.Join(values.Mean(0), ((difference * q.Mean).Sum(-1) + values).Mean(0)));
    }

    private Estimate ForCategorical(Expectation expectation, Categorical q, LayerContext context)
    {
        Tensor draws = q.Sample(context.NextKey(), Samples);
        Tensor values = Evaluate(expectation, draws);
        // f at every class: the gradient of Σ pₖf(k) in the logits is pₖ(f(k) − Σⱼ pⱼf(j)).
        int classes = q.Shape[-1];
        int[] selector = [classes, .. Enumerable.Repeat(1, draws.Shape.Rank - 1), classes];
        Tensor points = Tensor.Identity(classes).Reshape(Shape.Create(selector)).BroadcastTo([classes, .. draws.Shape]);
        Tensor each = Last(Evaluate(expectation, points).StopGradient());
        return new Estimate(Estimate.Join(values.Mean(0), ((each * q.Mean).Sum(-1) + values).Mean(0)));
    }

    private Estimate ForGamma(Expectation expectation, Gamma q, LayerContext context)
    {
        Shape shape = Shape.Create([Samples, .. q.Shape]);
        Tensor concentration = q.Concentration.BroadcastTo(q.Shape), rate = q.Rate.BroadcastTo(q.Shape);
        Tensor exponential = -Tensor.RandomUniform(shape, context.NextKey()).Log();
        (Tensor jump, Tensor weight) = Jump(shape, context);
        Tensor draws = q.Sample(context.NextKey(), Samples);
        Tensor values = Evaluate(expectation, draws);
        Tensor rateDifference = PerElement(values) - Replaced(expectation, draws, draws + exponential / rate);
        Tensor shapeDifference = Replaced(expectation, draws, draws + jump / rate) - PerElement(values);
        return Carried(values, shapeDifference * weight, concentration, rateDifference * concentration / rate, rate);
    }

    private Estimate ForBeta(Expectation expectation, Beta q, LayerContext context)
    {
        Shape shape = Shape.Create([Samples, .. q.Shape]);
        Tensor concentration1 = q.Concentration1.BroadcastTo(q.Shape), concentration0 = q.Concentration0.BroadcastTo(q.Shape);
        Tensor first = new Gamma(concentration1, 1.0).Sample(context.NextKey(), Samples), second = new Gamma(concentration0, 1.0).Sample(context.NextKey(), Samples);
        (Tensor jump1, Tensor weight1) = Jump(shape, context);
        (Tensor jump0, Tensor weight0) = Jump(shape, context);
        Tensor draws = Beta.WithinSupport(first / (first + second));
        Tensor values = Evaluate(expectation, draws);
        Tensor difference1 = Replaced(expectation, draws, Beta.WithinSupport((first + jump1) / (first + jump1 + second))) - PerElement(values);
        Tensor difference0 = Replaced(expectation, draws, Beta.WithinSupport(first / (first + jump0 + second))) - PerElement(values);
        return Carried(values, difference1 * weight1, concentration1, difference0 * weight0, concentration0);
    }

    /// <summary>A jump N²/2 of the Gamma process of rate 1, and its weight √2π/|N|.</summary>
    private static (Tensor Jump, Tensor Weight) Jump(Shape shape, LayerContext context)
    {
        // A normal draw of exactly 0 would be a jump of nothing with an infinite weight.
        Tensor length = Tensor.RandomNormal(shape, context.NextKey()).Abs().Maximum(1e-15);
        return (length.Square() * 0.5, Math.Sqrt(2 * Math.PI) / length);
    }

    /// <summary>The values, with gradients for two parameters of each element.</summary>
    private static Estimate Carried(Tensor values, Tensor firstGradient, Tensor first, Tensor secondGradient, Tensor second)
    {
        Tensor surrogate = (firstGradient.StopGradient() * first + secondGradient.StopGradient() * second).Sum(-1);
        return new Estimate(Estimate.Join(values.Mean(0), (surrogate + values).Mean(0)));
    }

    /// <summary>f as drawn, beside f with an element replaced.</summary>
    private static Tensor PerElement(Tensor values) => values.StopGradient().Reshape([.. values.Shape, 1]);

    /// <summary>f with one element of the draws replaced at a time, <c>[S, batch..., D]</c>; no gradient flows.</summary>
    private static Tensor Replaced(Expectation expectation, Tensor draws, Tensor replacement)
    {
        int size = draws.Shape[-1];
        int[] selector = [size, .. Enumerable.Repeat(1, draws.Shape.Rank - 1), size];
        Tensor points = Tensor.Where(Tensor.Identity(size).Reshape(Shape.Create(selector)), replacement, draws).StopGradient();
        return Last(Evaluate(expectation, points).StopGradient());
    }

    /// <summary>The first dimension as the last.</summary>
    private static Tensor Last(Tensor values) => values.Transpose([.. Enumerable.Range(1, values.Shape.Rank - 1), 0]);
}
