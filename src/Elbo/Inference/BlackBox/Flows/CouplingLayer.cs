using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// An affine coupling: the kept coordinates pass unchanged and scale and shift the others, z′ = z·e^s(kept) + t(kept), ln|det J| = Σ s.
/// Dinh, Sohl-Dickstein and Bengio 2017 (arXiv 1605.08803), eq. 4 to 8. s and t come from one hidden layer of tanh units; |s| stays below 2.
/// </summary>
/// <param name="mask">1 for kept coordinates, else 0, <c>[n]</c>.</param>
/// <param name="weight">The hidden layer's weights, <c>[n, h]</c>.</param>
/// <param name="bias">Its biases, <c>[h]</c>.</param>
/// <param name="output">The weights of s and t, <c>[h, 2n]</c>.</param>
/// <param name="outputBias">Their biases, <c>[2n]</c>.</param>
internal sealed class CouplingLayer(Tensor mask, Tensor weight, Tensor bias, Tensor output, Tensor outputBias) : IFlowLayer
{
    public (Tensor Value, Tensor LogDeterminant) Forward(Tensor value)
    {
        (Tensor logScale, Tensor shift) = Map(value);
        return (value * logScale.Exp() + shift, logScale.Sum(-1));
    }

    public (Tensor Value, Tensor LogDeterminant)? Inverse(Tensor value)
    {
        // The kept coordinates are those of the preimage, so the same s and t come out.
        (Tensor logScale, Tensor shift) = Map(value);
        return ((value - shift) * (-logScale).Exp(), logScale.Sum(-1));
    }

    private (Tensor LogScale, Tensor Shift) Map(Tensor value)
    {
        int n = mask.Shape[0], rows = value.Shape.ElementCount / n;
        Tensor hidden = ((value * mask).Reshape([rows, n]).MatMul(weight) + bias).Tanh();
        Tensor both = hidden.MatMul(output) + outputBias;
        Tensor moved = 1.0 - mask;
        Tensor logScale = ((both.Slice(1, 0, n) * 0.5).Tanh() * 2.0).Reshape(value.Shape) * moved;
        return (logScale, both.Slice(1, n, n).Reshape(value.Shape) * moved);
    }
}
