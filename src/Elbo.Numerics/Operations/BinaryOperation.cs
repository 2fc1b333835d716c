namespace Elbo.Numerics;

/// <summary>A function of two numbers, applied element by element with broadcasting.</summary>
internal sealed record BinaryOperation(string Label, Func<double, double, double> Function, Func<Tensor, Tensor, Tensor, Tensor, (Tensor? Left, Tensor? Right)> Derivative) : Operation
{
    public override string Name => Label;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Shape.Broadcast(inputs[0], inputs[1]);

    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        Tensor left = output.Inputs[0], right = output.Inputs[1];
        (Tensor? dLeft, Tensor? dRight) = Derivative(left, right, output, gradient);
        return [dLeft?.SumTo(left.Shape), dRight?.SumTo(right.Shape)];
    }

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        IndexWalker left = IndexWalker.Broadcast(node.Inputs[0].Shape, node.Shape), right = IndexWalker.Broadcast(node.Inputs[1].Shape, node.Shape);
        for (int i = 0; i < output.Length; i++) output[i] = Function(inputs[0][left.Source(i)], inputs[1][right.Source(i)]);
    }

    public bool Equals(BinaryOperation? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Label.GetHashCode(StringComparison.Ordinal);
}
