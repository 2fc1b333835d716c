using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>destination[i] = f(a[i], b[i], c[i])</c>, where any operand may be a single value.</summary>
internal static unsafe class TernaryLoop<TOperator, TLanes, TVector, T>
    where TOperator : struct, ITernaryOperator<T>
    where TLanes : struct, IElementLanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Bit k of <paramref name="scalars"/> says that operand k points to one value. The destination may be any operand's buffer.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, T* b, T* c, T* destination, int count, int scalars)
    {
        int lanes = TLanes.Count;
        T* buffer = stackalloc T[3 * lanes];
        T* left = Spread(a, buffer, scalars & 1);
        T* middle = Spread(b, buffer + lanes, scalars & 2);
        T* right = Spread(c, buffer + (2 * lanes), scalars & 4);
        int remainder = count % lanes;
        int whole = count - remainder;
        if (whole > 0)
            Vectors(left, Step(scalars & 1), middle, Step(scalars & 2), right, Step(scalars & 4), destination, whole);
        if (remainder > 0)
        {
            if ((scalars & 1) == 0)
                TLanes.Store(TLanes.LoadFirst(a + whole, remainder, *(a + whole)), buffer);
            if ((scalars & 2) == 0)
                TLanes.Store(TLanes.LoadFirst(b + whole, remainder, *(b + whole)), buffer + lanes);
            if ((scalars & 4) == 0)
                TLanes.Store(TLanes.LoadFirst(c + whole, remainder, *(c + whole)), buffer + (2 * lanes));
            Vectors(buffer, 0, buffer + lanes, 0, buffer + (2 * lanes), 0, buffer, lanes);
            TLanes.StoreFirst(TLanes.Load(buffer), destination + whole, remainder);
        }
    }

    private static T* Spread(T* operand, T* buffer, int isScalar)
    {
        if (isScalar == 0)
            return operand;
        TLanes.Store(TLanes.Create(*operand), buffer);
        return buffer;
    }

    private static int Step(int isScalar) => isScalar == 0 ? TLanes.Count : 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Vectors(T* a, nint aStep, T* b, nint bStep, T* c, nint cStep, T* destination, int count)
    {
        for (nint i = 0; i < count; i += TLanes.Count)
        {
            TVector value = TOperator.Invoke<TLanes, TVector>(TLanes.Load(a), TLanes.Load(b), TLanes.Load(c));
            TLanes.Store(value, destination + i);
            a += aStep;
            b += bStep;
            c += cStep;
        }
    }
}
