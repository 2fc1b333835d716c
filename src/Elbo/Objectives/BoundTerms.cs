using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>An objective on a batch of B rows, and the parts of the true evidence lower bound beside it; nats, higher is better.</summary>
/// <param name="Objective">What to maximise, <c>[B]</c> or a scalar that stands for the mean over the rows.</param>
/// <param name="Reconstruction">E_q[ln p(x|z)] of each row, <c>[B]</c>.</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)) of each row, <c>[B]</c>; null for a deterministic code, which has none.</param>
/// <param name="KlPerDimension">Its terms, <c>[B, D]</c>, where it is a sum over latent dimensions.</param>
public sealed record BoundTerms(Tensor Objective, Tensor Reconstruction, Tensor? Kl, Tensor? KlPerDimension)
{
    /// <summary>The evidence lower bound of each row, reconstruction − KL, <c>[B]</c>, whatever was trained; null for a deterministic code.</summary>
    public Tensor? Elbo => Kl is null ? null : Reconstruction - Kl;
}
