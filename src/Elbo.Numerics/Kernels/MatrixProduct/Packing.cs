using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Elbo.Numerics;

/// <summary>Copies of a tile of an operand in the order in which the micro-kernel reads it: <c>target[k · step + i]</c>.</summary>
internal static unsafe class Packing<T>
    where T : unmanaged
{
    /// <summary>From a source whose <c>i</c> are contiguous, <c>source[k · sourceStep + i]</c>; fills up to <paramref name="step"/> with zeros.</summary>
    public static void Copy(T* source, nint sourceStep, int width, int depth, T* target, int step)
    {
        for (var k = 0; k < depth; k++)
        {
            CopyRow(source, target, width);
            new Span<T>(target + width, step - width).Clear();
            source += sourceStep;
            target += step;
        }
    }

    /// <summary>From a source whose <c>k</c> are contiguous, <c>source[i · sourceRow + k]</c>; fills up to <paramref name="step"/> with zeros.</summary>
    public static void Transpose(T* source, nint sourceRow, int width, int depth, T* target, int step)
    {
        var block = 16 / sizeof(T);
        if (!CanTransposeBlocks || width < block || depth < block)
        {
            TransposePlain(source, sourceRow, width, depth, target, step);
        }
        else
        {
            // The last block of rows or columns overlaps the one before it where the size is not a multiple: the same
            // values are written twice.
            for (var k = 0; ; k = Math.Min(k + block, depth - block))
            {
                for (var i = 0; ; i = Math.Min(i + block, width - block))
                {
                    TransposeBlock(source + i * sourceRow + k, sourceRow, target + (nint)k * step + i, step);
                    if (i == width - block)
                        break;
                }
                if (k == depth - block)
                    break;
            }
        }
        if (width < step)
        {
            for (var k = 0; k < depth; k++)
                new Span<T>(target + (nint)k * step + width, step - width).Clear();
        }
    }

    private static bool CanTransposeBlocks => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

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

    private static void TransposePlain(T* source, nint sourceRow, int width, int depth, T* target, int step)
    {
        for (var k = 0; k < depth; k++)
        {
            for (var i = 0; i < width; i++)
                target[(nint)k * step + i] = source[i * sourceRow + k];
        }
    }

    private static void TransposeBlock(T* source, nint sourceRow, T* target, nint step)
    {
        if (sizeof(T) == 4)
            TransposeBlock4((float*)source, sourceRow, (float*)target, step);
        else
            TransposeBlock2((double*)source, sourceRow, (double*)target, step);
    }

    private static void TransposeBlock4(float* source, nint sourceRow, float* target, nint step)
    {
        var r0 = Vector128.Load(source);
        var r1 = Vector128.Load(source + sourceRow);
        var r2 = Vector128.Load(source + 2 * sourceRow);
        var r3 = Vector128.Load(source + 3 * sourceRow);
        var low02 = ZipLow(r0, r2);
        var low13 = ZipLow(r1, r3);
        var high02 = ZipHigh(r0, r2);
        var high13 = ZipHigh(r1, r3);
        ZipLow(low02, low13).Store(target);
        ZipHigh(low02, low13).Store(target + step);
        ZipLow(high02, high13).Store(target + 2 * step);
        ZipHigh(high02, high13).Store(target + 3 * step);
    }

    private static void TransposeBlock2(double* source, nint sourceRow, double* target, nint step)
    {
        var r0 = Vector128.Load(source);
        var r1 = Vector128.Load(source + sourceRow);
        ZipLow(r0, r1).Store(target);
        ZipHigh(r0, r1).Store(target + step);
    }

    private static Vector128<float> ZipLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right) : AdvSimd.Arm64.ZipLow(left, right);

    private static Vector128<float> ZipHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right) : AdvSimd.Arm64.ZipHigh(left, right);

    private static Vector128<double> ZipLow(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.UnpackLow(left, right) : AdvSimd.Arm64.ZipLow(left, right);

    private static Vector128<double> ZipHigh(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(left, right) : AdvSimd.Arm64.ZipHigh(left, right);
}
