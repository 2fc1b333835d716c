using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>
/// A variable that belongs to a model, and how it starts. Most are trained; a running statistic is saved and loaded with the model but
/// never trained.
/// </summary>
public sealed class Parameter
{
    /// <summary>Declares a parameter over an existing variable.</summary>
    /// <param name="variable">The variable; its name is the key in saved files.</param>
    /// <param name="initializer">How its first value is drawn.</param>
    /// <param name="isTrainable">Whether optimizers change it.</param>
    public Parameter(Variable variable, Initializer initializer, bool isTrainable = true)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(initializer);
        Variable = variable;
        Initializer = initializer;
        IsTrainable = isTrainable;
        (FanIn, FanOut) = Fans(variable.Shape);
    }

    /// <summary>Declares a parameter and its variable.</summary>
    /// <param name="name">The variable's name, unique within the model: <c>encoder.0.weight</c>.</param>
    /// <param name="shape">The variable's shape.</param>
    /// <param name="initializer">How its first value is drawn.</param>
    /// <param name="isTrainable">Whether optimizers change it.</param>
    public Parameter(string name, Shape shape, Initializer initializer, bool isTrainable = true)
        : this(new Variable(name, shape), initializer, isTrainable)
    {
    }

    /// <summary>The variable.</summary>
    public Variable Variable { get; }

    /// <summary>How the first value is drawn.</summary>
    public Initializer Initializer { get; }

    /// <summary>Whether optimizers change it; false for running statistics.</summary>
    public bool IsTrainable { get; }

    /// <summary>
    /// How many inputs one output sums over, which scales the initial weights. From the shape: <c>in</c> of <c>[in, out]</c>,
    /// <c>C·kh·kw</c> of filters <c>[F, C, kh, kw]</c>; a layer whose shape says otherwise sets it.
    /// </summary>
    public int FanIn { get; init; }

    /// <summary>How many outputs one input reaches; <c>out</c> of <c>[in, out]</c>, <c>F·kh·kw</c> of filters <c>[F, C, kh, kw]</c>.</summary>
    public int FanOut { get; init; }

    /// <summary>The variable's name.</summary>
    public string Name => Variable.Name;

    /// <summary>The variable's shape.</summary>
    public Shape Shape => Variable.Shape;

    /// <summary>The value at the start of a run, as a node of the graph.</summary>
    public Tensor Value => Variable.Value;

    /// <summary>A parameter stands for its value wherever a tensor is expected.</summary>
    public static implicit operator Tensor(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Value;
    }

    /// <summary>The same as the implicit conversion.</summary>
    public Tensor ToTensor() => Value;

    /// <inheritdoc/>
    public override string ToString() => Variable.ToString();

    private static (int In, int Out) Fans(Shape shape)
    {
        if (shape.Rank < 2) return (shape.ElementCount, shape.ElementCount);
        if (shape.Rank == 2) return (shape[0], shape[1]);
        int receptive = shape.ElementCount / (shape[0] * shape[1]);
        return (shape[1] * receptive, shape[0] * receptive);
    }
}
