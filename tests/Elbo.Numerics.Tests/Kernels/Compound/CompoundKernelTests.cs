using System.Numerics;

namespace Elbo.Numerics.Tests;

public unsafe class CompoundKernelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_width_and_length_computes_the_expressions(int width)
    {
        Check<float>((VectorWidth)width, 3e-7);
        Check<double>((VectorWidth)width, 1e-15);
    }

    private static void Check<T>(VectorWidth width, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Random random = new(5);
        for (int count = 1; count < 70; count++)
        {
            T[] a = Numbers<T>(random, count, -1), b = Numbers<T>(random, count, -1), c = Numbers<T>(random, count, 0.01), result = new T[count + 1];
            T s0 = T.CreateChecked(0.9), s1 = T.CreateChecked(0.3), s2 = T.CreateChecked(0.05);
            foreach (CompoundOpcode opcode in Enum.GetValues<CompoundOpcode>())
            {
                result[count] = T.CreateChecked(77);
                fixed (T* pa = a, pb = b, pc = c, pr = result) CompoundKernels<T>.Loop(opcode, width)(pa, pb, pc, s0, s1, s2, pr, count);
                for (int i = 0; i < count; i++)
                {
                    double x = double.CreateChecked(a[i]), y = double.CreateChecked(b[i]), z = double.CreateChecked(c[i]);
                    double w0 = double.CreateChecked(s0), w1 = double.CreateChecked(s1), w2 = double.CreateChecked(s2);
                    double expected = opcode switch
                    {
                        CompoundOpcode.WeightedSum => x * w0 + y * w1,
                        CompoundOpcode.WeightedSquareSum => x * w0 + y * y * w1,
                        _ => x - y * w0 / (Math.Sqrt(z) * w1 + w2),
                    };
                    Assert.True(Math.Abs(expected - double.CreateChecked(result[i])) <= tolerance * (1 + Math.Abs(expected - x) + Math.Abs(x)), $"{opcode} {typeof(T).Name} {width} {i}/{count}: {result[i]} should be {expected}");
                }

                Assert.Equal(T.CreateChecked(77), result[count]);
            }
        }
    }

    private static T[] Numbers<T>(Random random, int count, double low)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked(low + random.NextDouble() * (1 - low)))];
}
