namespace Elbo.Report;

/// <summary>
/// The engine's element-wise functions that the page computes, by the engine's names: those of <c>web/src/decoder/elementwise.ts</c>. A decoder with
/// another is refused rather than written into a page that cannot run it.
/// </summary>
internal static class PageFunctions
{
    public static IReadOnlyList<string> Unary { get; } =
    [
        "negate", "abs", "sign", "exp", "log", "log1p", "expm1", "sqrt", "rsqrt", "reciprocal", "square", "sin", "cos", "tanh", "sigmoid", "logsigmoid", "silu", "gelu", "erfc",
        "softplus", "relu", "erf", "floor", "round", "stopgradient",
    ];

    public static IReadOnlyList<string> Binary { get; } = ["add", "subtract", "multiply", "divide", "maximum", "minimum", "power", "greater", "greaterorequal", "equal"];
}
