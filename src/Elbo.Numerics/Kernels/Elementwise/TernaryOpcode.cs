namespace Elbo.Numerics;

/// <summary>The functions of three variables that <see cref="ElementwiseKernels{T}.Ternary(TernaryOpcode)"/> has a loop for.</summary>
internal enum TernaryOpcode
{
    Select,
    MultiplyAdd,
}
