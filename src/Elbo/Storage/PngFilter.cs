namespace Elbo.Storage;

/// <summary>The five row filters of PNG (specification, section 9), each forward beside backward.</summary>
internal static class PngFilter
{
    public const int Count = 5;

    /// <summary>Undoes a filter in place. <paramref name="above"/> is the restored row above, or zeros.</summary>
    /// <returns>False for a filter that does not exist.</returns>
    public static bool TryUndo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                for (int i = pixelBytes; i < row.Length; i++) row[i] += row[i - pixelBytes];
                return true;
            case 2:
                for (int i = 0; i < row.Length; i++) row[i] += above[i];
                return true;
            case 3:
                for (int i = 0; i < row.Length; i++) row[i] += (byte)((Left(row, i, pixelBytes) + above[i]) >> 1);
                return true;
            case 4:
                for (int i = 0; i < row.Length; i++) row[i] += Paeth(Left(row, i, pixelBytes), above[i], Left(above, i, pixelBytes));
                return true;
            default:
                return false;
        }
    }

    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixelBytes, Span<byte> result)
    {
        for (int i = 0; i < row.Length; i++)
        {
            byte left = Left(row, i, pixelBytes);
            byte prediction = filter switch
            {
                1 => left,
                2 => above[i],
                3 => (byte)((left + above[i]) >> 1),
                4 => Paeth(left, above[i], Left(above, i, pixelBytes)),
                _ => 0,
            };
            result[i] = (byte)(row[i] - prediction);
        }
    }

    private static byte Left(ReadOnlySpan<byte> row, int index, int pixelBytes) => index >= pixelBytes ? row[index - pixelBytes] : (byte)0;

    private static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        int estimate = left + above - aboveLeft;
        int toLeft = Math.Abs(estimate - left);
        int toAbove = Math.Abs(estimate - above);
        int toAboveLeft = Math.Abs(estimate - aboveLeft);
        if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
        return toAbove <= toAboveLeft ? above : aboveLeft;
    }
}
