using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>
/// Runs a double-precision operator over floats, a buffer at a time: for functions that are used too rarely to deserve fits of
/// their own in single precision. Results are correctly rounded but for rare ties.
/// </summary>
internal static unsafe class WideningUnaryLoop<TOperator, TLanes, TVector>
    where TOperator : struct, IUnaryOperator<double>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    private const int Chunk = 256;

    /// <summary>Source and destination may be the same buffer, but must not overlap in part.</summary>
    [SkipLocalsInit]
    public static void Run(float* source, float* destination, int count)
    {
        double* buffer = stackalloc double[Chunk];
        for (int start = 0; start < count; start += Chunk)
        {
            int length = Math.Min(Chunk, count - start);
            for (int i = 0; i < length; i++)
                buffer[i] = source[start + i];
            UnaryLoop<TOperator, TLanes, TVector, double>.Run(buffer, buffer, length);
            for (int i = 0; i < length; i++)
                destination[start + i] = (float)buffer[i];
        }
    }
}
