namespace Elbo.Numerics;

/// <summary>The functions of two variables that <see cref="ElementwiseKernels{T}"/> has loops for.</summary>
internal enum BinaryOpcode
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Maximum,
    Minimum,
    Greater,
    GreaterOrEqual,
    Equal,
    Power,
}
