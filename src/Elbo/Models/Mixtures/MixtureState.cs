namespace Elbo.Models;

/// <summary>The parameters of a mixture: what an iteration of EM updates.</summary>
/// <param name="Weights">π, <c>[K]</c>.</param>
/// <param name="Family">The densities.</param>
internal sealed record MixtureState(double[] Weights, ComponentFamily Family);
