using System.Globalization;

namespace Elbo.Numerics.Tests.Kernels.Elementwise;

/// <summary>
/// Double kernels against values computed with 60 digits by <c>tools/coefficients/golden.py</c>. Where a result passes through 0
/// away from x = 0 (log Γ and ψ of negative arguments), the error counts against 1 instead.
/// </summary>
[Trait("Category", "Kernel")]
public sealed unsafe class DoubleAccuracyTests
{
    private static readonly ILookup<string, (double X, double Y)> s_golden = Read();

    [Theory]
    [InlineData(nameof(UnaryOpcode.Exp), 1.5)]
    [InlineData(nameof(UnaryOpcode.Expm1), 2)]
    [InlineData(nameof(UnaryOpcode.Log), 1.5)]
    [InlineData(nameof(UnaryOpcode.Log1p), 1.5)]
    [InlineData(nameof(UnaryOpcode.Sin), 1.5)]
    [InlineData(nameof(UnaryOpcode.Cos), 1.5)]
    [InlineData(nameof(UnaryOpcode.Tanh), 2.5)]
    [InlineData(nameof(UnaryOpcode.Sigmoid), 2.5)]
    [InlineData(nameof(UnaryOpcode.Softplus), 2.5)]
    [InlineData(nameof(UnaryOpcode.LogSigmoid), 2.5)]
    [InlineData(nameof(UnaryOpcode.Silu), 3)]
    [InlineData(nameof(UnaryOpcode.Gelu), 8)]
    [InlineData(nameof(UnaryOpcode.Erf), 2)]
    [InlineData(nameof(UnaryOpcode.Erfc), 8)]
    [InlineData(nameof(UnaryOpcode.NormalQuantile), 4)]
    [InlineData(nameof(UnaryOpcode.LogGamma), 6)]
    [InlineData(nameof(UnaryOpcode.Digamma), 6)]
    [InlineData(nameof(UnaryOpcode.Trigamma), 6)]
    public void Golden_values_are_met_within_the_stated_ulps(string name, double bound)
    {
        UnaryOpcode opcode = Enum.Parse<UnaryOpcode>(name);
        double[] x = [.. s_golden[name].Select(pair => pair.X)];
        double[] expected = [.. s_golden[name].Select(pair => pair.Y)];
        Assert.True(x.Length > 50, $"{x.Length} golden values of {name}");
        double[] y = new double[x.Length];
        fixed (double* source = x, destination = y)
            ElementwiseKernels<double>.Unary(opcode)(source, destination, x.Length);
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = UlpError.Of(y[i], expected[i]);
            if (x[i] < 0 && opcode is UnaryOpcode.LogGamma or UnaryOpcode.Digamma && Math.Abs(expected[i]) < 8)
                error = Math.Min(error, Math.Abs(y[i] - expected[i]) / (8 * double.BitIncrement(1) - 8));
            Assert.True(error <= bound, $"{name}({x[i]:R}) = {y[i]:R}, expected {expected[i]:R}: {error:F2} ulp > {bound}");
            worst = Math.Max(worst, error);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {worst:F2} ulp");
    }

    private static ILookup<string, (double X, double Y)> Read()
    {
        using Stream stream = typeof(DoubleAccuracyTests).Assembly.GetManifestResourceStream("golden.csv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToLookup(
            cells => cells[0], cells => (double.Parse(cells[1], CultureInfo.InvariantCulture), double.Parse(cells[2], CultureInfo.InvariantCulture)));
    }
}
