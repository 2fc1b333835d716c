using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>One block at a time.</summary>
internal readonly unsafe struct ScalarCounterLanes : ICounterLanes<ulong>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Create(ulong value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Sequence(ulong first) => first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Xor(ulong a, ulong b, ulong c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyLow(ulong a, ulong b) => (ulong)(uint)a * (uint)b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong a) => a >> 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pack(ulong low, ulong high) => (uint)low | (high << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong value, uint* destination) => Unsafe.WriteUnaligned(destination, value);
}
