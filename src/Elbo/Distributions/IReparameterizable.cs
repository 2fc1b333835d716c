using Elbo.Numerics;

namespace Elbo.Distributions;

/// <summary>
/// A distribution whose draws are a differentiable function of its parameters and of noise that does not depend on them:
/// z = g(ε, φ), so that ∇φ E[f(z)] = E[∇φ f(g(ε, φ))]. Kingma and Welling 2013 (arXiv 1312.6114), section 2.4.
/// </summary>
public interface IReparameterizable
{
    /// <summary>The noise ε of draws, <c>[leading..., batch..., event...]</c>; its trailing dimensions may differ where a family needs more numbers than a draw has.</summary>
    /// <param name="key">The random stream of the noise.</param>
    /// <param name="leading">Extents in front of the batch, one draw for each; none by default.</param>
    Tensor Noise(ulong key, params ReadOnlySpan<int> leading);

    /// <summary>g(ε, φ): the draws that noise leads to, <c>[leading..., batch..., event...]</c>; gradients flow to the parameters.</summary>
    Tensor Reparameterize(Tensor noise);
}
