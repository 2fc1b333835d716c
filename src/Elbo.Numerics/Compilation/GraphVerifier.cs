namespace Elbo.Numerics;

/// <summary>Checks that a graph is one: every node's shape is what its operation makes of its inputs, and every view is readable by strides.</summary>
internal static class GraphVerifier
{
    public static void Verify(IReadOnlyList<Tensor> roots)
    {
        HashSet<Tensor> seen = [];
        foreach (Tensor node in GraphOrder.Of(roots))
        {
            foreach (Tensor input in node.Inputs)
                if (!seen.Contains(input)) throw new InvalidOperationException($"{node} comes before its input {input}; this is a defect of the compiler.");
            Shape expected = node.Operation.InferShape(Array.ConvertAll(node.Inputs, input => input.Shape));
            if (!expected.Equals(node.Shape)) throw new InvalidOperationException($"{node} should have shape {expected}; this is a defect of the compiler.");
            if (View.Of(node) is null) throw new InvalidOperationException($"{node} cannot be read by strides and was not copied; this is a defect of the compiler.");
            seen.Add(node);
        }
    }
}
