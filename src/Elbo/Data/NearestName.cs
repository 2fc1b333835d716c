namespace Elbo.Data;

/// <summary>Finds what a person probably meant.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest edits to the given one (ignoring case), or null where none is near.</summary>
    public static string? Find(string given, IEnumerable<string> known)
    {
        string? best = null;
        // A third of the letters wrong is a typing mistake; more is another word.
        int bestDistance = Math.Max(2, given.Length / 3) + 1;
        foreach (string name in known)
        {
            int distance = Distance(given.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance >= bestDistance) continue;
            best = name;
            bestDistance = distance;
        }

        return best;
    }

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 64) return int.MaxValue;
        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
