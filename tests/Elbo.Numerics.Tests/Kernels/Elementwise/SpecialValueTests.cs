namespace Elbo.Numerics.Tests.Kernels.Elementwise;

/// <summary>Zeros, infinities, NaN and the edges of the exponent range: as <see cref="Math"/> has them.</summary>
[Trait("Category", "Kernel")]
public sealed unsafe class SpecialValueTests
{
    private static readonly double[] s_arguments =
    [
        0, -0d, 1, -1, 2.5, -2.5, 3.5, 0.5, -0.5, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1e30, -1e30, -2,
    ];

    public static TheoryData<string> UnaryOpcodes => [.. Enum.GetNames<UnaryOpcode>()];

    public static TheoryData<string> BinaryOpcodes => [.. Enum.GetNames<BinaryOpcode>()];

    [Theory]
    [MemberData(nameof(UnaryOpcodes))]
    public void Unary_specials_are_those_of_the_reference(string name)
    {
        UnaryOpcode opcode = Enum.Parse<UnaryOpcode>(name);
        foreach (double x in s_arguments)
        {
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                double y;
                ElementwiseKernels<double>.Unary(opcode, width)(&x, &y, 1);
                AssertClose(Reference.Unary(opcode, x), y, 1e-13, $"{opcode}({x}) {width}");
                float single = (float)x;
                float z;
                ElementwiseKernels<float>.Unary(opcode, width)(&single, &z, 1);
                AssertClose((float)Reference.Unary(opcode, single), z, 1e-6, $"{opcode}({x}f) {width}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(BinaryOpcodes))]
    public void Binary_specials_are_those_of_the_reference(string name)
    {
        BinaryOpcode opcode = Enum.Parse<BinaryOpcode>(name);
        foreach (double a in s_arguments)
        {
            foreach (double b in s_arguments)
            {
                double y;
                ElementwiseKernels<double>.Binary(opcode)(&a, &b, &y, 1);
                AssertClose(Reference.Binary(opcode, a, b), y, 1e-13, $"{opcode}({a}, {b})");
                float left = (float)a;
                float right = (float)b;
                float z;
                ElementwiseKernels<float>.Binary(opcode)(&left, &right, &z, 1);
                AssertClose((float)Reference.Binary(opcode, left, right), z, 1e-6, $"{opcode}({a}f, {b}f)");
            }
        }
    }

    [Fact]
    public void Select_takes_any_non_zero_condition_as_true()
    {
        float[] conditions = [0, -0f, 1, float.NaN, -2, float.Epsilon];
        float one = 1;
        float two = 2;
        float[] y = new float[conditions.Length];
        fixed (float* c = conditions, d = y)
            ElementwiseKernels<float>.Ternary(TernaryOpcode.Select)(c, &one, &two, d, y.Length, 6);
        Assert.Equal([2, 2, 1, 1, 1, 1], y);
    }

    [Fact]
    public void Tanh_never_exceeds_one_and_sigmoid_stays_in_the_unit_interval()
    {
        float[] x = new float[100_000];
        for (int i = 0; i < x.Length; i++)
            x[i] = (i - 50_000) * 0.001f;
        float[] y = new float[x.Length];
        fixed (float* s = x, d = y)
        {
            ElementwiseKernels<float>.Unary(UnaryOpcode.Tanh)(s, d, x.Length);
            Assert.All(y, value => Assert.InRange(value, -1f, 1f));
            ElementwiseKernels<float>.Unary(UnaryOpcode.Sigmoid)(s, d, x.Length);
            Assert.All(y, value => Assert.InRange(value, 0f, 1f));
        }
    }

    private static void AssertClose(double expected, double actual, double tolerance, string what)
    {
        bool same = expected.Equals(actual) ? expected != 0 || double.IsNegative(expected) == double.IsNegative(actual)
            : Math.Abs(expected - actual) <= tolerance * Math.Abs(expected);
        Assert.True(same, $"{what} is {actual:R}, expected {expected:R}");
    }
}
