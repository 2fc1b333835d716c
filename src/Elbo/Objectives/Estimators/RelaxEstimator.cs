using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// RELAX: ĝ = (f(b) − c(z̃))·∇ln q(b) + ∇c(z) − ∇c(z̃) with a free control variate c, here a network of the relaxed draw, plus the relaxed
/// function itself where f accepts one. For continuous families it is LAX, ĝ = (f(z) − c(z))·∇ln q(z) + ∇c(z), which needs no derivative of f.
/// Grathwohl, Choi, Wu, Roeder and Duvenaud 2018 (arXiv 1711.00123), eq. 6 and 8.
/// </summary>
public sealed class RelaxEstimator : ControlVariateEstimator
{
    private readonly Layer _network;
    private readonly Parameter? _logTemperature;

    /// <summary>Creates the estimator.</summary>
    /// <param name="network">c, from a draw of one event flattened <c>[n, D]</c> to <c>[n, 1]</c>.</param>
    /// <param name="addsFunction">Whether c also contains f at the relaxed draw, as REBAR does; f must then be defined between its discrete arguments.</param>
    /// <param name="temperature">λ of the relaxed draw at the start, above 0.</param>
    /// <param name="samples">S, the draws for each member of the batch.</param>
    /// <param name="name">The prefix of its own parameter's name.</param>
    public RelaxEstimator(Layer network, bool addsFunction = false, double temperature = 0.5, int samples = 1, string name = "relax") : base(samples)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!(temperature > 0)) throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be above 0.");
        _network = network;
        if (addsFunction) _logTemperature = new Parameter($"{name}.logTemperature", Shape.Scalar, Initializer.Constant(Math.Log(temperature)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _logTemperature is null ? _network.Parameters : [_logTemperature, .. _network.Parameters];

    private protected override Tensor ControlVariate(Expectation expectation, Tensor continuous, LayerContext context)
    {
        Distribution q = expectation.Distribution;
        bool isDiscrete = q is Bernoulli or Categorical;
        int size = Shape.Create(q.Shape.AsSpan()[^q.EventRank..]).ElementCount;
        Tensor output = _network.Apply(continuous.Reshape([continuous.Shape.ElementCount / size, size]), context);
        Shape values = Shape.Create(continuous.Shape.AsSpan()[..^q.EventRank]);
        if (output.Shape.ElementCount != values.ElementCount)
            throw new ElboException($"RELAX's network must give one number for each draw, but it gives {output.Shape}; let it end in 1 output.");
        Tensor free = output.Reshape(values);
        if (_logTemperature is null) return free;
        Tensor point = isDiscrete ? Relaxation.Soften(q, continuous, _logTemperature.Value.Exp()) : continuous;
        return free + Evaluate(expectation, point);
    }
}
