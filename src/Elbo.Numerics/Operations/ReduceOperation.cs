namespace Elbo.Numerics;

internal enum ReduceKind
{
    Sum,
    Maximum,
}

/// <summary>The sum or maximum over axes, which stay in the shape with extent 1.</summary>
internal sealed record ReduceOperation(ReduceKind Kind, IntList Axes) : Operation
{
    public override string Name => $"{(Kind == ReduceKind.Sum ? "sum" : "maximum")} over {Axes}";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        int[] extents = inputs[0].ToArray();
        foreach (int axis in Axes) extents[axis] = 1;
        return Shape.Create(extents);
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        Tensor x = output.Inputs[0];
        if (Kind == ReduceKind.Sum) return [gradient.BroadcastTo(x.Shape)];
        Tensor winners = x.EqualTo(output);
        return [winners * (gradient / Tensor.Create(new ReduceOperation(ReduceKind.Sum, Axes), winners))];
    }

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        Array.Fill(output, Kind == ReduceKind.Sum ? 0 : double.NegativeInfinity);
        IndexWalker target = IndexWalker.Broadcast(node.Shape, node.Inputs[0].Shape);
        for (int i = 0; i < inputs[0].Length; i++)
        {
            int t = target.Source(i);
            output[t] = Kind == ReduceKind.Sum ? output[t] + inputs[0][i] : Math.Max(output[t], inputs[0][i]);
        }
    }
}
