namespace Elbo.Numerics;

/// <summary>A function of one number, applied to every element. All derivatives stand on one page: <see cref="Unary"/>.</summary>
internal sealed record UnaryOperation(string Label, Func<double, double> Function, Func<Tensor, Tensor, Tensor, Tensor?> Derivative) : Operation
{
    public override string Name => Label;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    public override Tensor?[] Gradient(Tensor output, Tensor gradient) => [Derivative(output.Inputs[0], output, gradient)];

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        double[] x = inputs[0];
        for (int i = 0; i < output.Length; i++) output[i] = Function(x[i]);
    }

    public bool Equals(UnaryOperation? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Label.GetHashCode(StringComparison.Ordinal);
}
