namespace Elbo.Numerics.Tests.Kernels.Elementwise;

[Trait("Category", "Kernel")]
public sealed unsafe class SingleAccuracyTests
{
    /// <summary>The accuracy the documentation states, in ulp of the double reference, over every float exponent.</summary>
    [Theory]
    [InlineData(nameof(UnaryOpcode.Sqrt), 0.5)]
    [InlineData(nameof(UnaryOpcode.Reciprocal), 0.5)]
    [InlineData(nameof(UnaryOpcode.ReciprocalSqrt), 1.5)]
    [InlineData(nameof(UnaryOpcode.Exp), 1.5)]
    [InlineData(nameof(UnaryOpcode.Expm1), 2)]
    [InlineData(nameof(UnaryOpcode.Log), 1.5)]
    [InlineData(nameof(UnaryOpcode.Log1p), 1.5)]
    [InlineData(nameof(UnaryOpcode.Sin), 2)]
    [InlineData(nameof(UnaryOpcode.Cos), 2)]
    [InlineData(nameof(UnaryOpcode.Tanh), 2.5)]
    [InlineData(nameof(UnaryOpcode.Sigmoid), 2.5)]
    [InlineData(nameof(UnaryOpcode.Softplus), 3)]
    [InlineData(nameof(UnaryOpcode.LogSigmoid), 3)]
    [InlineData(nameof(UnaryOpcode.Erf), 3)]
    [InlineData(nameof(UnaryOpcode.Erfc), 8)]
    [InlineData(nameof(UnaryOpcode.Gelu), 8)]
    [InlineData(nameof(UnaryOpcode.NormalQuantile), 0.51)]
    [InlineData(nameof(UnaryOpcode.LogGamma), 0.51)]
    [InlineData(nameof(UnaryOpcode.Digamma), 0.51)]
    [InlineData(nameof(UnaryOpcode.Trigamma), 0.51)]
    public void Error_stays_within_the_stated_ulps_over_all_floats(string name, double bound)
    {
        UnaryOpcode opcode = Enum.Parse<UnaryOpcode>(name);
        // A prime stride over the bit patterns visits all exponents, subnormals, infinities and NaNs with varied mantissas.
        const uint stride = 12289;
        float[] x = new float[uint.MaxValue / stride];
        for (uint i = 0; i < x.Length; i++)
            x[i] = BitConverter.UInt32BitsToSingle(i * stride);
        AssertWithin(opcode, x, bound);
    }

    [Theory]
    [InlineData(nameof(UnaryOpcode.Exp), -105, 90, 1.5)]
    [InlineData(nameof(UnaryOpcode.Expm1), -3, 3, 2)]
    [InlineData(nameof(UnaryOpcode.Log), 0.3, 3, 1.5)]
    [InlineData(nameof(UnaryOpcode.Log1p), -0.999, 2, 1.5)]
    [InlineData(nameof(UnaryOpcode.Sin), -40, 40, 2)]
    [InlineData(nameof(UnaryOpcode.Sin), -131000, 131000, 2)]
    [InlineData(nameof(UnaryOpcode.Cos), -40, 40, 2)]
    [InlineData(nameof(UnaryOpcode.Cos), -131000, 131000, 2)]
    [InlineData(nameof(UnaryOpcode.Tanh), -10, 10, 2.5)]
    [InlineData(nameof(UnaryOpcode.Sigmoid), -105, 30, 2.5)]
    [InlineData(nameof(UnaryOpcode.Softplus), -105, 30, 3)]
    [InlineData(nameof(UnaryOpcode.LogSigmoid), -30, 105, 3)]
    [InlineData(nameof(UnaryOpcode.Silu), -87, 30, 3)]
    [InlineData(nameof(UnaryOpcode.Erf), -5, 5, 3)]
    [InlineData(nameof(UnaryOpcode.Erfc), -5, 10.1, 8)]
    [InlineData(nameof(UnaryOpcode.Gelu), -15, 8, 8)]
    public void Error_stays_within_the_stated_ulps_on_a_dense_range(string name, double low, double high, double bound)
    {
        float[] x = new float[300_001];
        for (int i = 0; i < x.Length; i++)
            x[i] = (float)(low + (high - low) * i / (x.Length - 1));
        AssertWithin(Enum.Parse<UnaryOpcode>(name), x, bound);
    }

    private static void AssertWithin(UnaryOpcode opcode, float[] x, double bound)
    {
        float[] y = new float[x.Length];
        fixed (float* source = x, destination = y)
            ElementwiseKernels<float>.Unary(opcode)(source, destination, x.Length);
        int worst = 0;
        double error = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double here = UlpError.Of(y[i], Reference.Unary(opcode, x[i]));
            if (here > error)
                (error, worst) = (here, i);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{opcode}: {error:F2} ulp at {x[worst]:R}");
        Assert.True(error <= bound, $"{opcode}({x[worst]:R}) = {y[worst]:R}, expected {Reference.Unary(opcode, x[worst]):R}: {error:F2} ulp > {bound}");
    }
}
