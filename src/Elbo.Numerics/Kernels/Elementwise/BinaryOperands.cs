namespace Elbo.Numerics;

/// <summary>Which operand of a binary loop is a single value.</summary>
internal enum BinaryOperands
{
    VectorVector,
    VectorScalar,
    ScalarVector,
}
