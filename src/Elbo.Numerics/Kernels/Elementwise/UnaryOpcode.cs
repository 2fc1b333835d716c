namespace Elbo.Numerics;

/// <summary>The functions of one variable that <see cref="ElementwiseKernels{T}.Unary(UnaryOpcode)"/> has a loop for.</summary>
internal enum UnaryOpcode
{
    Negate,
    Abs,
    Sign,
    Square,
    Sqrt,
    Reciprocal,
    ReciprocalSqrt,
    Floor,
    Round,
    Exp,
    Expm1,
    Log,
    Log1p,
    Sin,
    Cos,
    Relu,
    Tanh,
    Sigmoid,
    Softplus,
    LogSigmoid,
    Silu,
    Gelu,
    Erf,
    Erfc,
    NormalQuantile,
    LogGamma,
    Digamma,
    Trigamma,
}
