namespace Elbo.Numerics;

/// <summary>The lower-triangular L with <c>A = L·Lᵀ</c>, for each symmetric positive definite matrix of <c>[..., n, n]</c>; only the lower triangle of A is read.</summary>
internal sealed record CholeskyOperation : Operation
{
    public override string Name => "cholesky";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0].Rank >= 2 && inputs[0][-1] == inputs[0][-2]
        ? inputs[0]
        : throw new ArgumentException($"A Cholesky factor needs square matrices [..., n, n], not {inputs[0]}.");

    // Murray 2016 (arXiv 1602.07527), eq. 10: dA = L⁻ᵀ Φ(Lᵀ dL) L⁻¹, where Φ keeps the lower triangle and halves the diagonal; symmetrised.
    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        int n = output.Shape[-1];
        double[] mask = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
                mask[i * n + j] = i == j ? 0.5 : 1;
        Tensor phi = output.MatMul(gradient.LowerTriangle(), true, false) * Tensor.Constant([n, n], mask);
        Tensor left = output.TriangularSolve(phi, true);
        Tensor both = output.TriangularSolve(left.TransposeLast(), true).TransposeLast();
        return [(both + both.TransposeLast()) * 0.5];
    }

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        int n = node.Shape[-1];
        for (int offset = 0; offset < output.Length; offset += n * n) Factor(inputs[0].AsSpan(offset, n * n), output.AsSpan(offset, n * n), n);
    }

    /// <summary>Row by row; NaN in the row of the first pivot that is not positive, and after, marks a matrix that is not positive definite.</summary>
    public static void Factor(ReadOnlySpan<double> matrix, Span<double> factor, int n)
    {
        factor.Clear();
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i * n + j];
                for (int p = 0; p < j; p++) sum -= factor[i * n + p] * factor[j * n + p];
                factor[i * n + j] = i == j ? (sum > 0 ? Math.Sqrt(sum) : double.NaN) : sum / factor[j * n + j];
            }
    }
}

/// <summary>X with <c>L·X = B</c>, or <c>Lᵀ·X = B</c> when <paramref name="Transposed"/>, for lower-triangular <c>L [..., n, n]</c> and <c>B [..., n, m]</c>.</summary>
internal sealed record TriangularSolveOperation(bool Transposed) : Operation
{
    public override string Name => Transposed ? "triangularsolve Lᵀ" : "triangularsolve L";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape l = inputs[0], b = inputs[1];
        if (l.Rank < 2 || l.Rank != b.Rank || l[-1] != l[-2] || b[-2] != l[-1] || !l.AsSpan()[..^2].SequenceEqual(b.AsSpan()[..^2]))
            throw new ArgumentException($"A triangular solve needs L [..., n, n] and B [..., n, m] with equal leading dimensions, not {l} and {b}.");
        return b;
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        Tensor l = output.Inputs[0];
        Tensor right = l.TriangularSolve(gradient, !Transposed);
        Tensor left = Transposed ? output.MatMul(right, false, true) : right.MatMul(output, false, true);
        return [-left.LowerTriangle(), right];
    }

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        int n = node.Shape[-2], m = node.Shape[-1];
        inputs[1].CopyTo(output, 0);
        for (int batch = 0; batch < output.Length / (n * m); batch++)
            Solve(inputs[0].AsSpan(batch * n * n, n * n), output.AsSpan(batch * n * m, n * m), n, m, Transposed);
    }

    public static void Solve(ReadOnlySpan<double> l, Span<double> x, int n, int m, bool transposed)
    {
        for (int step = 0; step < n; step++)
        {
            int i = transposed ? n - 1 - step : step;
            for (int j = 0; j < m; j++)
            {
                double sum = x[i * m + j];
                for (int p = transposed ? i + 1 : 0; p < (transposed ? n : i); p++)
                    sum -= (transposed ? l[p * n + i] : l[i * n + p]) * x[p * m + j];
                x[i * m + j] = sum / l[i * n + i];
            }
        }
    }
}
