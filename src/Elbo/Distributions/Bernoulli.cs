using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// The Bernoulli distribution with independent elements, by its logits l = ln(p/(1 − p)): ln p(x) = x·l − softplus(l).
/// </summary>
/// <remarks>At values between 0 and 1 the same formula is the (negative) cross-entropy usual for grey images; it is a log probability only at 0 and 1.</remarks>
public sealed class Bernoulli : FactorizedDistribution
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="logits">ln(p/(1 − p)), <c>[batch..., event...]</c>.</param>
    /// <param name="eventRank">How many trailing dimensions form one event.</param>
    public Bernoulli(Tensor logits, int eventRank = 1) : base(logits?.Shape!, eventRank) => Logits = logits!;

    /// <summary>ln(p/(1 − p)).</summary>
    public Tensor Logits { get; }

    /// <summary>p.</summary>
    public override Tensor Mean => Logits.Sigmoid();

    /// <inheritdoc/>
    public override Tensor LogDensityPerElement(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value * Logits - Logits.Softplus();
    }

    /// <summary>softplus(l) − p·l.</summary>
    public override Tensor EntropyPerElement() => Logits.Softplus() - Logits.Sigmoid() * Logits;

    /// <inheritdoc/>
    public override Tensor Sample(ulong key, params ReadOnlySpan<int> leading) =>
        Mean.StopGradient().Greater(Tensor.RandomUniform(WithLeading(leading), key));

    /// <inheritdoc/>
    protected internal override Tensor? KlPerElementTo(Distribution other) => other is Bernoulli p
        ? Logits.Sigmoid() * (Logits - p.Logits) + p.Logits.Softplus() - Logits.Softplus()
        : null;
}
