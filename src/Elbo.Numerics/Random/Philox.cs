using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a bijection of
/// 128-bit counters under a 64-bit key whose outputs pass BigCrush, so any draw can be computed from its index alone.
/// </summary>
/// <remarks>
/// The counter is (block, stream), low words first. Eight consecutive blocks make a group of 32 words, stored as words 0 and 1
/// of each of the eight blocks, then words 2 and 3 of each: the order in which 64-bit lanes of every width write them.
/// </remarks>
internal static unsafe class Philox
{
    /// <summary>32-bit words per group.</summary>
    public const int GroupWords = 32;

    /// <summary>Blocks per group.</summary>
    public const int GroupBlocks = 8;

    /// <summary>The two halves of one block: words 0 and 1, and words 2 and 3, the lower word in the lower bits.</summary>
    public static (ulong First, ulong Second) Block(ulong block, ulong stream, ulong key)
    {
        Encrypt<ScalarCounterLanes, ulong>(block, stream, key, out ulong first, out ulong second);
        return (first, second);
    }

    /// <summary>Fills <c>groups · 32</c> words from group <paramref name="firstGroup"/> on.</summary>
    public static void Fill(uint* destination, ulong firstGroup, int groups, ulong stream, ulong key) =>
        Fill(destination, firstGroup, groups, stream, key, VectorWidths.Widest);

    /// <summary>As the above with a forced width, for tests: all widths give the same words.</summary>
    public static void Fill(uint* destination, ulong firstGroup, int groups, ulong stream, ulong key, VectorWidth width)
    {
        switch (width)
        {
            case VectorWidth.Vector512:
                Groups<CounterLanes512, Vector512<ulong>>(destination, firstGroup, groups, stream, key);
                break;
            case VectorWidth.Vector256:
                Groups<CounterLanes256, Vector256<ulong>>(destination, firstGroup, groups, stream, key);
                break;
            case VectorWidth.Vector128:
                Groups<CounterLanes128, Vector128<ulong>>(destination, firstGroup, groups, stream, key);
                break;
            default:
                Groups<ScalarCounterLanes, ulong>(destination, firstGroup, groups, stream, key);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Groups<TLanes, TVector>(uint* destination, ulong firstGroup, int groups, ulong stream, ulong key)
        where TLanes : struct, ICounterLanes<TVector>
        where TVector : unmanaged
    {
        ulong block = firstGroup * GroupBlocks;
        TVector streamVector = TLanes.Create(stream);
        for (int group = 0; group < groups; group++)
        {
            for (int i = 0; i < GroupBlocks; i += TLanes.Count)
            {
                Encrypt<TLanes, TVector>(TLanes.Sequence(block), streamVector, key, out TVector first, out TVector second);
                TLanes.Store(first, destination + (2 * i));
                TLanes.Store(second, destination + (GroupWords / 2) + (2 * i));
                block += (ulong)TLanes.Count;
            }

            destination += GroupWords;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Encrypt<TLanes, TVector>(TVector block, TVector stream, ulong key, out TVector first, out TVector second)
        where TLanes : struct, ICounterLanes<TVector>
        where TVector : unmanaged
    {
        TVector c0 = block;
        TVector c1 = TLanes.High(block);
        TVector c2 = stream;
        TVector c3 = TLanes.High(stream);
        uint low = (uint)key;
        uint high = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            // Only the low halves count: what the products and sums leave above them is never read.
            TVector product0 = TLanes.MultiplyLow(c0, TLanes.Create(0xD2511F53));
            TVector product1 = TLanes.MultiplyLow(c2, TLanes.Create(0xCD9E8D57));
            c0 = TLanes.Xor(TLanes.High(product1), c1, TLanes.Create(low));
            c2 = TLanes.Xor(TLanes.High(product0), c3, TLanes.Create(high));
            c1 = product1;
            c3 = product0;
            low += 0x9E3779B9;
            high += 0xBB67AE85;
        }

        first = TLanes.Pack(c0, c1);
        second = TLanes.Pack(c2, c3);
    }
}
