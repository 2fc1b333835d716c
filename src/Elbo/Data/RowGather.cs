namespace Elbo.Data;

/// <summary>From stored values to what the model sees.</summary>
internal static class RowGather
{
    /// <summary>Bytes to 0..1. A multiplication: at most one unit in the last place from the division, 0 and 255 exact.</summary>
    public static void Scale(ReadOnlySpan<byte> source, Span<float> destination)
    {
        const float Unit = 1f / 255f;
        for (int i = 0; i < source.Length; i++) destination[i] = source[i] * Unit;
    }
}
