namespace Elbo.Numerics;

/// <summary>
/// Improves what the greedy gathering left: merges two chains where one reads the other and nothing stands between, and moves
/// cheap operations to their only reader, so that a value that can be computed again from what is stored anyway is not stored too.
/// </summary>
internal static class FusionRefinement
{
    /// <summary>The most that is recomputed to save storing one value, in passes of an addition.</summary>
    private const int SinkCost = 3;

    public static void Run(List<Group> groups, Dictionary<Tensor, Group> groupOf, IReadOnlyList<Tensor> roots)
    {
        MergeChains(groups, groupOf);
        Dictionary<Tensor, List<Tensor>> readers = Readers(groups);
        HashSet<Tensor> kept = [.. roots];
        foreach (Group group in groups)
            if (group.IsFused) Sink(group, groupOf, readers, kept);
        new EpilogueFusion(groupOf, readers, kept).Run(groups);
        groups.RemoveAll(group => group.Nodes.Count + group.Reductions.Count == 0);
        Connect(groups, groupOf);
    }

    private static void MergeChains(List<Group> groups, Dictionary<Tensor, Group> groupOf)
    {
        for (int i = groups.Count - 1; i >= 0; i--)
        {
            Group later = groups[i];
            if (!later.IsFused) continue;
            bool merged = true;
            while (merged)
            {
                merged = false;
                foreach (Group earlier in later.Dependencies.OrderBy(group => group.Index))
                {
                    if (!CanMerge(earlier, later, groupOf)) continue;
                    Merge(earlier, later, groups, groupOf);
                    merged = true;
                    break;
                }
            }
        }

        groups.RemoveAll(group => group.Nodes.Count + group.Reductions.Count == 0);
    }

    private static bool CanMerge(Group earlier, Group later, Dictionary<Tensor, Group> groupOf)
    {
        if (!earlier.IsFused || earlier.Count != later.Count) return false;
        if (earlier.Segment > 0 && later.Segment > 0 && earlier.Segment != later.Segment) return false;
        foreach (Tensor node in later.Nodes.Concat(later.Reductions))
        {
            foreach (Tensor input in node.Inputs)
            {
                View view = View.Of(input)!;
                if (!groupOf.TryGetValue(view.Base, out Group? source) || source != earlier) continue;
                if (!view.IsWhole || view.Shape.ElementCount != later.Count || !Fusion.IsElementwise(view.Base)) return false;
            }
        }

        // Anything between the two would have to run both after and before the merged group.
        return !later.Dependencies.Any(other => other != earlier && DependsOn(other, earlier, []));
    }

    private static void Merge(Group earlier, Group later, List<Group> groups, Dictionary<Tensor, Group> groupOf)
    {
        later.Nodes.InsertRange(0, earlier.Nodes);
        later.Reductions.InsertRange(0, earlier.Reductions);
        later.Segment = Math.Max(later.Segment, earlier.Segment);
        foreach (Tensor node in earlier.Nodes.Concat(earlier.Reductions)) groupOf[node] = later;
        later.Dependencies.UnionWith(earlier.Dependencies);
        later.Sources.UnionWith(earlier.Sources);
        foreach (Group group in groups)
            if (group.Dependencies.Remove(earlier) && group != later) group.Dependencies.Add(later);
        earlier.Nodes.Clear();
        earlier.Reductions.Clear();
        earlier.Dependencies.Clear();
    }

    private static Dictionary<Tensor, List<Tensor>> Readers(List<Group> groups)
    {
        Dictionary<Tensor, List<Tensor>> readers = [];
        foreach (Group group in groups)
            foreach (Tensor node in group.Nodes.Concat(group.Reductions))
                foreach (Tensor source in node.Inputs.Select(input => View.Of(input)!.Base).Distinct())
                {
                    if (!readers.TryGetValue(source, out List<Tensor>? list)) readers[source] = list = [];
                    list.Add(node);
                }

        return readers;
    }

    private static void Sink(Group group, Dictionary<Tensor, Group> groupOf, Dictionary<Tensor, List<Tensor>> readers, HashSet<Tensor> roots)
    {
        for (int i = group.Nodes.Count - 1; i >= 0; i--)
        {
            Tensor node = group.Nodes[i];
            if (roots.Contains(node) || !readers.TryGetValue(node, out List<Tensor>? list)) continue;
            Group target = groupOf[list[0]];
            if (target == group || !target.IsFused || target.Count != group.Count || list.Exists(reader => groupOf[reader] != target)) continue;
            if (!ReadsWhole(list, node)) continue;
            List<Tensor> chain = [];
            if (!Collect(node, group, target, groupOf, readers, roots, chain) || chain.Sum(item => Opcodes.Cost(item.Operation)) > SinkCost) continue;
            foreach (Tensor item in chain)
            {
                group.Nodes.Remove(item);
                groupOf[item] = target;
            }

            target.Nodes.InsertRange(0, chain);
            i = Math.Min(i, group.Nodes.Count);
        }
    }

    private static bool ReadsWhole(List<Tensor> readers, Tensor source)
    {
        foreach (Tensor reader in readers)
            foreach (Tensor input in reader.Inputs)
            {
                View view = View.Of(input)!;
                if (view.Base == source && (!view.IsWhole || view.Shape.ElementCount != source.Shape.ElementCount)) return false;
            }

        return true;
    }

    /// <summary>The nodes that must move with one: those that only it reads. Everything else it reads must be in memory anyway.</summary>
    private static bool Collect(Tensor node, Group group, Group target, Dictionary<Tensor, Group> groupOf, Dictionary<Tensor, List<Tensor>> readers, HashSet<Tensor> roots, List<Tensor> chain)
    {
        foreach (Tensor source in node.Inputs.Select(input => View.Of(input)!.Base).Distinct())
        {
            if (!groupOf.TryGetValue(source, out Group? home) || home != group) continue;
            if (roots.Contains(source) || readers[source].Exists(reader => groupOf[reader] != group && !chain.Contains(reader) && groupOf[reader] != target)) continue;
            bool stored = readers[source].Exists(reader => groupOf[reader] != group);
            if (stored) continue;
            if (readers[source].Count > 1 || !Fusion.IsElementwise(source) || chain.Count > SinkCost) return false;
            if (!Collect(source, group, target, groupOf, readers, roots, chain)) return false;
        }

        chain.Add(node);
        return true;
    }

    private static void Connect(List<Group> groups, Dictionary<Tensor, Group> groupOf)
    {
        foreach (Group group in groups)
        {
            group.Dependencies.Clear();
            foreach (Tensor node in group.Nodes.Concat(group.Reductions))
                foreach (Tensor input in node.Inputs)
                    if (groupOf.TryGetValue(View.Of(input)!.Base, out Group? source) && source != group) group.Dependencies.Add(source);
        }
    }

    private static bool DependsOn(Group from, Group target, HashSet<Group> visited)
    {
        foreach (Group dependency in from.Dependencies)
            if (dependency == target || (visited.Add(dependency) && DependsOn(dependency, target, visited))) return true;
        return false;
    }
}
