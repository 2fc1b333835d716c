using System.Buffers.Binary;
using Elbo.Numerics;

namespace Elbo.Tests.Storage;

/// <summary>Feeds a reader damaged copies of good files: each must be read or refused with an <see cref="ElboException"/>, within bounded memory.</summary>
internal static class Mutation
{
    public const int Mutants = 10_000;

    /// <summary>No seed is longer than a few kilobytes, so a reader that allocates this much believed a false header.</summary>
    private const long MostBytes = 32 << 20;

    /// <param name="seeds">Good files.</param>
    /// <param name="read">The reader; it sees one mutant.</param>
    /// <param name="repair">Applied to every second mutant, to get past checksums.</param>
    public static void Fuzz(byte[][] seeds, Action<byte[]> read, Action<byte[]>? repair = null)
    {
        const int Seed = 20260101;
        Random random = new(Seed);
        int refused = 0;
        foreach (byte[] seed in seeds) read(seed);
        for (int i = 0; i < Mutants; i++)
        {
            byte[] mutant = Mutate(seeds[i % seeds.Length], seeds, random);
            if (i % 2 == 1) repair?.Invoke(mutant);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(mutant);
            }
            catch (ElboException exception)
            {
                Assert.False(string.IsNullOrWhiteSpace(exception.Message));
                refused++;
            }
            catch (Exception exception)
            {
                Assert.Fail($"Mutant {i} of seed {Seed} made {exception.GetType().Name}: {exception.Message}\n{exception.StackTrace}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MostBytes, $"Mutant {i} of seed {Seed} ({mutant.Length} bytes) made the reader allocate {allocated} bytes.");
        }

        Assert.True(refused > Mutants / 10, $"Only {refused} mutants were refused: the mutations do not bite.");
    }

    private static byte[] Mutate(byte[] seed, byte[][] seeds, Random random)
    {
        List<byte> bytes = [.. seed];
        int edits = 1 + random.Next(3);
        for (int edit = 0; edit < edits && bytes.Count > 0; edit++)
        {
            // Headers are short, so half of the edits aim at the first bytes.
            int at = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Count, 128) : bytes.Count);
            switch (random.Next(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, bytes.Count - at); break;
                case 3: bytes.RemoveRange(at, Math.Min(random.Next(1, 16), bytes.Count - at)); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 16), bytes.Count - at))); break;
                case 5: Splice(bytes, at, seeds[random.Next(seeds.Length)], random); break;
                default: EditLength(bytes, at, random); break;
            }
        }

        return [.. bytes];
    }

    private static void Splice(List<byte> bytes, int at, byte[] donor, Random random)
    {
        int from = random.Next(donor.Length);
        int count = Math.Min(random.Next(1, 64), Math.Min(donor.Length - from, bytes.Count - at));
        for (int i = 0; i < count; i++) bytes[at + i] = donor[from + i];
    }

    private static void EditLength(List<byte> bytes, int at, Random random)
    {
        long[] values = [0, 1, -1, int.MaxValue, int.MinValue, 0x10000, 0xFFFF, 0x7FFFFFF0, long.MaxValue, 100_000_000, random.Next(4096)];
        Span<byte> field = stackalloc byte[8];
        long value = values[random.Next(values.Length)];
        if (random.Next(2) == 0) BinaryPrimitives.WriteInt64LittleEndian(field, value);
        else BinaryPrimitives.WriteInt64BigEndian(field, random.Next(2) == 0 ? value : value << 32);
        int size = 1 << random.Next(1, 4);
        for (int i = 0; i < size && at + i < bytes.Count; i++) bytes[at + i] = field[i];
    }
}
