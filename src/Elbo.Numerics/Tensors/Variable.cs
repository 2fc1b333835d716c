namespace Elbo.Numerics;

/// <summary>
/// A named array that outlives a run: a parameter, an optimizer's moment, a running statistic. The numbers live in a
/// <see cref="VariableStore{T}"/>; a variable is their name and shape in the graph, and is identified by reference.
/// </summary>
public sealed class Variable
{
    /// <summary>Creates a variable.</summary>
    /// <param name="name">A name unique within a model; it becomes the key in saved files: <c>decoder.0.weight</c>.</param>
    /// <param name="shape">The shape of its value.</param>
    public Variable(string name, Shape shape)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(shape);
        Name = name;
        Shape = shape;
        Value = Tensor.Leaf(new VariableOperation(this));
    }

    /// <summary>The name, unique within a model.</summary>
    public string Name { get; }

    /// <summary>The shape of the value.</summary>
    public Shape Shape { get; }

    /// <summary>The value at the start of a run, as a node of the graph.</summary>
    public Tensor Value { get; }

    /// <summary>A variable stands for its value wherever a tensor is expected.</summary>
    public static implicit operator Tensor(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable.Value;
    }

    /// <summary>The same as the implicit conversion.</summary>
    public Tensor ToTensor() => Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shape}";
}
