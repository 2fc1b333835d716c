namespace Elbo.Numerics;

/// <summary>
/// The fourth pass: an order of execution, and which updates may be written straight into their variable. That is safe when
/// every reader of the old value runs before the writer, or reads each element just before it is written.
/// </summary>
internal sealed class Scheduler
{
    private readonly List<Group> _groups;
    private readonly Dictionary<Group, HashSet<Group>> _before = [];

    private Scheduler(List<Group> groups)
    {
        _groups = groups;
        foreach (Group group in groups) _before[group] = [.. group.Dependencies];
    }

    /// <summary>The groups in order, and the update values that may live in their variable's memory.</summary>
    public static (List<Group> Order, Dictionary<Tensor, Variable> InPlace) Run(List<Group> groups, Dictionary<Tensor, Group> groupOf, IReadOnlyList<Update> updates, IReadOnlySet<Tensor> outputs)
    {
        Scheduler scheduler = new(groups);
        Dictionary<Tensor, Variable> inPlace = [];
        foreach (Update update in updates)
        {
            if (!groupOf.TryGetValue(update.Value, out Group? writer) || inPlace.ContainsKey(update.Value) || outputs.Contains(update.Value)) continue;
            if (scheduler.TryOrderReadersBefore(writer, update)) inPlace[update.Value] = update.Variable;
        }

        return (scheduler.Order(), inPlace);
    }

    private bool TryOrderReadersBefore(Group writer, Update update)
    {
        List<Group> readers = [];
        foreach (Group group in _groups)
        {
            foreach (Tensor node in group.Nodes.Concat(group.Reductions))
            {
                foreach (Tensor input in node.Inputs)
                {
                    View view = View.Of(input)!;
                    if (view.Base.Operation is not VariableOperation leaf || leaf.Variable != update.Variable) continue;
                    // Reductions read the tile after everything is stored, so they would see the new value, as would the epilogue of a product.
                    bool samePosition = group == writer && group.IsFused && Fusion.IsElementwise(node) && view.IsWhole && view.Shape.ElementCount == group.Count;
                    if (group == writer && !samePosition) return false;
                    if (group != writer) readers.Add(group);
                }
            }
        }

        foreach (Group reader in readers)
            if (Reaches(reader, writer, [])) return false;
        foreach (Group reader in readers) _before[writer].Add(reader);
        return true;
    }

    /// <summary>Whether <paramref name="from"/> must run after <paramref name="target"/>.</summary>
    private bool Reaches(Group from, Group target, HashSet<Group> visited)
    {
        foreach (Group earlier in _before[from])
            if (earlier == target || (visited.Add(earlier) && Reaches(earlier, target, visited))) return true;
        return false;
    }

    /// <summary>Each group as soon as what it waits for is done, the earliest made first.</summary>
    private List<Group> Order()
    {
        Dictionary<Group, int> waiting = [];
        Dictionary<Group, List<Group>> after = [];
        PriorityQueue<Group, int> ready = new();
        foreach (Group group in _groups) after[group] = [];
        foreach (Group group in _groups)
        {
            waiting[group] = _before[group].Count;
            foreach (Group earlier in _before[group]) after[earlier].Add(group);
            if (waiting[group] == 0) ready.Enqueue(group, group.Index);
        }

        List<Group> order = [];
        while (ready.TryDequeue(out Group? group, out _))
        {
            order.Add(group);
            foreach (Group later in after[group])
                if (--waiting[later] == 0) ready.Enqueue(later, later.Index);
        }

        return order.Count == _groups.Count
            ? order
            : throw new InvalidOperationException("The groups of the plan wait for each other in a circle; this is a defect of the compiler.");
    }
}
