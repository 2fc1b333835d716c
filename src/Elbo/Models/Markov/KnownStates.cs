using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What the states given with rows are checked for.</summary>
internal static class KnownStates
{
    public static void Check(int[]? states, Observations rows, int count)
    {
        if (states is null) return;
        if (states.Length != rows.Rows) throw new ElboException($"The states of {states.Length} rows were given, and '{rows.Name}' has {rows.Rows}; give one for each, -1 where it is not known.");
        for (int t = 0; t < states.Length; t++)
            if (states[t] < -1 || states[t] >= count) throw new ElboException($"The known state of row {t} is {states[t]}; states are numbered from 0 to {count - 1}, and -1 stands for unknown.");
    }
}
