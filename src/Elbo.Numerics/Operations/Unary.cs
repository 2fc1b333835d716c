using static Elbo.Numerics.SpecialFunctions;

namespace Elbo.Numerics;

/// <summary>Every element-wise function of one argument, with its value and the derivative times the incoming gradient <c>g</c>, given input <c>x</c> and output <c>y</c>.</summary>
internal static class Unary
{
    public static readonly UnaryOperation Negate = new("negate", x => -x, (x, y, g) => -g);
    public static readonly UnaryOperation Abs = new("abs", Math.Abs, (x, y, g) => g * x.Sign());
    public static readonly UnaryOperation Sign = new("sign", x => double.IsNaN(x) ? x : Math.Sign(x), (x, y, g) => null);
    public static readonly UnaryOperation Exp = new("exp", Math.Exp, (x, y, g) => g * y);
    public static readonly UnaryOperation Log = new("log", Math.Log, (x, y, g) => g / x);
    public static readonly UnaryOperation Log1p = new("log1p", double.LogP1, (x, y, g) => g / (1.0 + x));
    public static readonly UnaryOperation Expm1 = new("expm1", double.ExpM1, (x, y, g) => g * (y + 1.0));
    public static readonly UnaryOperation Sqrt = new("sqrt", Math.Sqrt, (x, y, g) => g * 0.5 / y);
    public static readonly UnaryOperation ReciprocalSqrt = new("rsqrt", x => 1 / Math.Sqrt(x), (x, y, g) => g * -0.5 * y * y * y);
    public static readonly UnaryOperation Reciprocal = new("reciprocal", x => 1 / x, (x, y, g) => -(g * y * y));
    public static readonly UnaryOperation Square = new("square", x => x * x, (x, y, g) => g * 2.0 * x);
    public static readonly UnaryOperation Sin = new("sin", Math.Sin, (x, y, g) => g * x.Cos());
    public static readonly UnaryOperation Cos = new("cos", Math.Cos, (x, y, g) => -(g * x.Sin()));
    public static readonly UnaryOperation Tanh = new("tanh", Math.Tanh, (x, y, g) => g * (1.0 - y.Square()));
    public static readonly UnaryOperation Sigmoid = new("sigmoid", SpecialFunctions.Sigmoid, (x, y, g) => g * (y * (1.0 - y)));
    public static readonly UnaryOperation Softplus = new("softplus", SpecialFunctions.Softplus, (x, y, g) => g * x.Sigmoid());
    public static readonly UnaryOperation Relu = new("relu", x => x > 0 ? x : double.IsNaN(x) ? x : 0, (x, y, g) => Tensor.Where(y.Greater(0.0), g, 0.0));
    public static readonly UnaryOperation LogSigmoid = new("logsigmoid", x => -SpecialFunctions.Softplus(-x), (x, y, g) => g * (-x).Sigmoid());
    public static readonly UnaryOperation Silu = new("silu", x => x * SpecialFunctions.Sigmoid(x), (x, y, g) => g * (x.Sigmoid() + y * (1.0 - x.Sigmoid())));
    public static readonly UnaryOperation Gelu = new("gelu", SpecialFunctions.Gelu, (x, y, g) =>
        g * ((x * -Math.Sqrt(0.5)).Erfc() * 0.5 + x * (x.Square() * -0.5).Exp() * (1 / Math.Sqrt(2 * Math.PI))));
    public static readonly UnaryOperation Erf = new("erf", SpecialFunctions.Erf, (x, y, g) => g * 2.0 / Math.Sqrt(Math.PI) * (-x.Square()).Exp());
    public static readonly UnaryOperation Erfc = new("erfc", SpecialFunctions.Erfc, (x, y, g) => g * (-2 / Math.Sqrt(Math.PI)) * (-x.Square()).Exp());
    public static readonly UnaryOperation NormalQuantile = new("normalquantile", SpecialFunctions.NormalQuantile, (x, y, g) => g * Math.Sqrt(2 * Math.PI) * (y.Square() * 0.5).Exp());
    public static readonly UnaryOperation LogGamma = new("loggamma", SpecialFunctions.LogGamma, (x, y, g) => g * x.Digamma());
    public static readonly UnaryOperation Digamma = new("digamma", SpecialFunctions.Digamma, (x, y, g) => g * x.Trigamma());
    public static readonly UnaryOperation Trigamma = new("trigamma", SpecialFunctions.Trigamma, (x, y, g) =>
        throw new NotSupportedException("The derivative of trigamma is not available; log-gamma differentiates three times at most."));
    public static readonly UnaryOperation Floor = new("floor", Math.Floor, (x, y, g) => null);
    public static readonly UnaryOperation Round = new("round", x => Math.Round(x, MidpointRounding.ToEven), (x, y, g) => null);
    public static readonly UnaryOperation StopGradient = new("stopgradient", x => x, (x, y, g) => null);
}
