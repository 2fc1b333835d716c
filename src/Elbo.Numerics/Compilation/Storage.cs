using System.Numerics;

namespace Elbo.Numerics;

/// <summary>Which memory holds which node, and while which instructions run.</summary>
internal sealed unsafe class Storage<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<Tensor, PlanBuffer> _stored = [];
    private readonly Dictionary<Tensor, PlanBuffer> _leaves = [];
    private readonly Dictionary<Tensor, PlanBuffer> _partials = [];
    private readonly VariableStore<T> _variables;
    private readonly int _end;

    public Storage(List<Group> order, Dictionary<Tensor, Group> groupOf, Dictionary<Tensor, Variable> inPlace, IReadOnlyList<Tensor> roots, VariableStore<T> variables)
    {
        GroupOf = groupOf;
        InPlace = inPlace;
        _variables = variables;
        _end = order.Count;
        Dictionary<Group, int> position = [];
        for (int i = 0; i < order.Count; i++) position[order[i]] = i;

        foreach (Tensor root in roots) Keep(root, position, _end);
        foreach (Group group in order)
        {
            foreach (Tensor node in group.Nodes.Concat(group.Reductions))
                foreach (Tensor input in node.Inputs)
                    Use(View.Of(input)!.Base, group, node, position);
            if (!group.IsFused) Keep(group.Nodes[^1], position, position[group]);
            foreach (Tensor reduction in group.Reductions)
            {
                Keep(reduction, position, position[group]);
                int chunks = FusedInstruction<T>.Chunks(group.Count, group.Segment);
                if (chunks > 1) _partials[reduction] = Temporary((long)group.Count / group.Segment * chunks * sizeof(T), position[group]);
            }
        }
    }

    public Dictionary<Tensor, Group> GroupOf { get; }

    /// <summary>Update values that live in their variable's memory.</summary>
    public Dictionary<Tensor, Variable> InPlace { get; }

    /// <summary>Every buffer that needs a place, in a fixed order.</summary>
    public List<PlanBuffer> Buffers { get; } = [];

    /// <summary>The leaves that have memory in the arena, to be filled by the plan: constants once, inputs by the caller.</summary>
    public IEnumerable<KeyValuePair<Tensor, PlanBuffer>> Leaves => _leaves.Where(pair => !pair.Value.IsExternal);

    /// <summary>Where a computed node is stored; null when it never leaves the registers of its group.</summary>
    public PlanBuffer? BufferOf(Tensor node) => _stored.GetValueOrDefault(node);

    public PlanBuffer? PartialsOf(Tensor node) => _partials.GetValueOrDefault(node);

    /// <summary>Where to read a node that some instruction before has stored, or a leaf.</summary>
    public PlanBuffer Read(Tensor node) => _stored.TryGetValue(node, out PlanBuffer? buffer) ? buffer : Leaf(node);

    /// <summary>A variable's own memory.</summary>
    public PlanBuffer VariableBuffer(Variable variable) =>
        new((long)variable.Shape.ElementCount * sizeof(T)) { IsExternal = true, Address = (nint)_variables.Pointer(variable) };

    /// <summary>Memory that one instruction alone uses.</summary>
    public PlanBuffer Temporary(long bytes, int position)
    {
        PlanBuffer buffer = new(bytes);
        Add(buffer, position);
        return buffer;
    }

    /// <summary>Plans memory that the instruction at a position alone uses.</summary>
    public void Add(PlanBuffer buffer, int position)
    {
        buffer.First = buffer.Last = position;
        Buffers.Add(buffer);
    }

    private void Use(Tensor source, Group reader, Tensor node, Dictionary<Group, int> position)
    {
        if (!GroupOf.TryGetValue(source, out Group? group)) Leaf(source);
        else if (group != reader) Keep(source, position, position[reader]);
        else if (group.IsFused && !Fusion.IsElementwise(source)) throw new InvalidOperationException($"{node} reads {source} inside its own group; this is a defect of the compiler.");
    }

    private void Keep(Tensor node, Dictionary<Group, int> position, int last)
    {
        if (!_stored.TryGetValue(node, out PlanBuffer? buffer))
        {
            if (InPlace.TryGetValue(node, out Variable? variable))
            {
                buffer = VariableBuffer(variable);
            }
            else
            {
                buffer = new PlanBuffer((long)node.Shape.ElementCount * sizeof(T)) { First = position[GroupOf[node]], Last = position[GroupOf[node]] };
                Buffers.Add(buffer);
            }

            _stored.Add(node, buffer);
        }

        buffer.Last = Math.Max(buffer.Last, last);
    }

    private PlanBuffer Leaf(Tensor leaf)
    {
        if (_leaves.TryGetValue(leaf, out PlanBuffer? known)) return known;
        PlanBuffer buffer = leaf.Operation is VariableOperation { Variable: var variable }
            ? VariableBuffer(variable)
            : new PlanBuffer((long)leaf.Shape.ElementCount * sizeof(T)) { First = 0, Last = _end };
        // A uniform constant is only ever read as one value, whatever its shape.
        if (!buffer.IsExternal) Buffers.Add(buffer);
        _leaves.Add(leaf, buffer);
        return buffer;
    }
}
