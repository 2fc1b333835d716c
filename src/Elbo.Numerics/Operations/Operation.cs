namespace Elbo.Numerics;

/// <summary>
/// What a node computes: its shape rule, its gradient as a graph, and a plain evaluation in double precision that serves as oracle.
/// Operations are records, so two nodes with equal operations on the same inputs are the same value.
/// </summary>
internal abstract record Operation
{
    /// <summary>The name shown in printed graphs and errors.</summary>
    public abstract string Name { get; }

    /// <summary>The shape of the result, or an <see cref="ArgumentException"/> that says which shapes do not fit.</summary>
    public abstract Shape InferShape(ReadOnlySpan<Shape> inputs);

    /// <summary>
    /// The gradients of a scalar with respect to each input, given its gradient with respect to the output; null where it is zero.
    /// </summary>
    public abstract Tensor?[] Gradient(Tensor output, Tensor gradient);

    /// <summary>Evaluates by scalar loops over row-major arrays.</summary>
    public abstract void Evaluate(Tensor node, double[][] inputs, double[] output);

    /// <summary>Leaves hold what comes from outside a plan (inputs, variables) or from nothing (constants, random draws).</summary>
    public virtual bool IsLeaf => false;
}
