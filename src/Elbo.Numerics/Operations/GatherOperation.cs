namespace Elbo.Numerics;

/// <summary>Rows <c>table[indices[i]]</c>; indices are whole numbers carried in the graph's own element type.</summary>
internal sealed record GatherOperation : Operation
{
    public override string Name => "gather";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape table = inputs[0], indices = inputs[1];
        if (table.Rank < 1 || indices.Rank != 1)
            throw new ArgumentException($"Gathering rows needs a table of rank 1 or more and a vector of indices, not {table} and {indices}.");
        int[] extents = table.ToArray();
        extents[0] = indices[0];
        return Shape.Create(extents);
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient) =>
        [Tensor.Create(new ScatterAddOperation(output.Inputs[0].Shape[0]), gradient, output.Inputs[1]), null];

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        int rows = node.Inputs[0].Shape[0], width = inputs[0].Length / rows;
        for (int i = 0; i < inputs[1].Length; i++)
            Array.Copy(inputs[0], Row(inputs[1][i], rows) * width, output, i * width, width);
    }

    internal static int Row(double index, int rows) => index >= 0 && index < rows
        ? (int)index
        : throw new ElboException($"Index {index} is outside the table, which has rows 0 to {rows - 1}.");
}

/// <summary>Adds row <c>i</c> of the first input to row <c>indices[i]</c> of a table of zeros, in order of <c>i</c>.</summary>
internal sealed record ScatterAddOperation(int Rows) : Operation
{
    public override string Name => "scatteradd";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        if (inputs[0].Rank < 1 || inputs[1].Rank != 1 || inputs[1][0] != inputs[0][0])
            throw new ArgumentException($"Scattering rows needs one index for each row, not {inputs[0]} and {inputs[1]}.");
        int[] extents = inputs[0].ToArray();
        extents[0] = Rows;
        return Shape.Create(extents);
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient) => [gradient.Gather(output.Inputs[1]), null];

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        Array.Clear(output);
        int width = output.Length / Rows;
        for (int i = 0; i < inputs[1].Length; i++)
        {
            int row = GatherOperation.Row(inputs[1][i], Rows);
            for (int j = 0; j < width; j++) output[row * width + j] += inputs[0][i * width + j];
        }
    }
}
