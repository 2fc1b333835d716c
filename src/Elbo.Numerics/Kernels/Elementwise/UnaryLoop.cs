using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// <c>destination[i] = f(source[i])</c>. A remainder shorter than a vector is padded to one, never computed by other code,
/// so an element's value does not depend on where the caller cut the range.
/// </summary>
internal static unsafe class UnaryLoop<TOperator, TLanes, TVector, T>
    where TOperator : struct, IUnaryOperator<T>
    where TLanes : struct, IElementLanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Source and destination may be the same buffer, but must not overlap in part.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* source, T* destination, int count)
    {
        int remainder = count % TLanes.Count;
        int whole = count - remainder;
        if (whole > 0)
            Vectors(source, destination, whole);
        if (remainder > 0)
        {
            T* buffer = stackalloc T[TLanes.Count];
            TLanes.Store(TLanes.LoadFirst(source + whole, remainder, *(source + whole)), buffer);
            Vectors(buffer, buffer, TLanes.Count);
            TLanes.StoreFirst(TLanes.Load(buffer), destination + whole, remainder);
        }
    }

    // Optimised at once: a first call at tier 0 would run each vector operation as a call.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Vectors(T* source, T* destination, int count)
    {
        for (nint i = 0; i < count; i += TLanes.Count)
            TLanes.Store(TOperator.Invoke<TLanes, TVector>(TLanes.Load(source + i)), destination + i);
    }
}
