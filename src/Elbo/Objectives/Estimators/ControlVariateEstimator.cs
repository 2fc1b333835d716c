using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Objectives;

/// <summary>
/// What REBAR and RELAX share: ĝ = (f(b) − c(z̃))·∇ln q(b) + ∇c(z) − ∇c(z̃), unbiased for every c, where b = H(z) and z̃ ~ p(z|b); for a
/// reparameterised family b = z = z̃. The control variate's own parameters minimise the variance: they descend ĝ², whose gradient is an
/// unbiased one of the variance since E[ĝ] does not depend on them. Grathwohl et al. 2018 (arXiv 1711.00123), eq. 6 to 8 and algorithm 2.
/// </summary>
public abstract class ControlVariateEstimator : GradientEstimator
{
    private protected ControlVariateEstimator(int samples) : base(samples) { }

    /// <summary>c at continuous draws, one number for each.</summary>
    /// <param name="expectation">What is estimated.</param>
    /// <param name="continuous">z or z̃, <c>[S, batch..., event...]</c>.</param>
    /// <param name="context">What layers need.</param>
    private protected abstract Tensor ControlVariate(Expectation expectation, Tensor continuous, LayerContext context);

    /// <inheritdoc/>
    public sealed override Estimate Build(Expectation expectation, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        ArgumentNullException.ThrowIfNull(context);
        Distribution q = expectation.Distribution;
        FamilyParameters family = FamilyParameters.Of(q)
            ?? throw new ElboException($"This estimator is known for Bernoulli, Categorical, Normal, Gamma and Beta, not for {q.GetType().Name}; use the score function.");
        // Over new nodes for q's parameters the gradient sees the draws alone, even where f depends on q as well.
        (Distribution detached, Tensor[] nodes) = family.Detached();
        (Tensor continuous, Tensor discrete, Tensor conditional) = Draw(detached, context);
        Tensor values = Evaluate(expectation, discrete);
        Tensor weight = values.StopGradient() - ControlVariate(expectation, conditional.StopGradient(), context);
        Tensor surrogate = weight * detached.LogDensity(discrete) + ControlVariate(expectation, continuous, context);
        if (!ReferenceEquals(continuous, conditional)) surrogate -= ControlVariate(expectation, conditional, context);

        Tensor[] gradients = surrogate.Mean(0).Sum().Gradients(nodes);
        Tensor carried = family.Carry(gradients, q.EventRank);
        Parameter[] trained = [.. Parameters.Where(parameter => parameter.IsTrainable)];
        Tensor variance = gradients.Select(gradient => gradient.Square().Sum()).Aggregate((a, b) => a + b) * (1.0 / q.BatchShape.ElementCount);
        return new Estimate(Estimate.Join(values.Mean(0), values.Mean(0) + carried))
        {
            Objectives = trained.Length == 0 ? [] : [new Objective(-variance, trained)],
        };
    }

    private (Tensor Continuous, Tensor Discrete, Tensor Conditional) Draw(Distribution q, LayerContext context)
    {
        if (Relaxation.Of(q, Samples, context.NextKey(), context.NextKey()) is { } relaxation)
            return (relaxation.Continuous, relaxation.Discrete.StopGradient(), relaxation.Conditional!);
        IReparameterizable reparameterizable = (IReparameterizable)q;
        Tensor draws = reparameterizable.Reparameterize(reparameterizable.Noise(context.NextKey(), Samples));
        return (draws, draws.StopGradient(), draws);
    }
}
