namespace Elbo.Numerics;

/// <summary>
/// <c>op(A)·op(B)</c> for matrices <c>[m, k]·[k, n]</c>, or the same for each of a batch when both have equal leading dimensions.
/// </summary>
internal sealed record MatMulOperation(bool TransposeLeft, bool TransposeRight) : Operation
{
    public override string Name => $"matmul{(TransposeLeft ? " Aᵀ" : "")}{(TransposeRight ? " Bᵀ" : "")}";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape a = inputs[0], b = inputs[1];
        bool fits = a.Rank >= 2 && a.Rank == b.Rank && a.AsSpan()[..^2].SequenceEqual(b.AsSpan()[..^2]);
        if (!fits || Inner(a, TransposeLeft) != Outer(b, TransposeRight))
            throw new ArgumentException($"The matrix product of {a}{(TransposeLeft ? " (transposed)" : "")} and {b}{(TransposeRight ? " (transposed)" : "")} is not defined: it needs [..., m, k] and [..., k, n] with equal leading dimensions.");
        return Shape.Create([.. a.AsSpan()[..^2], Outer(a, TransposeLeft), Inner(b, TransposeRight)]);
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        Tensor a = output.Inputs[0], b = output.Inputs[1];
        Tensor left = TransposeLeft ? b.MatMul(gradient, TransposeRight, true) : gradient.MatMul(b, false, !TransposeRight);
        Tensor right = TransposeRight ? gradient.MatMul(a, true, TransposeLeft) : a.MatMul(gradient, !TransposeLeft, false);
        return [left, right];
    }

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        Shape a = node.Inputs[0].Shape, b = node.Inputs[1].Shape;
        int m = Outer(a, TransposeLeft), k = Inner(a, TransposeLeft), n = Inner(b, TransposeRight);
        for (int batch = 0; batch < output.Length / (m * n); batch++)
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                {
                    double sum = 0;
                    for (int p = 0; p < k; p++)
                        sum += inputs[0][batch * m * k + (TransposeLeft ? p * m + i : i * k + p)] * inputs[1][batch * k * n + (TransposeRight ? j * k + p : p * n + j)];
                    output[batch * m * n + i * n + j] = sum;
                }
    }

    private static int Outer(Shape shape, bool transposed) => transposed ? shape[-1] : shape[-2];

    private static int Inner(Shape shape, bool transposed) => transposed ? shape[-2] : shape[-1];
}
