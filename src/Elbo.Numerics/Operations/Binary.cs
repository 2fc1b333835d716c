namespace Elbo.Numerics;

/// <summary>Every element-wise function of two arguments <c>a, b</c> with result <c>y</c>, and its derivatives times the incoming gradient <c>g</c>.</summary>
internal static class Binary
{
    public static readonly BinaryOperation Add = new("add", (a, b) => a + b, (a, b, y, g) => (g, g));
    public static readonly BinaryOperation Subtract = new("subtract", (a, b) => a - b, (a, b, y, g) => (g, -g));
    public static readonly BinaryOperation Multiply = new("multiply", (a, b) => a * b, (a, b, y, g) => (g * b, g * a));
    public static readonly BinaryOperation Divide = new("divide", (a, b) => a / b, (a, b, y, g) => (g / b, -(g * y / b)));

    // At a tie both sides receive half, so that the gradient stays the mean of the one-sided derivatives.
    public static readonly BinaryOperation Maximum = new("maximum", Math.Max, (a, b, y, g) => (g * Share(a, b), g * Share(b, a)));
    public static readonly BinaryOperation Minimum = new("minimum", Math.Min, (a, b, y, g) => (g * Share(b, a), g * Share(a, b)));

    public static readonly BinaryOperation Power = new("power", Math.Pow, (a, b, y, g) => (g * b * a.Power(b - 1.0), g * y * a.Log()));
    public static readonly BinaryOperation Greater = new("greater", (a, b) => a > b ? 1 : 0, (a, b, y, g) => (null, null));
    public static readonly BinaryOperation GreaterOrEqual = new("greaterorequal", (a, b) => a >= b ? 1 : 0, (a, b, y, g) => (null, null));
    public static readonly BinaryOperation Equal = new("equal", (a, b) => a == b ? 1 : 0, (a, b, y, g) => (null, null));

    // w = ln z with P(a, z) = u. By implicit differentiation ∂w/∂u = 1/(z·p(z)), and ∂w/∂a has an operation of its own.
    public static readonly BinaryOperation GammaLogQuantile = new("gammalogquantile", IncompleteGamma.LogQuantile, (a, u, y, g) =>
        (g * Tensor.Create(GammaLogQuantileSlope!, a, y), g * (a.LogGamma() + y.Exp() - a * y).Exp()));

    public static readonly BinaryOperation GammaLogQuantileSlope = new("gammalogquantileslope", IncompleteGamma.LogQuantileSlope, (a, b, y, g) =>
        throw new NotSupportedException("The second derivative of gamma draws with respect to their shape is not available; they differentiate once."));

    private static Tensor Share(Tensor winner, Tensor other) => (winner.Greater(other) + winner.GreaterOrEqual(other)) * 0.5;
}
