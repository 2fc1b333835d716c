using System.Globalization;

namespace Elbo.Inference;

/// <summary>Counts in the sentences that say how a fit ended.</summary>
internal static class FitWords
{
    /// <summary><c>1 iteration</c>, <c>6 iterations</c>.</summary>
    public static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    /// <summary><c>the only iteration was used</c>, <c>all 6 iterations were used</c>.</summary>
    public static string UsedUp(int count, string one, string many) => count == 1 ? $"the only {one} was used" : $"all {Count(count, one, many)} were used";
}
