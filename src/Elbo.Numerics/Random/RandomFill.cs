namespace Elbo.Numerics;

/// <summary>Fills ranges of any start and length from whole groups of random words.</summary>
internal static unsafe class RandomFill
{
    private const int GroupBytes = Philox.GroupWords * sizeof(uint);

    // Words are made and transformed 4 KB at a time, so that the second pass finds them in the first-level cache.
    private const int ChunkGroups = 32;

    /// <summary>
    /// Element i of the result is a function of <c>start + i</c> alone: whole groups are made in place, and those that stick
    /// out at either end in a buffer.
    /// </summary>
    public static void Run<T>(Span<T> destination, ulong start, ulong stream, ulong seed, delegate*<T*, int, void> transform)
        where T : unmanaged
    {
        int groupSize = GroupBytes / sizeof(T);
        T* buffer = stackalloc T[groupSize];
        ulong group = start / (ulong)groupSize;
        int skip = (int)(start % (ulong)groupSize);
        while (destination.Length > 0)
        {
            int whole = skip == 0 ? Math.Min(destination.Length / groupSize, ChunkGroups) : 0;
            int written;
            if (whole > 0)
            {
                fixed (T* target = destination)
                {
                    Philox.Fill((uint*)target, group, whole, stream, seed);
                    transform(target, whole);
                }

                written = whole * groupSize;
                group += (ulong)whole;
            }
            else
            {
                Philox.Fill((uint*)buffer, group, 1, stream, seed);
                transform(buffer, 1);
                written = Math.Min(groupSize - skip, destination.Length);
                new ReadOnlySpan<T>(buffer + skip, written).CopyTo(destination);
                group++;
                skip = 0;
            }

            destination = destination[written..];
        }
    }
}
