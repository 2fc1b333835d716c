using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// REBAR: ĝ = (f(b) − η·f(σ_λ(z̃)))·∇ln q(b) + η·∇f(σ_λ(z)) − η·∇f(σ_λ(z̃)), the score function with the relaxed function as control
/// variate, kept unbiased by reparameterising the correction. Tucker, Mnih, Maddison, Lawson and Sohl-Dickstein 2017 (arXiv 1703.07370), eq. 7.
/// For Bernoulli and categorical draws.
/// </summary>
public sealed class RebarEstimator : ControlVariateEstimator
{
    private readonly Parameter _logTemperature;
    private readonly Parameter _scale;

    /// <summary>Creates the estimator.</summary>
    /// <param name="temperature">λ at the start, above 0.</param>
    /// <param name="scale">η at the start.</param>
    /// <param name="learned">Whether λ and η are trained to minimise the variance, as in section 3.2.</param>
    /// <param name="samples">S, the draws for each member of the batch.</param>
    /// <param name="name">The prefix of its parameters' names.</param>
    public RebarEstimator(double temperature = 0.5, double scale = 1, bool learned = true, int samples = 1, string name = "rebar") : base(samples)
    {
        if (!(temperature > 0)) throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be above 0.");
        _logTemperature = new Parameter($"{name}.logTemperature", Shape.Scalar, Initializer.Constant(Math.Log(temperature)), learned);
        _scale = new Parameter($"{name}.scale", Shape.Scalar, Initializer.Constant(scale), learned);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_logTemperature, _scale];

    private protected override Tensor ControlVariate(Expectation expectation, Tensor continuous, LayerContext context)
    {
        if (expectation.Distribution is not (Bernoulli or Categorical))
            throw new ElboException($"REBAR relaxes Bernoulli and Categorical draws, not those of {expectation.Distribution.GetType().Name}; use RELAX or the reparameterised estimator.");
        return _scale.Value * Evaluate(expectation, Relaxation.Soften(expectation.Distribution, continuous, _logTemperature.Value.Exp()));
    }
}
