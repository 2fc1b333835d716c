using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The measure-valued (weak derivative) estimator ∇_φ E_q[f] = c_φ·(E₊[f] − E₋[f]), one element at a time with the others drawn from q:
/// Mohamed et al. 2020 (arXiv 1906.10652), section 6, table 1. It needs no derivative of f.
/// </summary>
/// <remarks>
/// For N(μ, σ²), with both measures coupled (section 6.3): in μ, c = 1/(σ√2π) and μ ± σW with one Rayleigh W; in σ, c = 1/σ, the double-sided
/// Maxwell μ + σM against μ + σMU, which is N(μ, σ²) for a uniform U. For a Bernoulli p: f at 1 minus f at 0. f is evaluated 3·D + 1
/// or 2·D + 1 times for each draw of D elements.
/// </remarks>
/// <param name="samples">S, the draws for each member of the batch.</param>
public sealed class MeasureValuedEstimator(int samples = 1) : GradientEstimator(samples)
{
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
            _ => throw new ElboException($"The measure-valued estimator is known here for Normal and Bernoulli, not for {expectation.Distribution.GetType().Name}; use the score function or the reparameterised estimator."),
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
        Tensor scaleDifference = Replaced(expectation, draws, mean + scale * maxwell) - values.StopGradient().Reshape([.. values.Shape, 1]);
        Tensor meanGradient = meanDifference / (scale * Math.Sqrt(2 * Math.PI)), scaleGradient = scaleDifference / scale;
        Tensor surrogate = (meanGradient.StopGradient() * mean + scaleGradient.StopGradient() * scale).Sum(-1);
        return new Estimate(Estimate.Join(values.Mean(0), (surrogate + values).Mean(0)));
    }

    private Estimate ForBernoulli(Expectation expectation, Bernoulli q, LayerContext context)
    {
        Tensor draws = q.Sample(context.NextKey(), Samples);
        Tensor values = Evaluate(expectation, draws);
        Tensor difference = Replaced(expectation, draws, Tensor.Full(draws.Shape, 1)) - Replaced(expectation, draws, Tensor.Full(draws.Shape, 0));
        return new Estimate(Estimate.Join(values.Mean(0), ((difference * q.Mean).Sum(-1) + values).Mean(0)));
    }

    /// <summary>f with one element of the draws replaced at a time, <c>[S, batch..., D]</c>; no gradient flows.</summary>
    private static Tensor Replaced(Expectation expectation, Tensor draws, Tensor replacement)
    {
        int size = draws.Shape[-1];
        int[] selector = [size, .. Enumerable.Repeat(1, draws.Shape.Rank - 1), size];
        Tensor points = Tensor.Where(Tensor.Identity(size).Reshape(Shape.Create(selector)), replacement, draws).StopGradient();
        Tensor values = Evaluate(expectation, points).StopGradient();
        return values.Transpose([.. Enumerable.Range(1, values.Shape.Rank - 1), 0]);
    }
}
