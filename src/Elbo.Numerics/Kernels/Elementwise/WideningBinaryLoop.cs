using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>As <see cref="WideningUnaryLoop{TOperator, TLanes, TVector}"/>, for two operands of which either may be a single value.</summary>
internal static unsafe class WideningBinaryLoop<TOperator, TLanes, TVector>
    where TOperator : struct, IBinaryOperator<double>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    private const int Chunk = 256;

    /// <summary>The destination may be either operand's buffer.</summary>
    public static void VectorVector(float* left, float* right, float* destination, int count) => Run(left, 1, right, 1, destination, count);

    /// <summary><paramref name="right"/> points to one value.</summary>
    public static void VectorScalar(float* left, float* right, float* destination, int count) => Run(left, 1, right, 0, destination, count);

    /// <summary><paramref name="left"/> points to one value.</summary>
    public static void ScalarVector(float* left, float* right, float* destination, int count) => Run(left, 0, right, 1, destination, count);

    [SkipLocalsInit]
    private static void Run(float* left, int leftStep, float* right, int rightStep, float* destination, int count)
    {
        double* a = stackalloc double[Chunk];
        double* b = stackalloc double[Chunk];
        for (int start = 0; start < count; start += Chunk)
        {
            int length = Math.Min(Chunk, count - start);
            for (int i = 0; i < length; i++)
            {
                a[i] = left[(start + i) * leftStep];
                b[i] = right[(start + i) * rightStep];
            }

            BinaryLoop<TOperator, TLanes, TVector, double>.VectorVector(a, b, a, length);
            for (int i = 0; i < length; i++)
                destination[start + i] = (float)a[i];
        }
    }
}
