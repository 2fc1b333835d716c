namespace Elbo.Numerics;

/// <summary>A topological order of a graph: every node after its inputs, the same for the same graph.</summary>
internal static class GraphOrder
{
    public static List<Tensor> Of(IReadOnlyList<Tensor> roots)
    {
        List<Tensor> order = [];
        HashSet<Tensor> visited = [];
        Stack<(Tensor Node, int Next)> stack = [];
        foreach (Tensor root in roots)
        {
            if (visited.Add(root)) stack.Push((root, 0));
            while (stack.TryPop(out (Tensor Node, int Next) top))
            {
                if (top.Next == top.Node.Inputs.Length)
                {
                    order.Add(top.Node);
                    continue;
                }

                stack.Push((top.Node, top.Next + 1));
                Tensor input = top.Node.Inputs[top.Next];
                if (visited.Add(input)) stack.Push((input, 0));
            }
        }

        return order;
    }
}
