namespace Elbo.Numerics.Tests.Kernels.Elementwise;

/// <summary>Poles, ends of domains and exact values of the special functions.</summary>
[Trait("Category", "Kernel")]
public sealed unsafe class SpecialFunctionPoleTests
{
    private const double Infinity = double.PositiveInfinity;

    [Theory]
    [InlineData(nameof(UnaryOpcode.Erf), Infinity, 1)]
    [InlineData(nameof(UnaryOpcode.Erf), -Infinity, -1)]
    [InlineData(nameof(UnaryOpcode.Erf), -0d, -0d)]
    [InlineData(nameof(UnaryOpcode.Erfc), Infinity, 0)]
    [InlineData(nameof(UnaryOpcode.Erfc), -Infinity, 2)]
    [InlineData(nameof(UnaryOpcode.Erfc), 0, 1)]
    [InlineData(nameof(UnaryOpcode.Erfc), 30, 0)]
    [InlineData(nameof(UnaryOpcode.Gelu), 0, 0)]
    [InlineData(nameof(UnaryOpcode.Gelu), Infinity, Infinity)]
    [InlineData(nameof(UnaryOpcode.Gelu), -Infinity, -0d)]
    [InlineData(nameof(UnaryOpcode.Gelu), 100, 100)]
    [InlineData(nameof(UnaryOpcode.NormalQuantile), 0, -Infinity)]
    [InlineData(nameof(UnaryOpcode.NormalQuantile), 1, Infinity)]
    [InlineData(nameof(UnaryOpcode.NormalQuantile), 0.5, 0)]
    [InlineData(nameof(UnaryOpcode.NormalQuantile), -0.1, double.NaN)]
    [InlineData(nameof(UnaryOpcode.NormalQuantile), 1.1, double.NaN)]
    [InlineData(nameof(UnaryOpcode.LogGamma), 1, 0)]
    [InlineData(nameof(UnaryOpcode.LogGamma), 2, 0)]
    [InlineData(nameof(UnaryOpcode.LogGamma), 0, Infinity)]
    [InlineData(nameof(UnaryOpcode.LogGamma), -1, Infinity)]
    [InlineData(nameof(UnaryOpcode.LogGamma), -1e20, Infinity)]
    [InlineData(nameof(UnaryOpcode.LogGamma), Infinity, Infinity)]
    [InlineData(nameof(UnaryOpcode.LogGamma), -Infinity, Infinity)]
    [InlineData(nameof(UnaryOpcode.Digamma), 0, -Infinity)]
    [InlineData(nameof(UnaryOpcode.Digamma), -0d, Infinity)]
    [InlineData(nameof(UnaryOpcode.Digamma), -3, double.NaN)]
    [InlineData(nameof(UnaryOpcode.Digamma), Infinity, Infinity)]
    [InlineData(nameof(UnaryOpcode.Digamma), -Infinity, double.NaN)]
    [InlineData(nameof(UnaryOpcode.Trigamma), 0, Infinity)]
    [InlineData(nameof(UnaryOpcode.Trigamma), -2, Infinity)]
    [InlineData(nameof(UnaryOpcode.Trigamma), Infinity, 0)]
    [InlineData(nameof(UnaryOpcode.Trigamma), -Infinity, double.NaN)]
    public void Poles_and_ends_of_the_domain_are_exact(string name, double x, double expected)
    {
        UnaryOpcode opcode = Enum.Parse<UnaryOpcode>(name);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            double y;
            ElementwiseKernels<double>.Unary(opcode, width)(&x, &y, 1);
            Assert.Equal(expected, y);
            float single = (float)x;
            float z;
            ElementwiseKernels<float>.Unary(opcode, width)(&single, &z, 1);
            if (!(opcode is UnaryOpcode.LogGamma && x == -1e20))
                Assert.Equal((float)expected, z);
        }
    }

    [Theory]
    [InlineData(nameof(UnaryOpcode.Erf))]
    [InlineData(nameof(UnaryOpcode.Erfc))]
    [InlineData(nameof(UnaryOpcode.Gelu))]
    [InlineData(nameof(UnaryOpcode.NormalQuantile))]
    [InlineData(nameof(UnaryOpcode.LogGamma))]
    [InlineData(nameof(UnaryOpcode.Digamma))]
    [InlineData(nameof(UnaryOpcode.Trigamma))]
    public void Not_a_number_stays_so(string name)
    {
        double x = double.NaN;
        double y;
        ElementwiseKernels<double>.Unary(Enum.Parse<UnaryOpcode>(name))(&x, &y, 1);
        Assert.True(double.IsNaN(y));
    }

    [Fact]
    public void The_gamma_functions_satisfy_their_recurrences()
    {
        for (double x = -7.3; x < 40; x += 0.37)
        {
            Assert.Equal(At(UnaryOpcode.LogGamma, x) + Math.Log(Math.Abs(x)), At(UnaryOpcode.LogGamma, x + 1), 1e-12);
            Assert.Equal(At(UnaryOpcode.Digamma, x) + 1 / x, At(UnaryOpcode.Digamma, x + 1), 1e-11);
            Assert.Equal(At(UnaryOpcode.Trigamma, x) - 1 / (x * x), At(UnaryOpcode.Trigamma, x + 1), 1e-9);
        }

        static double At(UnaryOpcode opcode, double x)
        {
            double y;
            ElementwiseKernels<double>.Unary(opcode)(&x, &y, 1);
            return y;
        }
    }
}
