using System.Numerics;

namespace Elbo.Numerics.Tests.Kernels.Reductions;

[Trait("Category", "Kernel")]
public sealed unsafe class ReductionKernelTests
{
    public static TheoryData<string> Opcodes => [.. Enum.GetNames<ReductionOpcode>()];

    public static TheoryData<string> ColumnOpcodes => [.. Enum.GetNames<ReductionOpcode>().Take(4)];

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Runs_match_the_plain_loop_and_every_width_gives_the_same_bits(string name)
    {
        CheckRuns<float>(Enum.Parse<ReductionOpcode>(name), 1e-6);
        CheckRuns<double>(Enum.Parse<ReductionOpcode>(name), 1e-14);
    }

    [Theory]
    [MemberData(nameof(ColumnOpcodes))]
    public void Columns_match_the_plain_loop_and_every_width_and_cut_gives_the_same_bits(string name)
    {
        CheckColumns<float>(Enum.Parse<ReductionOpcode>(name), 3e-6);
        CheckColumns<double>(Enum.Parse<ReductionOpcode>(name), 1e-14);
    }

    [Fact]
    public void A_million_floats_sum_to_six_digits_and_more()
    {
        float[] x = new float[1_000_003];
        new RandomStream(5).FillUniform(x);
        double expected = x.Sum(v => (double)v);
        fixed (float* p = x)
        {
            Assert.Equal(expected, ReductionKernels<float>.Sum(p, x.Length), expected * 1e-7);
            // One column of a million rows, and the same with neighbours.
            float sum;
            ReductionKernels<float>.Columns(ReductionOpcode.Sum)(p, x.Length, 1, 1, &sum);
            Assert.Equal(expected, sum, expected * 1e-6);
        }
    }

    [Fact]
    public void Not_a_number_and_infinities_pass_through_the_extrema()
    {
        for (int at = 0; at < 40; at++)
        {
            double[] x = [.. Enumerable.Range(0, 40).Select(i => (double)i)];
            fixed (double* p = x)
            {
                x[at] = double.NaN;
                Assert.True(double.IsNaN(ReductionKernels<double>.Maximum(p, 40)));
                Assert.True(double.IsNaN(ReductionKernels<double>.Minimum(p, 40)));
                Assert.Equal(at, ReductionKernels<double>.ArgMax(p, 40));
                x[at] = double.PositiveInfinity;
                Assert.Equal(double.PositiveInfinity, ReductionKernels<double>.Maximum(p, 40));
                Assert.Equal(double.PositiveInfinity, ReductionKernels<double>.LogSumExp(p, 40));
                Assert.Equal(at, ReductionKernels<double>.ArgMax(p, 40));
            }
        }

        Assert.Equal(-1, ReductionKernels<double>.ArgMax(null, 0));
        Assert.Equal(double.NegativeInfinity, ReductionKernels<double>.LogSumExp(null, 0));
        float[] lowest = [float.NegativeInfinity, float.NegativeInfinity];
        fixed (float* p = lowest)
            Assert.Equal(float.NegativeInfinity, ReductionKernels<float>.LogSumExp(p, 2));
    }

    [Fact]
    public void The_first_of_equal_maxima_wins()
    {
        float[] x = [1, 7, 3, 7, 7];
        fixed (float* p = x)
            Assert.Equal(1, ReductionKernels<float>.ArgMax(p, x.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Softmax_and_log_sum_exp_survive_any_shift(int columns)
    {
        double[] x = new double[3 * columns];
        new RandomStream(9).FillNormal(x);
        foreach (double shift in new[] { 0.0, 1000.0, -1000.0, 1e6 })
        {
            double[] shifted = [.. x.Select(v => v + shift)];
            double[] y = new double[x.Length];
            double[] z = new double[x.Length];
            fixed (double* s = shifted, d = y, e = z)
            {
                ReductionKernels<double>.Softmax(s, d, 3, columns);
                ReductionKernels<double>.LogSoftmax(s, e, 3, columns);
                ReductionKernels<double>.Softmax(s, s, 3, columns);
            }

            Assert.Equal(y, shifted);
            for (int row = 0; row < 3; row++)
            {
                double[] values = x[(row * columns)..((row + 1) * columns)];
                double total = values.Sum(Math.Exp);
                for (int i = 0; i < columns; i++)
                {
                    Assert.Equal(Math.Exp(values[i]) / total, y[(row * columns) + i], 1e-9);
                    Assert.Equal(values[i] - Math.Log(total), z[(row * columns) + i], 1e-8);
                }
            }
        }
    }

    private static double Plain<T>(ReductionOpcode opcode, IEnumerable<T> values, double parameter)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] x = [.. values.Select(double.CreateChecked)];
        return opcode switch
        {
            ReductionOpcode.Sum => x.Sum(),
            ReductionOpcode.SumOfSquares => x.Sum(v => v * v),
            ReductionOpcode.Maximum => x.Length == 0 ? double.NegativeInfinity : x.Max(),
            ReductionOpcode.Minimum => x.Length == 0 ? double.PositiveInfinity : x.Min(),
            ReductionOpcode.SumOfExponentials => x.Sum(v => Math.Exp(v - parameter)),
            _ => x.Sum(v => (v - parameter) * (v - parameter)),
        };
    }

    private static T[] Values<T>(int count)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, count).Select(i => T.CreateChecked(0.25 + new RandomStream(77).Uniform((ulong)i)))];

    private static void CheckRuns<T>(ReductionOpcode opcode, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] x = Values<T>(5000);
        T parameter = T.CreateChecked(0.75);
        foreach (int length in (int[])[.. Enumerable.Range(0, 140), .. Enumerable.Range(1000, 60), 2047, 2048, 2049, 3072, 4999])
        {
            double expected = Plain(opcode, x.Skip(1).Take(length), 0.75);
            fixed (T* p = x)
            {
                T scalar = ReductionKernels<T>.Run(opcode, VectorWidth.Scalar)(p + 1, length, parameter);
                double actual = double.CreateChecked(scalar);
                Assert.True(expected.Equals(actual) || Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"{opcode} of {length}: {actual}, expected {expected}");
                foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
                    Assert.Equal(scalar, ReductionKernels<T>.Run(opcode, width)(p + 1, length, parameter));
            }
        }
    }

    private static void CheckColumns<T>(ReductionOpcode opcode, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach ((int rows, int columns) in new[] { (0, 5), (1, 1), (3, 17), (63, 70), (64, 64), (65, 129), (4097, 3), (9000, 21) })
        {
            int stride = columns + 3;
            T[] x = Values<T>(Math.Max(1, rows * stride));
            T[] expected = Columns(opcode, x, rows, columns, stride, VectorWidth.Scalar);
            for (int c = 0; c < columns; c++)
            {
                double plain = Plain(opcode, Enumerable.Range(0, rows).Select(r => x[(r * stride) + c]), 0);
                double actual = double.CreateChecked(expected[c]);
                Assert.True(plain.Equals(actual) || Math.Abs(actual - plain) <= tolerance * Math.Abs(plain), $"{opcode} {rows}x{columns}: {actual}, expected {plain}");
            }

            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
                Assert.Equal(expected, Columns(opcode, x, rows, columns, stride, width));
            T[] cut = new T[columns];
            int left = columns / 3;
            fixed (T* p = x, d = cut)
            {
                ReductionKernels<T>.Columns(opcode)(p, rows, left, stride, d);
                ReductionKernels<T>.Columns(opcode)(p + left, rows, columns - left, stride, d + left);
            }

            Assert.Equal(expected, cut);
        }
    }

    private static T[] Columns<T>(ReductionOpcode opcode, T[] x, int rows, int columns, int stride, VectorWidth width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] result = new T[columns];
        fixed (T* p = x, d = result)
            ReductionKernels<T>.Columns(opcode, width)(p, rows, columns, stride, d);
        return result;
    }
}
