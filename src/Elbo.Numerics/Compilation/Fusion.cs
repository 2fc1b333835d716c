namespace Elbo.Numerics;

/// <summary>
/// The third pass: gathers element-wise operations that walk the same elements into groups, so that a chain goes through memory
/// once, and hangs reductions over trailing dimensions on the group that makes their input.
/// </summary>
/// <remarks>
/// A node joins a group when they are related (one reads the other, or both read the same memory) and when nothing that the node
/// needs is computed from the group by another one in between. Small groups join unrelated ones too: there a saved instruction
/// is worth more than locality.
/// </remarks>
internal sealed class Fusion
{
    /// <summary>Up to this many elements an instruction costs more than its arithmetic.</summary>
    private const int SmallCount = 4096;

    private readonly Dictionary<Tensor, Group> _groupOf = [];
    private readonly List<Group> _groups = [];

    private Fusion() { }

    /// <summary>The groups, not yet in an order of execution, and the group of every computed node.</summary>
    public static (List<Group> Groups, Dictionary<Tensor, Group> GroupOf) Run(IReadOnlyList<Tensor> roots)
    {
        Fusion fusion = new();
        foreach (Tensor node in GraphOrder.Of(roots))
        {
            if (Legalizer.IsView(node) || node.Operation is LeafOperation and not RandomOperation) continue;
            fusion.Place(node);
        }

        FusionRefinement.Run(fusion._groups, fusion._groupOf, roots);
        return (fusion._groups, fusion._groupOf);
    }

    /// <summary>Whether the node is computed element by element inside a fused group.</summary>
    public static bool IsElementwise(Tensor node) => node.Operation is UnaryOperation or BinaryOperation or SelectOperation;

    /// <summary>The length of the trailing run that a reduction reduces, or 0 when its axes are not the trailing ones.</summary>
    public static int TrailingRun(Tensor node)
    {
        if (node.Operation is not ReduceOperation reduce) return 0;
        Shape shape = node.Inputs[0].Shape;
        int run = 1, axis = shape.Rank - 1;
        for (; axis >= 0 && (shape[axis] == 1 || reduce.Axes.Contains(axis)); axis--) run *= shape[axis];
        for (; axis >= 0; axis--)
            if (shape[axis] != 1 && reduce.Axes.Contains(axis)) return 0;
        return run;
    }

    private void Place(Tensor node)
    {
        bool elementwise = IsElementwise(node);
        int run = TrailingRun(node);
        List<View> views = [.. node.Inputs.Select(input => View.Of(input)!)];
        if (!elementwise && run == 0)
        {
            Add(Open(false, node.Shape.ElementCount), node, views, run);
            return;
        }

        int count = elementwise ? node.Shape.ElementCount : node.Inputs[0].Shape.ElementCount;
        Group? best = null;
        for (int i = _groups.Count - 1; i >= 0 && best is null; i--)
        {
            Group group = _groups[i];
            if (group.IsFused && group.Count == count && (run == 0 || group.Segment == 0 || group.Segment == run)
                && (count <= SmallCount || IsRelated(group, views)) && IsLegal(group, views))
                best = group;
        }

        Add(best ?? Open(true, count), node, views, run);
    }

    private Group Open(bool fused, int count)
    {
        Group group = new(_groups.Count, fused, count);
        _groups.Add(group);
        return group;
    }

    private void Add(Group group, Tensor node, List<View> views, int run)
    {
        if (group.IsFused && run > 0 && !IsElementwise(node))
        {
            group.Segment = run;
            group.Reductions.Add(node);
        }
        else
        {
            group.Nodes.Add(node);
        }

        _groupOf[node] = group;
        foreach (View view in views)
        {
            if (view.Base.Shape.ElementCount > 1) group.Sources.Add(view.Base);
            if (_groupOf.TryGetValue(view.Base, out Group? source) && source != group) group.Dependencies.Add(source);
        }
    }

    private bool IsRelated(Group group, List<View> views) =>
        views.Exists(view => group.Sources.Contains(view.Base) || (_groupOf.TryGetValue(view.Base, out Group? source) && source == group));

    private bool IsLegal(Group group, List<View> views)
    {
        foreach (View view in views)
        {
            if (!_groupOf.TryGetValue(view.Base, out Group? source)) continue;
            if (source == group)
            {
                // Inside the loop only the element at the same position is at hand, and no reduction is complete.
                if (!view.IsWhole || view.Shape.ElementCount != group.Count || !IsElementwise(view.Base)) return false;
            }
            else if (DependsOn(source, group, []))
            {
                return false;
            }
        }

        return true;
    }

    private static bool DependsOn(Group from, Group target, HashSet<Group> visited)
    {
        foreach (Group dependency in from.Dependencies)
            if (dependency == target || (visited.Add(dependency) && DependsOn(dependency, target, visited))) return true;
        return false;
    }
}
