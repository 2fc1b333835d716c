namespace Elbo.Models;

/// <summary>What an E-step over all rows adds up.</summary>
/// <param name="LogLikelihood">Σₙ wₙ ln p(xₙ).</param>
/// <param name="Entropy">Σₙ wₙ H(p(k|xₙ)); 0 where moments were asked for.</param>
/// <param name="Counts">Σₙ wₙ p(k|xₙ) over the rows with a value, <c>[K]</c>.</param>
/// <param name="Statistics">The family's sums.</param>
internal sealed record MixtureSums(double LogLikelihood, double Entropy, double[] Counts, double[] Statistics);
