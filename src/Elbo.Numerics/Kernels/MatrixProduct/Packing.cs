using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>Copies of a tile of an operand in the order in which the micro-kernel reads it: <c>target[k · step + i]</c>.</summary>
internal static unsafe class Packing<T>
    where T : unmanaged
{
    /// <summary>From a source whose <c>i</c> are contiguous, <c>source[k · sourceStep + i]</c>; fills up to <paramref name="step"/> with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(T* source, nint sourceStep, int width, int depth, T* target, int step)
    {
        for (var k = 0; k < depth; k++)
        {
            CopyRow(source, target, width);
            for (var i = width; i < step; i++)
                target[i] = default;
            source += sourceStep;
            target += step;
        }
    }

    /// <summary>From a source whose <c>k</c> are contiguous, <c>source[i · sourceRow + k]</c>; fills up to <paramref name="step"/> with zeros.</summary>
    public static void Transpose(T* source, nint sourceRow, int width, int depth, T* target, int step)
    {
        TransposeOnly(source, sourceRow, width, depth, target, step);
        if (width < step)
        {
            for (var k = 0; k < depth; k++)
                new Span<T>(target + (nint)k * step + width, step - width).Clear();
        }
    }

    /// <summary><see cref="Transpose"/> without the zeros.</summary>
    public static void TransposeOnly(T* source, nint sourceRow, int width, int depth, T* target, nint step)
    {
        var block = 16 / sizeof(T);
        if (!Transposition<T>.IsSupported || width < block || depth < block)
            TransposePlain(source, sourceRow, width, depth, target, step);
        else if (!Transposition<T>.IsWideSupported || width < 2 * block)
            TransposeBlocks<One>(source, sourceRow, width, depth, target, step, block);
        else
            TransposeBlocks<Two>(source, sourceRow, width, depth, target, step, 2 * block);
    }

    /// <summary>In blocks of <paramref name="rows"/> i by one 128-bit vector of k, two cache lines of k at a time.</summary>
    /// <remarks>The last block overlaps the one before it where a size is not a multiple: the same values are written twice.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeBlocks<TVectors>(T* source, nint sourceRow, int width, int depth, T* target, nint step, int rows)
        where TVectors : struct, IConstant
    {
        var block = 16 / sizeof(T);
        var line = 128 / sizeof(T);
        for (var start = 0; start < depth; start += line)
        {
            var end = Math.Min(start + line, depth);
            for (var i = 0; i < width; i += rows)
            {
                var first = Math.Min(i, width - rows);
                var row = source + first * sourceRow + start;
                var column = target + first + (nint)start * step;
                var k = start;
                for (; k <= end - block; k += block)
                {
                    Block<TVectors>(row, sourceRow, column, step);
                    row += block;
                    column += block * step;
                }
                if (k < end)
                    Block<TVectors>(row - (block - end + k), sourceRow, column - (block - end + k) * step, step);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block<TVectors>(T* source, nint sourceRow, T* target, nint step)
        where TVectors : struct, IConstant
    {
        if (TVectors.Value == 2)
            Transposition<T>.Wide(source, sourceRow, target, step);
        else
            Transposition<T>.Narrow(source, sourceRow, target, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(T* source, T* target, int width)
    {
        var lanes = Vector128<T>.Count;
        if (!Vector128.IsHardwareAccelerated || width < lanes)
        {
            for (var i = 0; i < width; i++)
                target[i] = source[i];
            return;
        }
        var j = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; j <= width - 4 * lanes; j += 4 * lanes)
                Vector512.Store(Vector512.Load(source + j), target + j);
        }
        for (; j <= width - lanes; j += lanes)
            Vector128.Store(Vector128.Load(source + j), target + j);
        if (j < width)
            Vector128.Store(Vector128.Load(source + width - lanes), target + width - lanes);
    }

    private static void TransposePlain(T* source, nint sourceRow, int width, int depth, T* target, nint step)
    {
        for (var k = 0; k < depth; k++)
        {
            for (var i = 0; i < width; i++)
                target[k * step + i] = source[i * sourceRow + k];
        }
    }
}
