using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The pathwise estimator ∇E_q[f(z)] = E_ε[∇f(g(ε, φ))]: Kingma and Welling 2013 (arXiv 1312.6114), section 2.4; Rezende et al. 2014
/// (arXiv 1401.4082). For Gamma and Beta the path is implicit, dz/dφ = −(∂F(z; φ)/∂φ)/q(z; φ): Figurnov et al. 2018 (arXiv 1805.08498), eq. 5.
/// </summary>
/// <param name="samples">S, the draws for each member of the batch.</param>
public sealed class ReparameterizedEstimator(int samples = 1) : GradientEstimator(samples)
{
    /// <inheritdoc/>
    public override Estimate Build(Expectation expectation, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        ArgumentNullException.ThrowIfNull(context);
        if (expectation.Distribution is not IReparameterizable family)
            throw new ElboException($"The reparameterised estimator needs draws that are a smooth function of the parameters, which those of {expectation.Distribution.GetType().Name} are not; use the score function, REBAR or Gumbel-softmax.");
        Tensor draws = family.Reparameterize(family.Noise(context.NextKey(), Samples));
        return new Estimate(Evaluate(expectation, draws).Mean(0));
    }
}
