namespace Elbo.Models;

/// <summary>Draws from a small discrete distribution.</summary>
internal static class Choice
{
    /// <summary>The index that a uniform draw falls on; weights need not sum to 1, and an index of weight 0 is never drawn.</summary>
    public static int Next(ReadOnlySpan<double> weights, double uniform)
    {
        double total = 0;
        foreach (double weight in weights) total += weight;
        double left = uniform * total;
        int last = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] > 0)) continue;
            last = i;
            left -= weights[i];
            if (left < 0) return i;
        }

        return last;
    }
}
