namespace Elbo.Numerics;

/// <summary>
/// An immutable symbolic node: what to compute from which nodes, with a static shape. Building a graph computes nothing; a
/// <see cref="Plan{T}"/> compiles and runs it, in float or double, chosen when it is compiled.
/// </summary>
/// <remarks>
/// Element-wise operations broadcast as in NumPy: shapes are aligned at the last dimension and extents of 1 stretch. Shape
/// errors are thrown where the node is built, not when it runs.
/// </remarks>
public sealed partial class Tensor
{
    private Tensor(Operation operation, Tensor[] inputs, Shape shape)
    {
        Operation = operation;
        Inputs = inputs;
        Shape = shape;
    }

    /// <summary>The static shape.</summary>
    public Shape Shape { get; }

    internal Operation Operation { get; }

    internal Tensor[] Inputs { get; }

    internal static Tensor Leaf(LeafOperation operation) => new(operation, [], operation.Shape);

    internal static Tensor Create(Operation operation, params Tensor[] inputs)
    {
        foreach (Tensor input in inputs) ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        Shape[] shapes = Array.ConvertAll(inputs, static input => input.Shape);
        return new Tensor(operation, inputs, operation.InferShape(shapes));
    }

    /// <summary>A placeholder that the caller fills before each run.</summary>
    /// <param name="name">The name shown in errors and printed graphs.</param>
    /// <param name="shape">Its shape.</param>
    public static Tensor Input(string name, Shape shape)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(shape);
        return Leaf(new InputOperation(name, shape));
    }

    /// <summary>A scalar constant; it broadcasts to any shape.</summary>
    public static Tensor Constant(double value) => Leaf(new ConstantOperation(Shape.Scalar, [value]));

    /// <summary>A constant with the same number everywhere.</summary>
    public static Tensor Full(Shape shape, double value)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Leaf(new ConstantOperation(shape, [value]));
    }

    /// <summary>A constant array in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's element count.</exception>
    public static Tensor Constant(Shape shape, ReadOnlySpan<double> values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (values.Length != shape.ElementCount)
            throw new ArgumentException($"Shape {shape} holds {shape.ElementCount} values, but {values.Length} were given.", nameof(values));
        return Leaf(new ConstantOperation(shape, values.ToArray()));
    }

    /// <summary>The integers <c>0 … count − 1</c> as a vector <c>[count]</c>.</summary>
    public static Tensor Range(int count)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) values[i] = i;
        return Constant([count], values);
    }

    /// <summary>Independent draws from N(0, 1), redrawn each run. Draws with different keys are independent; equal keys and shapes are the same draw.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="key">Which of the run's random streams to draw from.</param>
    public static Tensor RandomNormal(Shape shape, ulong key) => Leaf(new RandomOperation(RandomKind.Normal, key, shape));

    /// <summary>Independent draws from the uniform distribution on (0, 1), redrawn each run; see <see cref="RandomNormal"/> for keys.</summary>
    public static Tensor RandomUniform(Shape shape, ulong key) => Leaf(new RandomOperation(RandomKind.Uniform, key, shape));

    /// <summary>Independent standard Gumbel draws, −ln(−ln u), redrawn each run; see <see cref="RandomNormal"/> for keys.</summary>
    public static Tensor RandomGumbel(Shape shape, ulong key) => Leaf(new RandomOperation(RandomKind.Gumbel, key, shape));

    /// <summary>A scalar constant wherever a tensor is expected.</summary>
    public static implicit operator Tensor(double value) => Constant(value);

    /// <summary>The same as the implicit conversion.</summary>
    public static Tensor FromDouble(double value) => Constant(value);

    /// <summary>The operation and shape, for printing.</summary>
    public override string ToString() => $"{Operation.Name} {Shape}";
}
