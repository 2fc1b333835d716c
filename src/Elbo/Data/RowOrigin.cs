namespace Elbo.Data;

/// <summary>Where rows stand in the file they came from, for messages: a part of a file, or its lines, has other numbers than its own.</summary>
/// <param name="Name">What the file is called.</param>
/// <param name="Numbers">The number of each row in the file: of its line from 1, or of its row from 0.</param>
/// <param name="IsLines">Whether the numbers are those of lines.</param>
internal sealed record RowOrigin(string Name, int[] Numbers, bool IsLines)
{
    /// <summary>The origin of some rows.</summary>
    /// <param name="origin">That of all rows; null where their own numbers are the file's.</param>
    /// <param name="name">The name of all rows.</param>
    /// <param name="rows">The rows chosen.</param>
    public static RowOrigin Select(RowOrigin? origin, string name, ReadOnlySpan<int> rows)
    {
        int[] numbers = new int[rows.Length];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = origin is null ? rows[i] : origin.Numbers[rows[i]];
        return new RowOrigin(origin?.Name ?? name, numbers, origin is { IsLines: true });
    }

    public string Describe(int row, int value) =>
        IsLines ? $"line {Numbers[row]}, value {value} (from 0) of '{Name}'" : $"row {Numbers[row]}, value {value} of '{Name}' (both from 0)";
}
