using System.Numerics;

namespace Elbo.Numerics;

/// <summary>The sixth pass: turns a fused group into a tile program, with registers reused as soon as their value is no longer needed.</summary>
internal sealed unsafe class Emitter<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Group _group;
    private readonly Storage<T> _storage;
    private readonly List<TileStep> _steps = [];
    private readonly Dictionary<Tensor, TileOperand> _values = [];
    private readonly Dictionary<Tensor, int> _uses = [];
    private readonly Stack<int> _free = [];
    private readonly List<(TileOperand Register, TileOperand Memory)> _lateStores = [];
    private readonly HashSet<Tensor> _absorbed = [];
    private Dictionary<Tensor, Compound> _compounds = [];
    private int _registers;
    private long _cost;

    private Emitter(Group group, Storage<T> storage)
    {
        _group = group;
        _storage = storage;
    }

    public static FusedInstruction<T> Emit(Group group, Storage<T> storage) => new Emitter<T>(group, storage).Emit();

    private FusedInstruction<T> Emit()
    {
        foreach (Tensor node in _group.Nodes.Concat(_group.Reductions))
            foreach (Tensor input in node.Inputs)
                _uses[View.Of(input)!.Base] = _uses.GetValueOrDefault(View.Of(input)!.Base) + 1;
        _compounds = new CompoundFinder(_group, CanAbsorb, IsScalar).Find();
        foreach (Compound compound in _compounds.Values) _absorbed.UnionWith(compound.Absorbed);
        foreach (Tensor node in _group.Nodes)
            if (!_absorbed.Contains(node)) Compute(node);

        TileReduction[] reductions = [.. _group.Reductions.Select(Reduction)];
        foreach ((TileOperand register, TileOperand memory) in _lateStores)
            _steps.Add(new TileStep { Kind = TileStepKind.Copy, A = register, Destination = memory, Name = "store" });
        return new FusedInstruction<T>(new TileProgram<T>(_steps, _registers), reductions, _group.Count, _group.Segment, _cost + 1);
    }

    /// <summary>Whether a node can be computed along with its only reader.</summary>
    private bool CanAbsorb(Tensor node) =>
        _storage.GroupOf.TryGetValue(node, out Group? group) && group == _group && Fusion.IsElementwise(node)
        && _uses[node] == 1 && _storage.BufferOf(node) is null && node.Shape.ElementCount == _group.Count;

    private bool IsScalar(Tensor input)
    {
        View view = View.Of(input)!;
        return view.Base.Shape.ElementCount == 1 || view.Strides.Zip(view.Shape).All(pair => pair.First == 0 || pair.Second == 1);
    }

    private TileReduction Reduction(Tensor node)
    {
        TileOperand operand = Operand(node.Inputs[0], node.Inputs[0].Shape);
        // A reduction has no loop over scalars: what all elements share is spread first.
        if (operand.Kind == TileOperandKind.Scalar && _group.Count > 1) operand = Spread(node.Inputs[0], node.Inputs[0].Shape);
        if (operand.Kind == TileOperandKind.Scalar) operand = operand with { Kind = TileOperandKind.Memory };
        _cost++;
        return new TileReduction(((ReduceOperation)node.Operation).Kind, operand, _storage.BufferOf(node)!, _storage.PartialsOf(node));
    }

    private void Compute(Tensor node)
    {
        _cost += Opcodes.Cost(node.Operation);
        TileStep step = node.Operation switch
        {
            UnaryOperation unary => UnaryStep(node, unary),
            BinaryOperation when _compounds.TryGetValue(node, out Compound? compound) => CompoundStep(node, compound),
            BinaryOperation binary => BinaryStep(node, binary),
            _ => SelectStep(node),
        };
        foreach (Tensor part in Parts(node)) Release(part);
        FreeLoaded();
        step.Destination = Destination(node);
        _steps.Add(step);
        _values[node] = step.Destination;
    }

    private TileStep UnaryStep(Tensor node, UnaryOperation operation)
    {
        TileOperand a = Vector(node.Inputs[0], node.Shape);
        if (operation == Legalizer.Copy) return new TileStep { Kind = TileStepKind.Copy, A = a, Name = "copy" };
        return Opcodes.Of(operation) is { } opcode
            ? new TileStep { Kind = TileStepKind.Unary, Loop = ElementwiseKernels<T>.Unary(opcode), A = a, Name = operation.Name }
            : new TileStep { Kind = TileStepKind.Function, Function = operation, A = a, Name = operation.Name };
    }

    private TileStep BinaryStep(Tensor node, BinaryOperation operation)
    {
        TileOperand a = Operand(node.Inputs[0], node.Shape), b = Operand(node.Inputs[1], node.Shape);
        if (a.Kind == TileOperandKind.Scalar && b.Kind == TileOperandKind.Scalar) a = Vector(node.Inputs[0], node.Shape);
        int scalars = (a.Kind == TileOperandKind.Scalar ? 1 : 0) | (b.Kind == TileOperandKind.Scalar ? 2 : 0);
        if (Opcodes.Of(operation) is not { } opcode)
            return new TileStep { Kind = TileStepKind.Function, Function = operation, A = a, B = b, Scalars = scalars, Name = operation.Name };
        BinaryOperands operands = scalars switch { 1 => BinaryOperands.ScalarVector, 2 => BinaryOperands.VectorScalar, _ => BinaryOperands.VectorVector };
        return new TileStep { Kind = TileStepKind.Binary, Loop = ElementwiseKernels<T>.Binary(opcode, operands), A = a, B = b, Name = operation.Name };
    }

    private TileStep CompoundStep(Tensor node, Compound compound)
    {
        foreach (Tensor part in compound.Absorbed) _cost += Opcodes.Cost(part.Operation) / 2;
        if (compound.Opcode is not { } opcode)
            return Ternary(TernaryOpcode.MultiplyAdd, node.Shape, "multiplyadd", compound.Vectors[0], compound.Vectors[1], compound.Vectors[2]);
        TileOperand[] vectors = [.. compound.Vectors.Select(vector => Vector(vector, node.Shape))];
        TileOperand[] scalars = [.. compound.Scalars.Select(scalar => new TileOperand(TileOperandKind.Scalar, _storage.Read(View.Of(scalar)!.Base), View.Of(scalar)!.Offset))];
        return new TileStep
        {
            Kind = TileStepKind.Compound,
            Loop = CompoundKernels<T>.Loop(opcode),
            A = vectors[0],
            B = vectors[1],
            C = vectors.Length > 2 ? vectors[2] : vectors[0],
            Weights = [scalars[0], scalars[1], scalars.Length > 2 ? scalars[2] : scalars[0]],
            Name = opcode.ToString().ToLowerInvariant(),
        };
    }

    private TileStep SelectStep(Tensor node) => Ternary(TernaryOpcode.Select, node.Shape, "select", node.Inputs[0], node.Inputs[1], node.Inputs[2]);

    private TileStep Ternary(TernaryOpcode opcode, Shape shape, string name, Tensor first, Tensor second, Tensor third)
    {
        TileOperand a = Operand(first, shape), b = Operand(second, shape), c = Operand(third, shape);
        if (a.Kind == TileOperandKind.Scalar && b.Kind == TileOperandKind.Scalar && c.Kind == TileOperandKind.Scalar) a = Vector(first, shape);
        return new TileStep
        {
            Kind = TileStepKind.Ternary,
            Loop = ElementwiseKernels<T>.Ternary(opcode),
            A = a,
            B = b,
            C = c,
            Scalars = (a.Kind == TileOperandKind.Scalar ? 1 : 0) | (b.Kind == TileOperandKind.Scalar ? 2 : 0) | (c.Kind == TileOperandKind.Scalar ? 4 : 0),
            Name = name,
        };
    }

    /// <summary>An operand as its loop wants it: one value, memory, or a register loaded for it.</summary>
    private TileOperand Operand(Tensor input, Shape shape)
    {
        View view = View.Of(input)!.BroadcastTo(shape);
        if (_group.Count == 1 || view.Strides.Zip(view.Shape).All(pair => pair.First == 0 || pair.Second == 1))
        {
            if (!_values.ContainsKey(view.Base))
                return new TileOperand(_group.Count == 1 ? TileOperandKind.Memory : TileOperandKind.Scalar, _storage.Read(view.Base), view.Offset);
        }

        if (_values.TryGetValue(view.Base, out TileOperand value)) return value;
        if (view.IsContiguous) return new TileOperand(TileOperandKind.Memory, _storage.Read(view.Base), view.Offset);
        TileOperand register = TileOperand.Register(Allocate());
        _steps.Add(new TileStep
        {
            Kind = TileStepKind.Load,
            A = new TileOperand(TileOperandKind.Scalar, _storage.Read(view.Base), view.Offset),
            Load = new TileLoad(view),
            Destination = register,
            Name = "load",
        });
        _cost += 2;
        _loaded.Add(register.Offset);
        return register;
    }

    private TileOperand Vector(Tensor input, Shape shape)
    {
        TileOperand operand = Operand(input, shape);
        return operand.Kind == TileOperandKind.Scalar ? Spread(input, shape) : operand;
    }

    /// <summary>A single value repeated over a tile.</summary>
    private TileOperand Spread(Tensor input, Shape shape)
    {
        View view = View.Of(input)!.BroadcastTo(shape);
        TileOperand register = TileOperand.Register(Allocate());
        _steps.Add(new TileStep
        {
            Kind = TileStepKind.Load,
            A = new TileOperand(TileOperandKind.Scalar, _storage.Read(view.Base), view.Offset),
            Load = new TileLoad(view),
            Destination = register,
            Name = "spread",
        });
        _loaded.Add(register.Offset);
        return register;
    }

    private readonly List<int> _loaded = [];

    private int Allocate() => _free.TryPop(out int register) ? register : _registers++;

    /// <summary>A node and everything computed along with it.</summary>
    private IEnumerable<Tensor> Parts(Tensor node) => _compounds.TryGetValue(node, out Compound? compound) ? compound.Absorbed.Prepend(node) : [node];

    private void FreeLoaded()
    {
        foreach (int register in _loaded) _free.Push(register);
        _loaded.Clear();
    }

    /// <summary>Frees the registers that held the inputs of a node and are not needed again.</summary>
    private void Release(Tensor node)
    {
        foreach (Tensor input in node.Inputs)
        {
            Tensor source = View.Of(input)!.Base;
            if (!_values.TryGetValue(source, out TileOperand value) || value.Kind != TileOperandKind.Register) continue;
            if (--_uses[source] == 0) _free.Push(value.Offset);
        }
    }

    /// <summary>The result goes straight to its memory, unless that is a variable whose old value a later step still reads.</summary>
    private TileOperand Destination(Tensor node)
    {
        if (_storage.BufferOf(node) is not { } buffer)
            return TileOperand.Register(Allocate());
        TileOperand memory = new(TileOperandKind.Memory, buffer, 0);
        if (!_storage.InPlace.TryGetValue(node, out Variable? variable) || !IsReadLater(node, variable)) return memory;
        TileOperand register = TileOperand.Register(Allocate());
        _uses[node] = _uses.GetValueOrDefault(node) + 1;
        _lateStores.Add((register, memory));
        return register;
    }

    private bool IsReadLater(Tensor node, Variable variable)
    {
        bool Reads(Tensor other) => other.Inputs.Any(input => View.Of(input)!.Base.Operation is VariableOperation leaf && leaf.Variable == variable);
        // An absorbed operation is computed inside its reader, so it counts with that.
        bool ReadsWithParts(Tensor other) => !_absorbed.Contains(other) && Parts(other).Any(Reads);
        return _group.Nodes.Skip(_group.Nodes.IndexOf(node) + 1).Any(ReadsWithParts);
    }
}
