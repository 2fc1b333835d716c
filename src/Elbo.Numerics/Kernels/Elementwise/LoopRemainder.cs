using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>Moves a remainder shorter than a vector through a vector-sized buffer.</summary>
internal static unsafe class LoopRemainder<TLanes, TVector, T>
    where TLanes : struct, IElementLanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Pads with the first element, an ordinary argument of the operator, rather than with a value it may find slow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(T* source, T* buffer, int remainder)
    {
        for (int i = 0; i < TLanes.Count; i++)
            buffer[i] = source[i < remainder ? i : 0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* buffer, T* destination, int remainder)
    {
        for (int i = 0; i < remainder; i++)
            destination[i] = buffer[i];
    }
}
