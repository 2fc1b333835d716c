using System.Runtime.InteropServices;

namespace Elbo.Models;

/// <summary>The rows of a block that miss the same columns.</summary>
/// <param name="Key">The pattern: one bit per column, set where missing.</param>
/// <param name="Observed">The columns with values, ascending.</param>
/// <param name="Missing">The columns without, ascending.</param>
/// <param name="Rows">The rows in the block, ascending.</param>
internal sealed record MissingGroup(string Key, int[] Observed, int[] Missing, List<int> Rows)
{
    /// <summary>Copies the observed values of the rows, <c>[rows, observed]</c>.</summary>
    public double[] Gather(RowBlock block)
    {
        double[] values = new double[Rows.Count * Observed.Length];
        for (int i = 0; i < Rows.Count; i++)
        {
            ReadOnlySpan<double> row = block.Row(Rows[i]);
            for (int j = 0; j < Observed.Length; j++) values[i * Observed.Length + j] = row[Observed[j]];
        }

        return values;
    }
}

/// <summary>Groups rows by what they miss, so that each pattern is worked out once.</summary>
internal static class MissingPatterns
{
    private const int BitsPerCharacter = 16;

    /// <summary>The groups of a block in the order in which they first appear.</summary>
    public static List<MissingGroup> Group(RowBlock block)
    {
        List<MissingGroup> groups = [];
        Dictionary<string, MissingGroup> byKey = [];
        Dictionary<string, MissingGroup>.AlternateLookup<ReadOnlySpan<char>> lookup = byKey.GetAlternateLookup<ReadOnlySpan<char>>();
        char[] key = new char[(block.Columns + BitsPerCharacter - 1) / BitsPerCharacter];
        for (int n = 0; n < block.Count; n++)
        {
            ReadOnlySpan<double> row = block.Row(n);
            Array.Clear(key);
            for (int j = 0; j < row.Length; j++)
                if (double.IsNaN(row[j])) key[j / BitsPerCharacter] |= (char)(1 << (j % BitsPerCharacter));
            ref MissingGroup? group = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, key, out bool exists);
            if (!exists) groups.Add(group = Of(row));
            group!.Rows.Add(n);
        }

        return groups;
    }

    /// <summary>The pattern of one row.</summary>
    public static MissingGroup Of(ReadOnlySpan<double> row)
    {
        char[] key = new char[(row.Length + BitsPerCharacter - 1) / BitsPerCharacter];
        List<int> observed = [], missing = [];
        for (int j = 0; j < row.Length; j++)
        {
            (double.IsNaN(row[j]) ? missing : observed).Add(j);
            if (double.IsNaN(row[j])) key[j / BitsPerCharacter] |= (char)(1 << (j % BitsPerCharacter));
        }

        return new MissingGroup(new string(key), [.. observed], [.. missing], []);
    }
}
