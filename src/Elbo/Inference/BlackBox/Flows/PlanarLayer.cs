using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// f(z) = z + û·tanh(wᵀz + b), ln|det J| = ln|1 + ûᵀψ(z)|, ψ = (1 − tanh²)·w: Rezende and Mohamed 2015 (arXiv 1505.05770), eq. 10 to 12, with
/// û = u + (softplus(wᵀu) − 1 − wᵀu)·w/‖w‖² so that wᵀû ≥ −1 and f is invertible (appendix A.1).
/// </summary>
/// <param name="direction">u, <c>[n]</c>.</param>
/// <param name="normal">w, <c>[n]</c>.</param>
/// <param name="offset">b, a scalar.</param>
internal sealed class PlanarLayer(Tensor direction, Tensor normal, Tensor offset) : IFlowLayer
{
    public (Tensor Value, Tensor LogDeterminant) Forward(Tensor value)
    {
        Tensor product = (normal * direction).Sum();
        Tensor allowed = direction + (product.Softplus() - 1.0 - product) * normal / (normal.Square().Sum() + 1e-12);
        Tensor bend = ((value * normal).Sum(-1, true) + offset).Tanh();
        Tensor volume = 1.0 + (1.0 - bend.Square()).Reshape([.. bend.Shape.SkipLast(1)]) * (allowed * normal).Sum();
        return (value + allowed * bend, volume.Log());
    }

    public (Tensor Value, Tensor LogDeterminant)? Inverse(Tensor value) => null;
}
