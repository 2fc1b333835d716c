using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>
/// λ·Σⱼ KL(Bernoulli(ρ) ‖ Bernoulli(ρ̂ⱼ)), where ρ̂ⱼ is the mean over the batch of entry j of a sigmoid code: the sparse autoencoder
/// (Lee, Ekanadham and Ng 2008; Ng, CS294A lecture notes).
/// </summary>
/// <param name="Target">ρ, the wanted mean activation, in (0, 1).</param>
/// <param name="Weight">λ, at least 0.</param>
public sealed record SparsityRegularizer(double Target = 0.05, double Weight = 3) : Regularizer
{
    /// <inheritdoc/>
    public override string Name => "sparsity";

    /// <inheritdoc/>
    public override Tensor Penalty(RegularizerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        CheckWeight(Weight);
        if (!(Target > 0 && Target < 1)) throw new ElboException($"The wanted mean activation must lie between 0 and 1, but target is {Target}.");
        if (context.Posterior is not DeterministicPosterior { Activation: ActivationKind.Sigmoid })
            throw new ElboException("The sparsity penalty compares activations in (0, 1) with a target; use the posterior 'deterministic' with the activation 'sigmoid'.");
        Tensor mean = context.Code.Mean(0);
        // Saturated entries would put 0 into a logarithm.
        Tensor logits = mean.Clamp(1e-7, 1 - 1e-7);
        logits = logits.Log() - (-logits).Log1p();
        Bernoulli wanted = new(Tensor.Full(mean.Shape, Math.Log(Target / (1 - Target))));
        return KlDivergence.Between(wanted, new Bernoulli(logits)) * Weight;
    }
}
