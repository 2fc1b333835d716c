namespace Elbo.Numerics;

/// <summary>A value with no inputs.</summary>
internal abstract record LeafOperation(Shape Shape) : Operation
{
    public override bool IsLeaf => true;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Shape;

    public override Tensor?[] Gradient(Tensor output, Tensor gradient) => [];

    public override void Evaluate(Tensor node, double[][] inputs, double[] output) =>
        throw new InvalidOperationException($"{Name} has no value of its own; the evaluator must be given one.");
}

/// <summary>A placeholder that the caller fills before each run.</summary>
internal sealed record InputOperation(string Label, Shape Shape) : LeafOperation(Shape)
{
    public override string Name => $"input {Label}";

    // Two inputs of one label and shape are still two inputs.
    public bool Equals(InputOperation? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>The value of a variable when the run starts.</summary>
internal sealed record VariableOperation(Variable Variable) : LeafOperation(Variable.Shape)
{
    public override string Name => $"variable {Variable.Name}";
}

/// <summary>Known numbers: one for a uniform tensor, or all of them in row-major order.</summary>
internal sealed record ConstantOperation(Shape Shape, double[] Values) : LeafOperation(Shape)
{
    public override string Name => Values.Length == 1 ? $"constant {Values[0]:R}" : "constant";

    public bool IsUniform => Values.Length == 1;

    public override void Evaluate(Tensor node, double[][] inputs, double[] output)
    {
        if (IsUniform) Array.Fill(output, Values[0]);
        else Values.CopyTo(output, 0);
    }

    public bool Equals(ConstantOperation? other) =>
        other is not null && Shape.Equals(other.Shape) && Values.AsSpan().SequenceEqual(other.Values)
        // -0.0 equals 0.0 as a number, but 1/x tells them apart.
        && BitConverter.DoubleToInt64Bits(Values[0]) == BitConverter.DoubleToInt64Bits(other.Values[0]);

    public override int GetHashCode() => HashCode.Combine(Shape, Values.Length, Values[0]);
}

/// <summary>The distributions a random leaf draws from.</summary>
internal enum RandomKind
{
    /// <summary>Uniform on (0, 1).</summary>
    Uniform,

    /// <summary>Normal with mean 0 and variance 1.</summary>
    Normal,

    /// <summary>Standard Gumbel: −ln(−ln u).</summary>
    Gumbel,
}

/// <summary>Independent draws, redrawn each run from the run's random stream split by <paramref name="Key"/>.</summary>
internal sealed record RandomOperation(RandomKind Kind, ulong Key, Shape Shape) : LeafOperation(Shape)
{
    public override string Name => $"random {Kind} {Key}";
}
