using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Elbo.Numerics;

/// <summary>Transposes small blocks in registers: <c>target[k · step + i] = source[i · row + k]</c> for one 128-bit vector of k.</summary>
internal static unsafe class Transposition<T>
    where T : unmanaged
{
    /// <summary>Whether <see cref="Narrow"/> may be called.</summary>
    public static bool IsSupported => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Whether <see cref="Wide"/> may be called.</summary>
    public static bool IsWideSupported => Avx.IsSupported;

    /// <summary>As many i as a 128-bit vector holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Narrow(T* source, nint row, T* target, nint step)
    {
        if (sizeof(T) == 4)
            Narrow4((float*)source, row, (float*)target, step);
        else
            Narrow2((double*)source, row, (double*)target, step);
    }

    /// <summary>As many i as a 256-bit vector holds: half the shuffles and stores of two <see cref="Narrow"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide(T* source, nint row, T* target, nint step)
    {
        if (sizeof(T) == 4)
            Wide8((float*)source, row, (float*)target, step);
        else
            Wide4((double*)source, row, (double*)target, step);
    }

    /// <summary>Parts two 128-bit vectors into their elements of even and of odd number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unzip(T* source, T* even, T* odd)
    {
        if (sizeof(T) == 4)
        {
            var r0 = Vector128.Load((float*)source);
            var r1 = Vector128.Load((float*)source + 4);
            (Sse.IsSupported ? Sse.Shuffle(r0, r1, 0x88) : AdvSimd.Arm64.UnzipEven(r0, r1)).Store((float*)even);
            (Sse.IsSupported ? Sse.Shuffle(r0, r1, 0xDD) : AdvSimd.Arm64.UnzipOdd(r0, r1)).Store((float*)odd);
        }
        else
        {
            var r0 = Vector128.Load((double*)source);
            var r1 = Vector128.Load((double*)source + 2);
            ZipLow(r0, r1).Store((double*)even);
            ZipHigh(r0, r1).Store((double*)odd);
        }
    }

    /// <summary>The inverse of <see cref="Unzip"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Zip(T* even, T* odd, T* target)
    {
        if (sizeof(T) == 4)
        {
            var r0 = Vector128.Load((float*)even);
            var r1 = Vector128.Load((float*)odd);
            ZipLow(r0, r1).Store((float*)target);
            ZipHigh(r0, r1).Store((float*)target + 4);
        }
        else
        {
            var r0 = Vector128.Load((double*)even);
            var r1 = Vector128.Load((double*)odd);
            ZipLow(r0, r1).Store((double*)target);
            ZipHigh(r0, r1).Store((double*)target + 2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Narrow4(float* source, nint row, float* target, nint step)
    {
        var r0 = Vector128.Load(source);
        var r1 = Vector128.Load(source + row);
        var r2 = Vector128.Load(source + 2 * row);
        var r3 = Vector128.Load(source + 3 * row);
        var low02 = ZipLow(r0, r2);
        var low13 = ZipLow(r1, r3);
        var high02 = ZipHigh(r0, r2);
        var high13 = ZipHigh(r1, r3);
        ZipLow(low02, low13).Store(target);
        ZipHigh(low02, low13).Store(target + step);
        ZipLow(high02, high13).Store(target + 2 * step);
        ZipHigh(high02, high13).Store(target + 3 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Narrow2(double* source, nint row, double* target, nint step)
    {
        var r0 = Vector128.Load(source);
        var r1 = Vector128.Load(source + row);
        ZipLow(r0, r1).Store(target);
        ZipHigh(r0, r1).Store(target + step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Wide8(float* source, nint row, float* target, nint step)
    {
        var upper = source + 4 * row;
        var r0 = Vector256.Create(Vector128.Load(source), Vector128.Load(upper));
        var r1 = Vector256.Create(Vector128.Load(source + row), Vector128.Load(upper + row));
        var r2 = Vector256.Create(Vector128.Load(source + 2 * row), Vector128.Load(upper + 2 * row));
        var r3 = Vector256.Create(Vector128.Load(source + 3 * row), Vector128.Load(upper + 3 * row));
        var low02 = Avx.UnpackLow(r0, r2);
        var low13 = Avx.UnpackLow(r1, r3);
        var high02 = Avx.UnpackHigh(r0, r2);
        var high13 = Avx.UnpackHigh(r1, r3);
        Avx.UnpackLow(low02, low13).Store(target);
        Avx.UnpackHigh(low02, low13).Store(target + step);
        Avx.UnpackLow(high02, high13).Store(target + 2 * step);
        Avx.UnpackHigh(high02, high13).Store(target + 3 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Wide4(double* source, nint row, double* target, nint step)
    {
        var upper = source + 2 * row;
        var r0 = Vector256.Create(Vector128.Load(source), Vector128.Load(upper));
        var r1 = Vector256.Create(Vector128.Load(source + row), Vector128.Load(upper + row));
        Avx.UnpackLow(r0, r1).Store(target);
        Avx.UnpackHigh(r0, r1).Store(target + step);
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
