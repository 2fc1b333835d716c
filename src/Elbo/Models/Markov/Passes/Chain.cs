using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What the passes run over: a hidden Markov model, or what stands for one in a mean-field update.</summary>
/// <param name="Start">π, <c>[K]</c>.</param>
/// <param name="Transitions">A, <c>[K, K]</c>.</param>
/// <param name="Densities">The distributions of a row.</param>
/// <param name="Ties">The number of each state's distribution, or null where state k has distribution k.</param>
/// <param name="Departures">ln of a factor for each step that leaves a state, <c>[K]</c>; null where it is 1. It lets rows of A that do not sum to 1 be stored so that they do.</param>
internal sealed record Chain(double[] Start, Matrix Transitions, IStateDensities Densities, int[]? Ties = null, double[]? Departures = null)
{
    public int States => Start.Length;
}
