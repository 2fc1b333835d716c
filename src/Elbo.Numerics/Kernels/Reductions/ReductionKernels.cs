using System.Numerics;

namespace Elbo.Numerics;

internal static unsafe class ReductionKernels<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Lanes = 16;

    public static T Sum(T* values, int count)
    {
        T* lanes = stackalloc T[Lanes];
        for (int i = 0; i < Lanes; i++) lanes[i] = T.Zero;
        for (int i = 0; i < count; i++) lanes[i % Lanes] += values[i];
        for (int half = Lanes / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
        return lanes[0];
    }

    public static T Maximum(T* values, int count)
    {
        T result = values[0];
        for (int i = 1; i < count; i++) result = T.Max(result, values[i]);
        return result;
    }
}
