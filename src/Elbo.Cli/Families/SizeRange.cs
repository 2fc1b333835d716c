using System.Globalization;

namespace Elbo.Cli.Families;

/// <summary>The sizes of a model to try: one, a range or a list.</summary>
/// <param name="Sizes">The sizes, increasing.</param>
internal sealed record SizeRange(IReadOnlyList<int> Sizes)
{
    private const int Most = 1000;

    /// <summary>Reads <c>4</c>, <c>1..10</c> or <c>2,4,8</c>.</summary>
    public static (SizeRange Value, string? Problem) Read(string text, int least)
    {
        SizeRange none = new([]);
        string problem = $"must be a whole number of at least {least}, a range such as 1..10 or a list such as 2,4,8, but '{text}' was given.";
        string[] ends = text.Split("..");
        if (ends.Length == 2)
        {
            if (!TryRead(ends[0], out int first) || !TryRead(ends[1], out int last) || first < least || last < first) return (none, problem);
            if (last - first >= Most) return (none, $"covers {last - first + 1} sizes, and at most {Most} can be tried.");
            return (new SizeRange([.. Enumerable.Range(first, last - first + 1)]), null);
        }

        SortedSet<int> sizes = [];
        foreach (string part in text.Split(','))
        {
            if (!TryRead(part, out int size) || size < least) return (none, problem);
            sizes.Add(size);
        }

        return (new SizeRange([.. sizes]), null);
    }

    private static bool TryRead(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
