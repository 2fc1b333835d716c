using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>How many start and transition probabilities are free: structural zeros are none.</summary>
/// <param name="Parameters">The free parameters of π and A together.</param>
internal sealed record FreeTransitions(long Parameters)
{
    /// <summary>Counts what is not 0.</summary>
    public static FreeTransitions Of(IReadOnlyList<double> start, Matrix transitions)
    {
        long count = Math.Max(0, start.Count(static value => value != 0) - 1);
        for (int i = 0; i < transitions.Rows; i++)
        {
            int free = 0;
            foreach (double value in transitions.Row(i))
                if (value != 0) free++;
            count += Math.Max(0, free - 1);
        }

        return new FreeTransitions(count);
    }
}
