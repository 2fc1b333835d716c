namespace Elbo.Numerics;

/// <summary>
/// The first pass: the same values by fewer operations. Equal nodes are merged, what depends on constants only is computed now,
/// and the detours that the reverse sweep leaves (negations, factors of one, padded halves) are straightened.
/// </summary>
internal sealed class Simplifier
{
    /// <summary>Constants up to this many elements are computed at compile time; larger ones would bloat the plan.</summary>
    private const int FoldLimit = 1 << 16;

    private readonly Dictionary<Tensor, Tensor> _simplified = [];
    private readonly Dictionary<NodeKey, Tensor> _known = [];

    /// <summary>Rewrites the graphs of some roots, sharing what they share.</summary>
    public static Tensor[] Run(IReadOnlyList<Tensor> roots)
    {
        Simplifier simplifier = new();
        foreach (Tensor node in GraphOrder.Of(roots))
            simplifier._simplified[node] = simplifier.Simplify(node.Operation, Array.ConvertAll(node.Inputs, input => simplifier._simplified[input]), node);
        return [.. roots.Select(root => simplifier._simplified[root])];
    }

    private Tensor Simplify(Operation operation, Tensor[] inputs, Tensor? original = null)
    {
        if (Fold(operation, inputs) is { } constant) return Share(constant);
        Tensor? better = operation switch
        {
            UnaryOperation unary => SimplifyUnary(unary, inputs[0]),
            BinaryOperation binary => SimplifyBinary(binary, inputs),
            SelectOperation => SimplifySelect(inputs),
            _ => SimplifyMovement(operation, inputs),
        };
        if (better is not null) return better;
        return Share(original is not null && original.Inputs.AsSpan().SequenceEqual(inputs) ? original : Tensor.Create(operation, inputs));
    }

    private Tensor Make(Operation operation, params Tensor[] inputs) => Simplify(operation, inputs);

    private Tensor Share(Tensor node)
    {
        if (node.Operation is LeafOperation and not ConstantOperation) return node;
        NodeKey key = new(node.Operation, node.Inputs);
        if (_known.TryGetValue(key, out Tensor? known)) return known;
        _known.Add(key, node);
        return node;
    }

    private static Tensor? Fold(Operation operation, Tensor[] inputs)
    {
        if (inputs.Length == 0 || !Array.TrueForAll(inputs, input => input.Operation is ConstantOperation)) return null;
        Shape shape = operation.InferShape(Array.ConvertAll(inputs, input => input.Shape));
        bool uniform = operation is UnaryOperation or BinaryOperation or SelectOperation or ReshapeOperation or BroadcastOperation or TransposeOperation or SliceOperation
            && Array.TrueForAll(inputs, input => ((ConstantOperation)input.Operation).IsUniform);
        if (uniform)
        {
            Tensor[] scalars = Array.ConvertAll(inputs, input => Tensor.Constant(((ConstantOperation)input.Operation).Values[0]));
            if (operation is not (UnaryOperation or BinaryOperation or SelectOperation)) return Tensor.Full(shape, Value(inputs[0]));
            double[] result = new double[1];
            Tensor scalar = Tensor.Create(operation, scalars);
            operation.Evaluate(scalar, Array.ConvertAll(scalars, s => ((ConstantOperation)s.Operation).Values), result);
            return Tensor.Full(shape, result[0]);
        }

        if (shape.ElementCount > FoldLimit || inputs.Any(input => input.Shape.ElementCount > FoldLimit)) return null;
        double[] values = ReferenceEvaluator.Evaluate([Tensor.Create(operation, inputs)], new Dictionary<Tensor, double[]>())[0];
        return Array.TrueForAll(values, value => value.Equals(values[0])) ? Tensor.Full(shape, values[0]) : Tensor.Constant(shape, values);
    }

    private Tensor? SimplifyUnary(UnaryOperation operation, Tensor x)
    {
        if (operation == Unary.StopGradient) return x;
        if (operation != Unary.Negate) return null;
        if (x.Operation == Unary.Negate) return x.Inputs[0];
        if (x.Operation == Binary.Subtract) return Make(Binary.Subtract, x.Inputs[1], x.Inputs[0]);
        if (x.Operation == Binary.Multiply && IsUniform(x.Inputs[1])) return Make(Binary.Multiply, x.Inputs[0], Tensor.Constant(-Value(x.Inputs[1])));
        return null;
    }

    private Tensor? SimplifyBinary(BinaryOperation operation, Tensor[] inputs)
    {
        Tensor a = inputs[0], b = inputs[1];
        Shape shape = Shape.Broadcast(a.Shape, b.Shape);
        if (WithoutBroadcast(operation, inputs, shape) is { } direct) return direct;

        // The constant stands right, as a scalar, so that the rules below see one form.
        if (operation == Binary.Multiply || operation == Binary.Add)
        {
            if (IsUniform(a)) return Make(operation, b, a);
            if (IsUniform(b) && b.Shape.Rank > 0 && a.Shape.Equals(shape)) return Make(operation, a, Tensor.Constant(Value(b)));
        }

        if (operation == Binary.Multiply)
        {
            if (IsUniform(b) && a.Shape.Equals(shape))
            {
                double c = Value(b);
                if (c == 1) return a;
                if (c == -1) return Make(Unary.Negate, a);
                if (a.Operation == Unary.Negate) return Make(Binary.Multiply, a.Inputs[0], Tensor.Constant(-c));
                if (a.Operation == Binary.Multiply && IsUniform(a.Inputs[1])) return Make(Binary.Multiply, a.Inputs[0], Tensor.Constant(c * Value(a.Inputs[1])));
            }

            if (a.Operation == Unary.Negate && b.Operation == Unary.Negate) return Make(Binary.Multiply, a.Inputs[0], b.Inputs[0]);
            if (ReferenceEquals(a, b)) return Make(Unary.Square, a);
        }
        else if (operation == Binary.Divide && IsUniform(b)) return Make(Binary.Multiply, a, Tensor.Constant(1 / Value(b)));
        else if (operation == Binary.Add)
        {
            if (IsUniform(b) && Value(b) == 0 && a.Shape.Equals(shape)) return a;
            if (b.Operation == Unary.Negate) return Make(Binary.Subtract, a, b.Inputs[0]);
            if (a.Operation == Unary.Negate) return Make(Binary.Subtract, b, a.Inputs[0]);
            if (JoinedHalves(a, b) is { } joined) return joined;
        }
        else if (operation == Binary.Subtract)
        {
            if (IsUniform(b) && Value(b) == 0 && a.Shape.Equals(shape)) return a;
            if (b.Operation == Unary.Negate) return Make(Binary.Add, a, b.Inputs[0]);
        }
        else if (operation == Binary.Power && IsUniform(b) && a.Shape.Equals(shape))
        {
            return Value(b) switch
            {
                1 => a,
                2 => Make(Unary.Square, a),
                0.5 => Make(Unary.Sqrt, a),
                -1 => Make(Unary.Reciprocal, a),
                _ => null,
            };
        }

        return null;
    }

    private Tensor? SimplifySelect(Tensor[] inputs)
    {
        Shape shape = Shape.Broadcast(Shape.Broadcast(inputs[0].Shape, inputs[1].Shape), inputs[2].Shape);
        if (WithoutBroadcast(new SelectOperation(), inputs, shape) is { } direct) return direct;
        if (!IsUniform(inputs[0])) return null;
        Tensor taken = Value(inputs[0]) != 0 ? inputs[1] : inputs[2];
        return taken.Shape.Equals(shape) ? taken : Make(new BroadcastOperation(shape), taken);
    }

    /// <summary>Element-wise operations stretch by themselves, so a broadcast before one is left out when the result keeps its shape.</summary>
    private Tensor? WithoutBroadcast(Operation operation, Tensor[] inputs, Shape shape)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Operation is not BroadcastOperation) continue;
            Tensor[] direct = [.. inputs];
            direct[i] = inputs[i].Inputs[0];
            if (operation.InferShape(Array.ConvertAll(direct, input => input.Shape)).Equals(shape)) return Make(operation, direct);
        }

        return null;
    }

    private Tensor? SimplifyMovement(Operation operation, Tensor[] inputs)
    {
        if (inputs.Length == 0) return null;
        Tensor x = inputs[0];
        switch (operation)
        {
            case ReshapeOperation reshape when x.Shape.Equals(reshape.Target):
                return x;
            case ReshapeOperation when x.Operation is ReshapeOperation:
                return Make(operation, x.Inputs[0]);
            case BroadcastOperation broadcast when x.Shape.Equals(broadcast.Target):
                return x;
            case TransposeOperation transpose when IsIdentity(transpose.Permutation):
                return x;
            case TransposeOperation outer when x.Operation is TransposeOperation inner:
                return Make(new TransposeOperation([.. outer.Permutation.Select(axis => inner.Permutation[axis])]), x.Inputs[0]);
            case SliceOperation slice when x.Operation is ConcatenateOperation concatenate:
                return SliceOfConcatenation(slice, concatenate, x);
            case MatMulOperation product when SwapsLast(x):
                return Make(product with { TransposeLeft = !product.TransposeLeft }, x.Inputs[0], inputs[1]);
            case MatMulOperation product when SwapsLast(inputs[1]):
                return Make(product with { TransposeRight = !product.TransposeRight }, x, inputs[1].Inputs[0]);
            default:
                return null;
        }
    }

    private Tensor? SliceOfConcatenation(SliceOperation slice, ConcatenateOperation concatenate, Tensor x)
    {
        int start = slice.Starts[concatenate.Axis], size = slice.Sizes[concatenate.Axis], offset = 0;
        foreach (Tensor part in x.Inputs)
        {
            int extent = part.Shape[concatenate.Axis];
            if (start >= offset && start + size <= offset + extent)
            {
                int[] starts = [.. slice.Starts];
                starts[concatenate.Axis] -= offset;
                return part.Shape.Equals(slice.Sizes) ? part : Make(slice with { Starts = IntList.Create(starts) }, part);
            }

            offset += extent;
        }

        return null;
    }

    /// <summary>The sum of two padded tensors that fill each other's zeros is a concatenation; the reverse sweep through two slices makes such sums.</summary>
    private Tensor? JoinedHalves(Tensor a, Tensor b)
    {
        if (a.Operation is not PadOperation padA || b.Operation is not PadOperation padB) return null;
        int joint = -1;
        for (int axis = 0; axis < a.Shape.Rank; axis++)
        {
            if (padA.Before[axis] + padA.After[axis] + padB.Before[axis] + padB.After[axis] == 0) continue;
            if (joint >= 0) return null;
            joint = axis;
        }

        if (joint < 0) return null;
        if (padA.Before[joint] == 0 && padB.After[joint] == 0 && padB.Before[joint] == a.Inputs[0].Shape[joint])
            return Make(new ConcatenateOperation(joint), a.Inputs[0], b.Inputs[0]);
        if (padB.Before[joint] == 0 && padA.After[joint] == 0 && padA.Before[joint] == b.Inputs[0].Shape[joint])
            return Make(new ConcatenateOperation(joint), b.Inputs[0], a.Inputs[0]);
        return null;
    }

    private static bool SwapsLast(Tensor x)
    {
        if (x.Operation is not TransposeOperation { Permutation: var permutation }) return false;
        int rank = permutation.Count;
        for (int axis = 0; axis < rank - 2; axis++)
            if (permutation[axis] != axis) return false;
        return rank >= 2 && permutation[rank - 1] == rank - 2;
    }

    private static bool IsIdentity(IntList permutation)
    {
        for (int i = 0; i < permutation.Count; i++)
            if (permutation[i] != i) return false;
        return true;
    }

    private static bool IsUniform(Tensor x) => x.Operation is ConstantOperation { IsUniform: true };

    private static double Value(Tensor x) => ((ConstantOperation)x.Operation).Values[0];

    private readonly struct NodeKey(Operation operation, Tensor[] inputs) : IEquatable<NodeKey>
    {
        private readonly Operation _operation = operation;
        private readonly Tensor[] _inputs = inputs;

        public bool Equals(NodeKey other) => _operation.Equals(other._operation) && _inputs.AsSpan().SequenceEqual(other._inputs);

        public override bool Equals(object? obj) => obj is NodeKey other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.Add(_operation);
            foreach (Tensor input in _inputs) hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(input));
            return hash.ToHashCode();
        }
    }
}
