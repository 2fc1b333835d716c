namespace Elbo.Numerics;

/// <summary>What a product does to each tile of its result while the tile is in the first-level cache.</summary>
/// <param name="Function">The activation; for a mask, the activation whose derivative to multiply by. Null for a bias alone.</param>
/// <param name="Operand">The bias, one value a column or row; for a mask, the activation's saved values.</param>
/// <param name="BiasAxis">What the bias follows; null for a mask.</param>
internal sealed record Epilogue(UnaryOpcode? Function, Tensor Operand, BiasAxis? BiasAxis)
{
    public override string ToString() => BiasAxis is null ? $" ⊙ {Function}′" : $" + bias{(Function is null ? "" : $", {Function}")}";
}

/// <summary>
/// After the groups are made: moves bias and activation behind a product, or the derivative's mask before it on the way back, from
/// their group into the product's. Where the group held nothing else, a pass over memory and an instruction are gone.
/// </summary>
/// <remarks>
/// Only where the product's sole reader is the chain. The chain's operand must not come from what remains of the chain's group: the
/// product would wait for that, and that for the product. Any other wait existed before, as the chain's own. Rounds as
/// the separate passes do: no bit changes.
/// </remarks>
internal sealed class EpilogueFusion(Dictionary<Tensor, Group> groupOf, Dictionary<Tensor, List<Tensor>> readers, HashSet<Tensor> roots)
{
    public void Run(List<Group> groups)
    {
        foreach (Group group in groups)
            if (!group.IsFused && group.Nodes[0].Operation is MatMulOperation or ConvolutionOperation { Kind: not ConvolutionKind.Filters })
                Fuse(group, group.Nodes[0]);
    }

    private void Fuse(Group group, Tensor product)
    {
        if (OnlyReader(product) is not { } first || !Fusion.IsElementwise(first) || !first.Inputs.Any(input => IsWhole(input, product))) return;
        if (first.Operation == Binary.Add) FuseActivation(group, product, first);
        else if (Mask(product, first) is ({ } epilogue, { } helpers)) Move(group, epilogue, [.. helpers, first]);
    }

    private void FuseActivation(Group group, Tensor product, Tensor sum)
    {
        Tensor bias = sum.Inputs[IsWhole(sum.Inputs[0], product) ? 1 : 0];
        BiasAxis axis = product.Operation is MatMulOperation ? BiasAxis.Columns : BiasAxis.Rows;
        if (!sum.Shape.Equals(product.Shape) || View.Of(bias)!.Base == product || !Follows(bias, product.Shape, axis == BiasAxis.Columns ? product.Shape.Rank - 1 : 1)) return;
        Tensor? function = OnlyReader(sum);
        UnaryOpcode? opcode = function?.Operation is UnaryOperation unary && groupOf[function] == groupOf[sum] ? Opcodes.Of(unary) : null;
        if (opcode is UnaryOpcode.Relu or UnaryOpcode.Tanh or UnaryOpcode.Sigmoid or UnaryOpcode.Softplus or UnaryOpcode.Exp) Move(group, new Epilogue(opcode, bias, axis), [sum, function!]);
        else Move(group, new Epilogue(null, bias, axis), [sum]);
    }

    /// <summary>The derivative that a node multiplies the product by, with the nodes that compute it; null where it is none or has other readers.</summary>
    private (Epilogue Epilogue, Tensor[] Helpers)? Mask(Tensor product, Tensor node)
    {
        // A product of numbers that stays in its group may become part of a multiply-add there, which rounds once.
        if (!roots.Contains(node) && readers.GetValueOrDefault(node, []).TrueForAll(reader => groupOf[reader] == groupOf[node])) return null;
        (UnaryOpcode? function, Tensor? values, Tensor[] helpers) = node.Operation switch
        {
            SelectOperation when IsWhole(node.Inputs[1], product) && IsConstant(node.Inputs[2], 0) => ReluMask(node.Inputs[0]),
            BinaryOperation when node.Operation == Binary.Multiply => SmoothMask(node.Inputs[IsWhole(node.Inputs[0], product) ? 1 : 0]),
            _ => (null, null, []),
        };
        if (function is null || !View.Of(values!)!.IsWhole || values!.Shape.ElementCount != product.Shape.ElementCount) return null;
        return Array.TrueForAll(helpers, helper => OnlyReader(helper) is not null && helper.Shape.ElementCount == product.Shape.ElementCount)
            ? (new Epilogue(function, values, null), helpers)
            : null;
    }

    private static (UnaryOpcode? Function, Tensor? Values, Tensor[] Helpers) ReluMask(Tensor condition) =>
        condition.Operation == Binary.Greater && IsConstant(condition.Inputs[1], 0) ? (UnaryOpcode.Relu, condition.Inputs[0], [condition]) : (null, null, []);

    private static (UnaryOpcode? Function, Tensor? Values, Tensor[] Helpers) SmoothMask(Tensor derivative)
    {
        bool isSigmoid = derivative.Operation == Binary.Multiply;
        Tensor rest = isSigmoid ? derivative.Inputs[1] : derivative;
        if (rest.Operation != Binary.Subtract || !IsConstant(rest.Inputs[0], 1)) return (null, null, []);
        Tensor subtracted = rest.Inputs[1];
        if (isSigmoid) return subtracted == derivative.Inputs[0] ? (UnaryOpcode.Sigmoid, subtracted, [rest, derivative]) : (null, null, []);
        return subtracted.Operation == Unary.Square ? (UnaryOpcode.Tanh, subtracted.Inputs[0], [subtracted, rest]) : (null, null, []);
    }

    private void Move(Group group, Epilogue epilogue, Tensor[] chain)
    {
        Group home = groupOf[chain[^1]];
        if (groupOf.TryGetValue(View.Of(epilogue.Operand)!.Base, out Group? source) && source == home) return;
        foreach (Tensor node in chain)
        {
            groupOf[node].Nodes.Remove(node);
            groupOf[node] = group;
            group.Nodes.Add(node);
        }

        group.Epilogue = epilogue;
    }

    /// <summary>The one node that reads another, which is then not needed itself.</summary>
    private Tensor? OnlyReader(Tensor node) => !roots.Contains(node) && readers.TryGetValue(node, out List<Tensor>? list) && list.Count == 1 ? list[0] : null;

    private static bool IsWhole(Tensor input, Tensor source) => View.Of(input) is { IsWhole: true } view && view.Base == source;

    private static bool IsConstant(Tensor input, double value) => View.Of(input)!.Base.Operation is ConstantOperation { IsUniform: true } constant && constant.Values[0] == value;

    /// <summary>Whether an input, stretched to a shape, is one value for each index of one axis.</summary>
    private static bool Follows(Tensor input, Shape shape, int axis)
    {
        View view = View.Of(input)!.BroadcastTo(shape);
        for (int i = 0; i < shape.Rank; i++)
            if (shape[i] != 1 && view.Strides[i] != (i == axis ? 1 : 0)) return false;
        return true;
    }
}
