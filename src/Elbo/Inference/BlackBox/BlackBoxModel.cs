using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// A model written as ln p(x, z) over tensors: its data are constants of the graph, its own parameters θ (if any) are variables. For a latent variable
/// with a restricted range, write it as a function of z and add the logarithm of that function's derivative.
/// </summary>
/// <param name="LatentSize">D, the dimensions of z for each datum, at least 1.</param>
/// <param name="LogJoint">ln p(x, z) in nats, from <c>[..., batch..., D]</c> to <c>[..., batch...]</c>.</param>
public sealed record BlackBoxModel(int LatentSize, Func<Tensor, Tensor> LogJoint)
{
    /// <summary>The data that each have a z of their own, <c>[N]</c>; a scalar's shape where there is one z for all. Terms of different data must not meet.</summary>
    public Shape Batch { get; init; } = Shape.Scalar;

    /// <summary>θ: what is learned by maximising the bound along with q; none by default.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];
}
