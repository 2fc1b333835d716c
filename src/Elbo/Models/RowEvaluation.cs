using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>How well a model explains each of B rows, in nats, higher is better.</summary>
/// <param name="Reconstruction">E_q[ln p(x|z)], <c>[B]</c>.</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)), <c>[B]</c>; null where the model has no bound.</param>
/// <param name="KlPerDimension">Its terms, <c>[B, D]</c>, where it is a sum over latent dimensions.</param>
public sealed record RowEvaluation(Tensor Reconstruction, Tensor? Kl, Tensor? KlPerDimension)
{
    /// <summary>The evidence lower bound, <c>[B]</c>; null where the model has no bound.</summary>
    public Tensor? Elbo => Kl is null ? null : Reconstruction - Kl;
}
