namespace Elbo.Models;

/// <summary>The states of each row of some sequences, and how probable they are.</summary>
/// <param name="States">One state per row, <c>[N]</c>.</param>
/// <param name="LogProbabilities">ln p(x, z) of each sequence with these states; −∞ where a step between them is impossible.</param>
public sealed record StatePath(int[] States, double[] LogProbabilities);
