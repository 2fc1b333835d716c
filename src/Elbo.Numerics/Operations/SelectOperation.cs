namespace Elbo.Numerics;

/// <summary><c>condition ≠ 0 ? a : b</c>, element by element with broadcasting. The branch not taken never spoils the result, whatever it holds.</summary>
internal sealed record SelectOperation : Operation
{
    public override string Name => "select";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Shape.Broadcast(Shape.Broadcast(inputs[0], inputs[1]), inputs[2]);

    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        Tensor condition = output.Inputs[0], whenTrue = output.Inputs[1], whenFalse = output.Inputs[2];
        return [null, Tensor.Where(condition, gradient, 0.0).SumTo(whenTrue.Shape), Tensor.Where(condition, 0.0, gradient).SumTo(whenFalse.Shape)];
    }

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        IndexWalker c = IndexWalker.Broadcast(node.Inputs[0].Shape, node.Shape);
        IndexWalker a = IndexWalker.Broadcast(node.Inputs[1].Shape, node.Shape);
        IndexWalker b = IndexWalker.Broadcast(node.Inputs[2].Shape, node.Shape);
        for (int i = 0; i < output.Length; i++)
            output[i] = inputs[0][c.Source(i)] != 0 ? inputs[1][a.Source(i)] : inputs[2][b.Source(i)];
    }
}
