namespace Elbo.Storage;

/// <summary>Finds the name a person most likely meant.</summary>
public static class NearestName
{
    /// <summary>The known name nearest to a given one, by edit distance and without regard to case, or the first that begins with it; null where none is near.</summary>
    /// <param name="given">What was written.</param>
    /// <param name="known">The names there are.</param>
    public static string? Find(string given, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(known);
        string? nearest = null;
        // Beyond about a third of its letters a name is more likely another word than a slip.
        int least = Math.Max(2, given.Length / 3) + 1;
        foreach (string name in known)
        {
            if (given.Length > 2 && name.StartsWith(given, StringComparison.OrdinalIgnoreCase)) return name;
            int distance = Distance(given, name);
            if (distance >= least) continue;
            least = distance;
            nearest = name;
        }

        return nearest;
    }

    /// <summary>The end of an error's sentence: <c>; did you mean 'latent'?</c> where a name is near, else the list of all names and a full stop.</summary>
    /// <param name="given">What was written.</param>
    /// <param name="known">The names there are.</param>
    public static string Suggestion(string given, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        if (Find(given, known) is { } nearest) return $"; did you mean '{nearest}'?";
        return known.Count == 0 ? "." : $"; use one of {string.Join(", ", known.Order(StringComparer.Ordinal))}.";
    }

    /// <summary>Levenshtein's distance, with two neighbouring letters exchanged counted as one slip and case ignored.</summary>
    internal static int Distance(string left, string right)
    {
        int[] beforeLast = new int[right.Length + 1], last = new int[right.Length + 1], row = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++) last[j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int change = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
