namespace Elbo.Numerics;

/// <summary>The same elements in row-major order under another shape.</summary>
internal sealed record ReshapeOperation(Shape Target) : Operation
{
    public override string Name => "reshape";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        if (inputs[0].ElementCount != Target.ElementCount)
            throw new ArgumentException($"Cannot reshape {inputs[0]} ({inputs[0].ElementCount} elements) to {Target} ({Target.ElementCount} elements).");
        return Target;
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient) => [gradient.Reshape(output.Inputs[0].Shape)];

    public override void Evaluate(Tensor node, double[][] inputs, double[] output) => inputs[0].CopyTo(output, 0);
}

/// <summary>Dimension <c>i</c> of the result is dimension <c>Permutation[i]</c> of the input.</summary>
internal sealed record TransposeOperation(IntList Permutation) : Operation
{
    public override string Name => $"transpose {Permutation}";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape shape = inputs[0];
        if (Permutation.Count != shape.Rank || !Permutation.Order().SequenceEqual(Enumerable.Range(0, shape.Rank)))
            throw new ArgumentException($"{Permutation} is not a permutation of the {shape.Rank} dimensions of {shape}.");
        return Shape.Create([.. Permutation.Select(axis => shape[axis])]);
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        int[] inverse = new int[Permutation.Count];
        for (int i = 0; i < inverse.Length; i++) inverse[Permutation[i]] = i;
        return [gradient.Transpose(inverse)];
    }

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        int[] own = node.Inputs[0].Shape.Strides();
        IndexWalker walker = new(node.Shape, [.. Permutation.Select(axis => own[axis])]);
        for (int i = 0; i < output.Length; i++) output[i] = inputs[0][walker.Source(i)];
    }
}

/// <summary>Stretches extents of 1 (and missing leading extents) to a shape.</summary>
internal sealed record BroadcastOperation(Shape Target) : Operation
{
    public override string Name => "broadcast";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        if (!Shape.Broadcast(inputs[0], Target).Equals(Target))
            throw new ArgumentException($"Shape {inputs[0]} does not broadcast to {Target}.");
        return Target;
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient) => [gradient.SumTo(output.Inputs[0].Shape)];

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        IndexWalker source = IndexWalker.Broadcast(node.Inputs[0].Shape, Target);
        for (int i = 0; i < output.Length; i++) output[i] = inputs[0][source.Source(i)];
    }
}

/// <summary>A rectangular part: <c>Sizes[i]</c> elements from <c>Starts[i]</c> on along each dimension.</summary>
internal sealed record SliceOperation(IntList Starts, Shape Sizes) : Operation
{
    public override string Name => $"slice {Starts}";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape shape = inputs[0];
        if (Starts.Count != shape.Rank || Sizes.Rank != shape.Rank)
            throw new ArgumentException($"A slice of {shape} needs {shape.Rank} starts and sizes, not {Starts} and {Sizes}.");
        for (int axis = 0; axis < shape.Rank; axis++)
            if (Starts[axis] < 0 || Starts[axis] + Sizes[axis] > shape[axis])
                throw new ArgumentException($"The slice from {Starts} of size {Sizes} leaves {shape} along dimension {axis}.");
        return Sizes;
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        Shape shape = output.Inputs[0].Shape;
        int[] after = new int[shape.Rank];
        for (int axis = 0; axis < shape.Rank; axis++) after[axis] = shape[axis] - Starts[axis] - Sizes[axis];
        return [gradient.Pad(Starts.AsSpan(), after)];
    }

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        int[] own = node.Inputs[0].Shape.Strides();
        int offset = 0;
        for (int axis = 0; axis < own.Length; axis++) offset += own[axis] * Starts[axis];
        IndexWalker walker = new(Sizes, own);
        for (int i = 0; i < output.Length; i++) output[i] = inputs[0][offset + walker.Source(i)];
    }
}

/// <summary>Zeros around a tensor.</summary>
internal sealed record PadOperation(IntList Before, IntList After) : Operation
{
    public override string Name => $"pad {Before} {After}";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape shape = inputs[0];
        if (Before.Count != shape.Rank || After.Count != shape.Rank || Before.Any(n => n < 0) || After.Any(n => n < 0))
            throw new ArgumentException($"Padding {shape} needs {shape.Rank} counts of at least 0 before and after, not {Before} and {After}.");
        int[] extents = shape.ToArray();
        for (int axis = 0; axis < extents.Length; axis++) extents[axis] += Before[axis] + After[axis];
        return Shape.Create(extents);
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient) => [gradient.Slice(Before.AsSpan(), output.Inputs[0].Shape)];

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        Array.Clear(output);
        int[] strides = node.Shape.Strides();
        int offset = 0;
        for (int axis = 0; axis < strides.Length; axis++) offset += strides[axis] * Before[axis];
        IndexWalker walker = new(node.Inputs[0].Shape, strides);
        for (int i = 0; i < inputs[0].Length; i++) output[offset + walker.Source(i)] = inputs[0][i];
    }
}

/// <summary>Tensors one after another along an axis.</summary>
internal sealed record ConcatenateOperation(int Axis) : Operation
{
    public override string Name => $"concatenate along {Axis}";

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        int[] extents = inputs[0].ToArray();
        for (int i = 1; i < inputs.Length; i++)
        {
            int[] other = inputs[i].ToArray();
            bool fits = other.Length == extents.Length;
            for (int axis = 0; fits && axis < extents.Length; axis++) fits = axis == Axis || other[axis] == extents[axis];
            if (!fits) throw new ArgumentException($"Shapes {inputs[0]} and {inputs[i]} cannot be concatenated along dimension {Axis}: all others must be equal.");
            extents[Axis] += other[Axis];
        }

        return Shape.Create(extents);
    }

    public override Tensor?[] Gradient(Tensor output, Tensor gradient)
    {
        Tensor?[] gradients = new Tensor?[output.Inputs.Length];
        int[] starts = new int[output.Shape.Rank];
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] = gradient.Slice(starts, output.Inputs[i].Shape);
            starts[Axis] += output.Inputs[i].Shape[Axis];
        }

        return gradients;
    }

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        int[] strides = node.Shape.Strides();
        int offset = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            IndexWalker walker = new(node.Inputs[i].Shape, strides);
            for (int j = 0; j < inputs[i].Length; j++) output[offset + walker.Source(j)] = inputs[i][j];
            offset += strides[Axis] * node.Inputs[i].Shape[Axis];
        }
    }
}
