namespace Elbo.Numerics;

/// <summary>Several operations that one loop computes together.</summary>
internal sealed record Compound(CompoundOpcode? Opcode, Tensor[] Vectors, Tensor[] Scalars, List<Tensor> Absorbed);

/// <summary>Finds, in a fused group, operations whose result nothing else needs and which a loop can compute along with their reader.</summary>
internal sealed class CompoundFinder(Group group, Func<Tensor, bool> canAbsorb, Func<Tensor, bool> isScalar)
{
    private readonly HashSet<Tensor> _absorbed = [];

    /// <summary>The compounds, by the node that ends each. A compound without an opcode is a multiply-add.</summary>
    public Dictionary<Tensor, Compound> Find()
    {
        Dictionary<Tensor, Compound> found = [];
        if (group.Count == 1) return found;

        // From the end, so that the longest expressions are seen before their parts.
        for (int i = group.Nodes.Count - 1; i >= 0; i--)
        {
            Tensor node = group.Nodes[i];
            if (_absorbed.Contains(node)) continue;
            Compound? compound = node.Operation == Binary.Subtract ? AdaptiveStep(node)
                : node.Operation == Binary.Add ? Average(node) ?? MultiplyAdd(node)
                : null;
            if (compound is null) continue;
            _absorbed.UnionWith(compound.Absorbed);
            found[node] = compound;
        }

        return found;
    }

    private bool Is(Tensor node, Operation operation) => node.Operation == operation && !_absorbed.Contains(node) && canAbsorb(node);

    /// <summary>A product with a single value, either way round.</summary>
    private bool IsScaled(Tensor node, out Tensor vector, out Tensor scalar)
    {
        (vector, scalar) = (node, node);
        if (!Is(node, Binary.Multiply)) return false;
        if (isScalar(node.Inputs[1])) (vector, scalar) = (node.Inputs[0], node.Inputs[1]);
        else if (isScalar(node.Inputs[0])) (vector, scalar) = (node.Inputs[1], node.Inputs[0]);
        else return false;
        return !isScalar(vector);
    }

    private Compound? AdaptiveStep(Tensor node)
    {
        Tensor start = node.Inputs[0], quotient = node.Inputs[1];
        if (isScalar(start) || !Is(quotient, Binary.Divide)) return null;
        Tensor numerator = quotient.Inputs[0], denominator = quotient.Inputs[1];
        if (!IsScaled(numerator, out Tensor direction, out Tensor rate) || !Is(denominator, Binary.Add) || !isScalar(denominator.Inputs[1])) return null;
        Tensor root = denominator.Inputs[0], epsilon = denominator.Inputs[1];
        List<Tensor> absorbed = [quotient, numerator, denominator];
        Tensor scale = Tensor.Constant(1);
        if (IsScaled(root, out Tensor unscaled, out Tensor correction))
        {
            absorbed.Add(root);
            (root, scale) = (unscaled, correction);
        }

        if (!Is(root, Unary.Sqrt) || isScalar(root.Inputs[0])) return null;
        absorbed.Add(root);
        return new Compound(CompoundOpcode.AdaptiveStep, [start, direction, root.Inputs[0]], [rate, scale, epsilon], absorbed);
    }

    private Compound? Average(Tensor node)
    {
        if (!IsScaled(node.Inputs[0], out Tensor a, out Tensor s0) || !IsScaled(node.Inputs[1], out Tensor b, out Tensor s1) || ReferenceEquals(node.Inputs[0], node.Inputs[1])) return null;
        List<Tensor> absorbed = [node.Inputs[0], node.Inputs[1]];
        if (Is(b, Unary.Square)) return new Compound(CompoundOpcode.WeightedSquareSum, [a, b.Inputs[0]], [s0, s1], [.. absorbed, b]);
        if (Is(a, Unary.Square)) return new Compound(CompoundOpcode.WeightedSquareSum, [b, a.Inputs[0]], [s1, s0], [.. absorbed, a]);
        return new Compound(CompoundOpcode.WeightedSum, [a, b], [s0, s1], absorbed);
    }

    private Compound? MultiplyAdd(Tensor node)
    {
        for (int side = 0; side < 2; side++)
        {
            Tensor product = node.Inputs[side];
            if (Is(product, Binary.Multiply)) return new Compound(null, [product.Inputs[0], product.Inputs[1], node.Inputs[1 - side]], [], [product]);
        }

        return null;
    }
}
