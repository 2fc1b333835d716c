namespace Elbo.Numerics.Tests.Kernels.Elementwise;

/// <summary>Scalar references in double precision, good to about 1e-15, which is ample for the float kernels.</summary>
internal static class Reference
{
    public static double Unary(UnaryOpcode opcode, double x) => opcode switch
    {
        UnaryOpcode.Negate => -x,
        UnaryOpcode.Abs => Math.Abs(x),
        UnaryOpcode.Sign => double.IsNaN(x) || x == 0 ? x : Math.Sign(x),
        UnaryOpcode.Square => x * x,
        UnaryOpcode.Sqrt => Math.Sqrt(x),
        UnaryOpcode.Reciprocal => 1 / x,
        UnaryOpcode.ReciprocalSqrt => 1 / Math.Sqrt(x),
        UnaryOpcode.Floor => Math.Floor(x),
        UnaryOpcode.Round => Math.Round(x, MidpointRounding.ToEven),
        UnaryOpcode.Exp => Math.Exp(x),
        UnaryOpcode.Expm1 => Expm1(x),
        UnaryOpcode.Log => Math.Log(x),
        UnaryOpcode.Log1p => Log1p(x),
        UnaryOpcode.Sin => Math.Sin(x),
        UnaryOpcode.Cos => Math.Cos(x),
        UnaryOpcode.Relu => x < 0 ? 0 : x,
        UnaryOpcode.Tanh => Math.Tanh(x),
        UnaryOpcode.Sigmoid => Sigmoid(x),
        UnaryOpcode.Softplus => Softplus(x),
        UnaryOpcode.LogSigmoid => -Softplus(-x),
        UnaryOpcode.Silu => x == double.NegativeInfinity ? -0d : x * Sigmoid(x),
        _ => DoubleKernel(opcode, x),
    };

    public static double Binary(BinaryOpcode opcode, double a, double b) => opcode switch
    {
        BinaryOpcode.Add => a + b,
        BinaryOpcode.Subtract => a - b,
        BinaryOpcode.Multiply => a * b,
        BinaryOpcode.Divide => a / b,
        BinaryOpcode.Maximum => Math.Max(a, b),
        BinaryOpcode.Minimum => Math.Min(a, b),
        BinaryOpcode.Greater => a > b ? 1 : 0,
        BinaryOpcode.GreaterOrEqual => a >= b ? 1 : 0,
        BinaryOpcode.Equal => a == b ? 1 : 0,
        BinaryOpcode.Power => Math.Pow(a, b),
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "no reference"),
    };

    public static double Ternary(TernaryOpcode opcode, double a, double b, double c) => opcode switch
    {
        TernaryOpcode.Select => a != 0 ? b : c,
        TernaryOpcode.MultiplyAdd => a * b + c,
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "no reference"),
    };

    /// <summary>The double kernel, which <see cref="DoubleAccuracyTests"/> checks against golden values, is the reference of the float one.</summary>
    private static unsafe double DoubleKernel(UnaryOpcode opcode, double x)
    {
        double y;
        ElementwiseKernels<double>.Unary(opcode, VectorWidth.Scalar)(&x, &y, 1);
        return y;
    }

    // Kahan's forms: the rounding errors of numerator and denominator cancel.
    public static double Expm1(double x)
    {
        double u = Math.Exp(x);
        if (u == 1 || double.IsInfinity(u))
            return u == 1 ? x : u;
        return u - 1 == -1 ? -1 : (u - 1) * x / Math.Log(u);
    }

    public static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsPositiveInfinity(u) ? u : Math.Log(u) * x / (u - 1);
    }

    private static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => double.IsNaN(x) ? x : Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));
}
