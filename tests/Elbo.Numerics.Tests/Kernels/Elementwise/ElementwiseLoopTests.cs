using System.Numerics;

namespace Elbo.Numerics.Tests.Kernels.Elementwise;

/// <summary>
/// Every opcode at every width and length, unaligned, in place and with scalar operands, against the scalar loop applied to
/// one element at a time: equal bits are required, so a value can depend neither on the width nor on its position.
/// </summary>
public sealed unsafe class ElementwiseLoopTests
{
    private const float Sentinel = -12345.5f;

    private static readonly double[] s_special =
    [
        0, -0d, 1, -1, 0.5, -0.5, double.PositiveInfinity, double.NegativeInfinity, double.NaN, float.Epsilon, -float.Epsilon, 1e-40, -1e-40,
        float.MaxValue, float.MinValue, 88.7, -103.5, -87.5, 1e-10, -1e-10, 2.5, 3.5, -2.5, 200000, -200000, 1e30, 720, -750,
    ];

    public static TheoryData<string> UnaryOpcodes => [.. Enum.GetNames<UnaryOpcode>()];

    public static TheoryData<string> BinaryOpcodes => [.. Enum.GetNames<BinaryOpcode>()];

    public static TheoryData<string> TernaryOpcodes => [.. Enum.GetNames<TernaryOpcode>()];

    private static IEnumerable<int> Lengths => [.. Enumerable.Range(0, 71), .. Enumerable.Range(1023, 8)];

    private static IEnumerable<VectorWidth> Widths => Enum.GetValues<VectorWidth>();

    [Theory]
    [MemberData(nameof(UnaryOpcodes))]
    public void Unary_loops_give_the_same_bits_at_every_width_length_and_offset(string name)
    {
        CheckUnary<float>(Enum.Parse<UnaryOpcode>(name));
        CheckUnary<double>(Enum.Parse<UnaryOpcode>(name));
    }

    [Theory]
    [MemberData(nameof(BinaryOpcodes))]
    public void Binary_loops_give_the_same_bits_at_every_width_length_and_variant(string name)
    {
        CheckBinary<float>(Enum.Parse<BinaryOpcode>(name));
        CheckBinary<double>(Enum.Parse<BinaryOpcode>(name));
    }

    [Theory]
    [MemberData(nameof(TernaryOpcodes))]
    public void Ternary_loops_give_the_same_bits_at_every_width_length_and_variant(string name)
    {
        CheckTernary<float>(Enum.Parse<TernaryOpcode>(name));
        CheckTernary<double>(Enum.Parse<TernaryOpcode>(name));
    }

    [Fact]
    public void An_element_type_without_kernels_is_refused_by_name()
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => (nint)ElementwiseKernels<Half>.Unary(UnaryOpcode.Exp));
        Assert.Contains("Half", error.Message, StringComparison.Ordinal);
    }

    private static void CheckUnary<T>(UnaryOpcode opcode)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] source = Values<T>(1100, 1);
        T[] expected = new T[source.Length];
        var single = ElementwiseKernels<T>.Unary(opcode, VectorWidth.Scalar);
        fixed (T* x = source, y = expected)
        {
            for (int i = 0; i < source.Length; i++)
                single(x + i, y + i, 1);
        }

        foreach (VectorWidth width in Widths)
        {
            var loop = ElementwiseKernels<T>.Unary(opcode, width);
            foreach (int length in Lengths)
            {
                int offset = length % 5;
                T[] destination = Filled<T>(source.Length);
                T[] inPlace = [.. source];
                fixed (T* x = source, y = destination, z = inPlace)
                {
                    loop(x + offset, y + offset, length);
                    loop(z + offset, z + offset, length);
                }

                AssertRun(expected, destination, offset, length, $"{opcode} {width} {length}");
                AssertSame(expected.AsSpan(offset, length), inPlace.AsSpan(offset, length), $"{opcode} {width} {length} in place");
            }
        }
    }

    private static void CheckBinary<T>(BinaryOpcode opcode)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] left = Values<T>(1100, 2);
        T[] right = Values<T>(1100, 3);
        foreach (BinaryOperands operands in Enum.GetValues<BinaryOperands>())
        {
            T[] expected = new T[left.Length];
            var single = ElementwiseKernels<T>.Binary(opcode, BinaryOperands.VectorVector, VectorWidth.Scalar);
            int a = operands == BinaryOperands.ScalarVector ? 0 : 1;
            int b = operands == BinaryOperands.VectorScalar ? 0 : 1;
            fixed (T* x = left, y = right, z = expected)
            {
                for (int i = 0; i < left.Length; i++)
                    single(x + (a * i), y + (b * i), z + i, 1);
            }

            foreach (VectorWidth width in Widths)
            {
                var loop = ElementwiseKernels<T>.Binary(opcode, operands, width);
                foreach (int length in Lengths)
                {
                    int offset = length % 5;
                    T[] destination = Filled<T>(left.Length);
                    T[] inPlace = a == 0 ? [.. right] : [.. left];
                    fixed (T* x = left, y = right, z = destination, w = inPlace)
                    {
                        loop(x + (a * offset), y + (b * offset), z + offset, length);
                        loop(a == 0 ? x : w + offset, a == 0 ? w + offset : y + (b * offset), w + offset, length);
                    }

                    AssertRun(expected, destination, offset, length, $"{opcode} {operands} {width} {length}");
                    AssertSame(expected.AsSpan(offset, length), inPlace.AsSpan(offset, length), $"{opcode} {operands} {width} {length} in place");
                }
            }
        }
    }

    private static void CheckTernary<T>(TernaryOpcode opcode)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] first = Values<T>(1100, 4);
        T[] second = Values<T>(1100, 5);
        T[] third = Values<T>(1100, 6);
        for (int scalars = 0; scalars < 8; scalars++)
        {
            int a = (scalars & 1) == 0 ? 1 : 0;
            int b = (scalars & 2) == 0 ? 1 : 0;
            int c = (scalars & 4) == 0 ? 1 : 0;
            T[] expected = new T[first.Length];
            var single = ElementwiseKernels<T>.Ternary(opcode, VectorWidth.Scalar);
            fixed (T* x = first, y = second, z = third, w = expected)
            {
                for (int i = 0; i < first.Length; i++)
                    single(x + (a * i), y + (b * i), z + (c * i), w + i, 1, 0);
            }

            foreach (VectorWidth width in Widths)
            {
                var loop = ElementwiseKernels<T>.Ternary(opcode, width);
                foreach (int length in Lengths)
                {
                    int offset = length % 5;
                    T[] destination = Filled<T>(first.Length);
                    fixed (T* x = first, y = second, z = third, w = destination)
                        loop(x + (a * offset), y + (b * offset), z + (c * offset), w + offset, length, scalars);
                    AssertRun(expected, destination, offset, length, $"{opcode} {scalars} {width} {length}");
                }
            }
        }
    }

    private static T[] Values<T>(int count, int seed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        T[] values = new T[count];
        for (int i = 0; i < count; i++)
        {
            double value = random.Next(4) == 0
                ? s_special[random.Next(s_special.Length)]
                : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 3));
            values[i] = T.CreateTruncating(value);
        }

        return values;
    }

    private static T[] Filled<T>(int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] values = new T[count];
        Array.Fill(values, T.CreateChecked(Sentinel));
        return values;
    }

    private static void AssertRun<T>(T[] expected, T[] actual, int offset, int length, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        AssertSame(expected.AsSpan(offset, length), actual.AsSpan(offset, length), what);
        T sentinel = T.CreateChecked(Sentinel);
        Assert.False(actual.AsSpan(0, offset).ContainsAnyExcept(sentinel), what + " wrote before its range");
        Assert.False(actual.AsSpan(offset + length).ContainsAnyExcept(sentinel), what + " wrote past its range");
    }

    private static void AssertSame<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < expected.Length; i++)
        {
            // Equals tells -0 from 0 only through the sign; any NaN stands for any other.
            bool same = expected[i].Equals(actual[i]) && T.IsNegative(expected[i]) == T.IsNegative(actual[i]) || (T.IsNaN(expected[i]) && T.IsNaN(actual[i]));
            Assert.True(same, $"{what}: element {i} is {actual[i]}, expected {expected[i]}");
        }
    }
}
