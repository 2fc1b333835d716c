using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// <c>destination[i] = f(left[i], right[i])</c>, where either operand may be a single value. A scalar operand is spread over
/// one vector once and then read with step 0, so one loop serves all three variants.
/// </summary>
internal static unsafe class BinaryLoop<TOperator, TLanes, TVector, T>
    where TOperator : struct, IBinaryOperator<T>
    where TLanes : struct, IElementLanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>The destination may be either operand's buffer.</summary>
    public static void VectorVector(T* left, T* right, T* destination, int count) => Run(left, false, right, false, destination, count);

    /// <summary><paramref name="right"/> points to one value.</summary>
    public static void VectorScalar(T* left, T* right, T* destination, int count) => Run(left, false, right, true, destination, count);

    /// <summary><paramref name="left"/> points to one value.</summary>
    public static void ScalarVector(T* left, T* right, T* destination, int count) => Run(left, true, right, false, destination, count);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(T* left, bool leftIsScalar, T* right, bool rightIsScalar, T* destination, int count)
    {
        T* a = stackalloc T[TLanes.Count];
        T* b = stackalloc T[TLanes.Count];
        int leftStep = TLanes.Count;
        int rightStep = TLanes.Count;
        if (leftIsScalar)
        {
            TLanes.Store(TLanes.Create(*left), a);
            left = a;
            leftStep = 0;
        }

        if (rightIsScalar)
        {
            TLanes.Store(TLanes.Create(*right), b);
            right = b;
            rightStep = 0;
        }

        int remainder = count % TLanes.Count;
        int whole = count - remainder;
        if (whole > 0)
            Vectors(left, leftStep, right, rightStep, destination, whole);
        if (remainder > 0)
        {
            if (!leftIsScalar)
                TLanes.Store(TLanes.LoadFirst(left + whole, remainder, *(left + whole)), a);
            if (!rightIsScalar)
                TLanes.Store(TLanes.LoadFirst(right + whole, remainder, *(right + whole)), b);
            Vectors(a, 0, b, 0, a, TLanes.Count);
            TLanes.StoreFirst(TLanes.Load(a), destination + whole, remainder);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Vectors(T* left, nint leftStep, T* right, nint rightStep, T* destination, int count)
    {
        for (nint i = 0; i < count; i += TLanes.Count)
        {
            TLanes.Store(TOperator.Invoke<TLanes, TVector>(TLanes.Load(left), TLanes.Load(right)), destination + i);
            left += leftStep;
            right += rightStep;
        }
    }
}
