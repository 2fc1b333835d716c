using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary><c>c[i, j] = f(c[i, j] + bias)</c> over a rectangle. A remainder of a row is padded to a vector, so that an element's value does not depend on the rectangle.</summary>
internal static unsafe class ActivationLoop<TOperator, TLanes, TVector, T>
    where TOperator : struct, IUnaryOperator<T>
    where TLanes : struct, IElementLanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>With <c>bias[j]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BiasOfColumns(T* c, nint stride, int rows, int columns, T* bias)
    {
        for (var i = 0; i < rows; i++, c += stride)
        {
            var j = 0;
            for (; j <= columns - TLanes.Count; j += TLanes.Count)
                TLanes.Store(TOperator.Invoke<TLanes, TVector>(TLanes.Add(TLanes.Load(c + j), TLanes.Load(bias + j))), c + j);
            if (j < columns)
            {
                var value = TLanes.Add(TLanes.LoadFirst(c + j, columns - j, c[j]), TLanes.LoadFirst(bias + j, columns - j, bias[j]));
                TLanes.StoreFirst(TOperator.Invoke<TLanes, TVector>(value), c + j, columns - j);
            }
        }
    }

    /// <summary>With <c>bias[i]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BiasOfRows(T* c, nint stride, int rows, int columns, T* bias)
    {
        for (var i = 0; i < rows; i++, c += stride)
        {
            var shift = TLanes.Create(bias[i]);
            var j = 0;
            for (; j <= columns - TLanes.Count; j += TLanes.Count)
                TLanes.Store(TOperator.Invoke<TLanes, TVector>(TLanes.Add(TLanes.Load(c + j), shift)), c + j);
            if (j < columns)
            {
                var value = TLanes.Add(TLanes.LoadFirst(c + j, columns - j, c[j]), shift);
                TLanes.StoreFirst(TOperator.Invoke<TLanes, TVector>(value), c + j, columns - j);
            }
        }
    }
}

/// <summary><c>c[i, j] = g(c[i, j], y[i, j])</c> over a rectangle.</summary>
internal static unsafe class MaskLoop<TOperator, TLanes, TVector, T>
    where TOperator : struct, IBinaryOperator<T>
    where TLanes : struct, IElementLanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* c, nint stride, int rows, int columns, T* y)
    {
        for (var i = 0; i < rows; i++, c += stride, y += stride)
        {
            var j = 0;
            for (; j <= columns - TLanes.Count; j += TLanes.Count)
                TLanes.Store(TOperator.Invoke<TLanes, TVector>(TLanes.Load(c + j), TLanes.Load(y + j)), c + j);
            if (j < columns)
            {
                var value = TOperator.Invoke<TLanes, TVector>(TLanes.LoadFirst(c + j, columns - j, c[j]), TLanes.LoadFirst(y + j, columns - j, y[j]));
                TLanes.StoreFirst(value, c + j, columns - j);
            }
        }
    }
}
