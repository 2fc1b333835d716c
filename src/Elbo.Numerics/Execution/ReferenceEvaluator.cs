namespace Elbo.Numerics;

/// <summary>
/// The oracle: evaluates a graph node by node with scalar loops in double precision. Slow and plain on purpose; every compiled
/// plan is tested against it.
/// </summary>
public static class ReferenceEvaluator
{
    /// <summary>Evaluates tensors.</summary>
    /// <param name="outputs">The nodes to evaluate.</param>
    /// <param name="values">
    /// Row-major values of inputs, variables' <see cref="Variable.Value"/> and random draws; any other node named here is replaced by its value.
    /// </param>
    /// <returns>One row-major array for each output.</returns>
    /// <exception cref="ArgumentException">A leaf has no value, or a value has the wrong length.</exception>
    public static double[][] Evaluate(IReadOnlyList<Tensor> outputs, IReadOnlyDictionary<Tensor, double[]> values)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(values);
        Dictionary<Tensor, double[]> known = [];
        foreach (Tensor node in GraphOrder.Of(outputs))
        {
            if (values.TryGetValue(node, out double[]? given))
            {
                if (given.Length != node.Shape.ElementCount)
                    throw new ArgumentException($"{node} holds {node.Shape.ElementCount} values, but {given.Length} were given.", nameof(values));
                known[node] = given;
                continue;
            }

            if (node.Operation is InputOperation or VariableOperation or RandomOperation)
                throw new ArgumentException($"{node} has no value; give one.", nameof(values));
            double[] result = new double[node.Shape.ElementCount];
            node.Operation.Evaluate(node, Array.ConvertAll(node.Inputs, input => known[input]), result);
            known[node] = result;
        }

        return [.. outputs.Select(output => known[output])];
    }
}
