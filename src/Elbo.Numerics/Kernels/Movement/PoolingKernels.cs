using System.Numerics;

namespace Elbo.Numerics;

/// <summary>The sizes of a pooling: planes of <c>Height × Width</c>, square windows, no padding.</summary>
internal readonly record struct PoolingPlane(int Height, int Width, int Size, int Stride)
{
    public int PooledHeight => (Height - Size) / Stride + 1;

    public int PooledWidth => (Width - Size) / Stride + 1;
}

/// <summary>Pooling of one plane <c>[Height, Width]</c> to <c>[PooledHeight, PooledWidth]</c> and its transposes. Planes are independent.</summary>
internal static unsafe class PoolingKernels<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The mean of each window.</summary>
    public static void Average(in PoolingPlane plane, T* source, T* pooled)
    {
        T share = T.One / T.CreateChecked(plane.Size * plane.Size);
        for (int row = 0; row < plane.PooledHeight; row++)
        {
            for (int column = 0; column < plane.PooledWidth; column++)
            {
                T* window = Window(plane, source, row, column);
                T sum = T.Zero;
                for (int i = 0; i < plane.Size; i++, window += plane.Width)
                {
                    for (int j = 0; j < plane.Size; j++)
                        sum += window[j];
                }

                *pooled++ = sum * share;
            }
        }
    }

    /// <summary>Each window's value, divided by the window's size, added to its elements of a plane of zeros.</summary>
    public static void AverageSpread(in PoolingPlane plane, T* pooled, T* destination)
    {
        new Span<T>(destination, plane.Height * plane.Width).Clear();
        T share = T.One / T.CreateChecked(plane.Size * plane.Size);
        for (int row = 0; row < plane.PooledHeight; row++)
        {
            for (int column = 0; column < plane.PooledWidth; column++)
            {
                T* window = Window(plane, destination, row, column);
                T value = *pooled++ * share;
                for (int i = 0; i < plane.Size; i++, window += plane.Width)
                {
                    for (int j = 0; j < plane.Size; j++)
                        window[j] += value;
                }
            }
        }
    }

    /// <summary>The largest of each window.</summary>
    public static void Maximum(in PoolingPlane plane, T* source, T* pooled)
    {
        for (int row = 0; row < plane.PooledHeight; row++)
        {
            for (int column = 0; column < plane.PooledWidth; column++)
            {
                T* window = Window(plane, source, row, column);
                *pooled++ = window[Largest(plane, window)];
            }
        }
    }

    /// <summary>Each window's value of <paramref name="pooled"/> added, in a plane of zeros, where the window of <paramref name="source"/> has its first largest element.</summary>
    public static void MaximumScatter(in PoolingPlane plane, T* source, T* pooled, T* destination)
    {
        new Span<T>(destination, plane.Height * plane.Width).Clear();
        for (int row = 0; row < plane.PooledHeight; row++)
        {
            for (int column = 0; column < plane.PooledWidth; column++)
            {
                T* window = Window(plane, source, row, column);
                destination[window - source + Largest(plane, window)] += *pooled++;
            }
        }
    }

    /// <summary><paramref name="values"/> read where each window of <paramref name="source"/> has its first largest element.</summary>
    public static void MaximumGather(in PoolingPlane plane, T* source, T* values, T* pooled)
    {
        for (int row = 0; row < plane.PooledHeight; row++)
        {
            for (int column = 0; column < plane.PooledWidth; column++)
            {
                T* window = Window(plane, source, row, column);
                *pooled++ = values[window - source + Largest(plane, window)];
            }
        }
    }

    private static T* Window(in PoolingPlane plane, T* source, int row, int column) =>
        source + ((nint)row * plane.Stride * plane.Width) + (column * plane.Stride);

    /// <summary>The offset of the first element that no other exceeds.</summary>
    private static int Largest(in PoolingPlane plane, T* window)
    {
        int best = 0;
        T largest = *window;
        for (int i = 0; i < plane.Size; i++)
        {
            for (int j = 0; j < plane.Size; j++)
            {
                int offset = (i * plane.Width) + j;
                if (window[offset] > largest)
                    (best, largest) = (offset, window[offset]);
            }
        }

        return best;
    }
}
