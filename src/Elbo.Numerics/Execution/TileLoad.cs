using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>Brings a strided view into a tile, element by element in the row-major order of the view.</summary>
internal sealed class TileLoad
{
    private readonly int[] _extents;
    private readonly int[] _strides;

    public TileLoad(View view)
    {
        List<int> extents = [], strides = [];
        for (int axis = 0; axis < view.Shape.Rank; axis++)
        {
            if (view.Shape[axis] == 1) continue;
            // A dimension that continues the one before it is walked as part of it.
            if (extents.Count > 0 && strides[^1] == view.Strides[axis] * view.Shape[axis])
            {
                extents[^1] *= view.Shape[axis];
                strides[^1] = view.Strides[axis];
            }
            else
            {
                extents.Add(view.Shape[axis]);
                strides.Add(view.Strides[axis]);
            }
        }

        if (extents.Count == 0)
        {
            extents.Add(1);
            strides.Add(0);
        }

        _extents = [.. extents];
        _strides = [.. strides];
    }

    /// <summary>Copies <paramref name="count"/> elements of the view from element <paramref name="start"/> on.</summary>
    public unsafe void Run<T>(T* source, T* destination, long start, int count)
        where T : unmanaged
    {
        int last = _extents.Length - 1;
        Span<int> index = stackalloc int[_extents.Length];
        long rest = start, offset = 0;
        for (int axis = last; axis >= 0; axis--)
        {
            index[axis] = (int)(rest % _extents[axis]);
            rest /= _extents[axis];
            offset += (long)index[axis] * _strides[axis];
        }

        int stride = _strides[last];
        while (count > 0)
        {
            int lines = WholeLines(index, count);
            if (lines > 1)
            {
                MatrixTranspose<T>.Run(source + offset, stride, destination, _extents[last], lines, _extents[last]);
                destination += lines * _extents[last];
                count -= lines * _extents[last];
                offset += lines;
                index[last - 1] += lines;
                Carry(last - 1, index, ref offset);
                continue;
            }

            int run = Math.Min(count, _extents[last] - index[last]);
            T* from = source + offset;
            if (stride == 1) Unsafe.CopyBlockUnaligned(destination, from, (uint)(run * sizeof(T)));
            else if (stride == 0) new Span<T>(destination, run).Fill(*from);
            else
                for (int i = 0; i < run; i++) destination[i] = from[(long)i * stride];

            destination += run;
            count -= run;
            offset += (long)run * stride;
            index[last] += run;
            Carry(last, index, ref offset);
        }
    }

    /// <summary>How many whole lines of a transposed matrix lie ahead, to be turned in blocks instead of read element by element.</summary>
    private int WholeLines(ReadOnlySpan<int> index, int count)
    {
        int last = _extents.Length - 1;
        if (last == 0 || _strides[last] <= 1 || _strides[last - 1] != 1 || index[last] != 0)
            return 0;
        return Math.Min(count / _extents[last], _extents[last - 1] - index[last - 1]);
    }

    private void Carry(int from, Span<int> index, ref long offset)
    {
        for (int axis = from; axis > 0 && index[axis] == _extents[axis]; axis--)
        {
            offset += _strides[axis - 1] - (long)_extents[axis] * _strides[axis];
            index[axis] = 0;
            index[axis - 1]++;
        }
    }
}
