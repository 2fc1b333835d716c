namespace Elbo.Numerics;

/// <summary>The reverse sweep: from a scalar's graph to the graphs of its gradients, which differentiate again.</summary>
public static class Differentiation
{
    /// <summary>The gradients of a scalar with respect to each target; zeros where it does not depend on one.</summary>
    /// <param name="scalar">The value to differentiate, of one element.</param>
    /// <param name="targets">Any nodes of its graph: variables, inputs or intermediate values.</param>
    /// <returns>One tensor a target, of the target's shape.</returns>
    /// <exception cref="ArgumentException"><paramref name="scalar"/> has more than one element.</exception>
    public static Tensor[] Gradients(this Tensor scalar, params IReadOnlyList<Tensor> targets)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        ArgumentNullException.ThrowIfNull(targets);
        if (scalar.Shape.ElementCount != 1)
            throw new ArgumentException($"Only a scalar can be differentiated, but the tensor has shape {scalar.Shape}; sum it first.", nameof(scalar));

        List<Tensor> order = GraphOrder.Of([scalar]);
        HashSet<Tensor> relevant = [.. targets];
        foreach (Tensor node in order)
            if (node.Inputs.Any(relevant.Contains)) relevant.Add(node);

        Dictionary<Tensor, Tensor> gradients = new() { [scalar] = Tensor.Full(scalar.Shape, 1) };
        for (int i = order.Count - 1; i >= 0; i--)
        {
            Tensor node = order[i];
            if (!relevant.Contains(node) || !gradients.TryGetValue(node, out Tensor? gradient) || node.Operation.IsLeaf) continue;
            if (!node.Inputs.Any(relevant.Contains)) continue;
            Tensor?[] parts = node.Operation.Gradient(node, gradient);
            for (int j = 0; j < parts.Length; j++)
            {
                if (parts[j] is not { } part || !relevant.Contains(node.Inputs[j])) continue;
                gradients[node.Inputs[j]] = gradients.TryGetValue(node.Inputs[j], out Tensor? sum) ? sum + part : part;
            }
        }

        return [.. targets.Select(target => gradients.TryGetValue(target, out Tensor? gradient) ? gradient : Tensor.Full(target.Shape, 0))];
    }
}
