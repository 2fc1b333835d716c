using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The gradient of E[f(σ_λ(l + noise))] in place of that of E[f(b)]: the concrete or Gumbel-softmax relaxation of Bernoulli and categorical draws,
/// Maddison, Mnih and Teh 2017 (arXiv 1611.00712), eq. 8; Jang, Gu and Poole 2017 (arXiv 1611.01144), eq. 2. Biased for every λ &gt; 0.
/// </summary>
/// <remarks>The value is still the mean of f at the discrete draws, so that it compares with other estimators.</remarks>
/// <param name="temperature">λ, above 0: bias falls and variance grows as it falls.</param>
/// <param name="straightThrough">Whether f sees the discrete draw and only its gradient is taken from the relaxed one (Jang et al., section 2.2).</param>
/// <param name="samples">S, the draws for each member of the batch.</param>
public sealed class GumbelSoftmaxEstimator(double temperature = 0.5, bool straightThrough = false, int samples = 1) : GradientEstimator(samples)
{
    private readonly double _temperature = temperature > 0 ? temperature : throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be above 0.");

    /// <inheritdoc/>
    public override bool IsUnbiased => false;

    /// <inheritdoc/>
    public override Estimate Build(Expectation expectation, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        ArgumentNullException.ThrowIfNull(context);
        Relaxation draws = Relaxation.Of(expectation.Distribution, Samples, context.NextKey())
            ?? throw new ElboException($"Gumbel-softmax relaxes Bernoulli and Categorical draws, not those of {expectation.Distribution.GetType().Name}; use the reparameterised estimator or the score function.");
        Tensor relaxed = Relaxation.Soften(expectation.Distribution, draws.Continuous, _temperature);
        if (straightThrough) return new Estimate(Evaluate(expectation, Estimate.Join(draws.Discrete, relaxed)).Mean(0));
        Tensor values = Evaluate(expectation, draws.Discrete);
        return new Estimate(Estimate.Join(values.Mean(0), Evaluate(expectation, relaxed).Mean(0)));
    }
}
