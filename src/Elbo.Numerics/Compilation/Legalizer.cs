namespace Elbo.Numerics;

/// <summary>
/// The second pass: inserts a copy wherever strides cannot say what is read, that is before a reshape of a transposed view and before
/// operations whose kernels want contiguous operands.
/// </summary>
internal static class Legalizer
{
    public static readonly UnaryOperation Copy = new("copy", x => x, (x, y, g) => g);

    public static Tensor[] Run(IReadOnlyList<Tensor> roots)
    {
        Dictionary<Tensor, Tensor> legal = [];
        Dictionary<Tensor, Tensor> copies = [];
        Tensor Copied(Tensor x) => copies.TryGetValue(x, out Tensor? copy) ? copy : copies[x] = Tensor.Create(Copy, x);
        Tensor Contiguous(Tensor x) => View.Of(x) is { IsContiguous: true } ? x : Copied(x);

        foreach (Tensor node in GraphOrder.Of(roots))
        {
            Tensor[] inputs = Array.ConvertAll(node.Inputs, input => legal[input]);
            switch (node.Operation)
            {
                case UnaryOperation or BinaryOperation or SelectOperation or TransposeOperation or SliceOperation or BroadcastOperation:
                    break;
                case ReduceOperation when Fusion.TrailingRun(node) > 0:
                    break;
                case ReshapeOperation:
                    Tensor reshaped = Tensor.Create(node.Operation, inputs);
                    if (View.Of(reshaped) is null) inputs[0] = Copied(inputs[0]);
                    break;
                default:
                    for (int i = 0; i < inputs.Length; i++) inputs[i] = Contiguous(inputs[i]);
                    break;
            }

            legal[node] = node.Inputs.AsSpan().SequenceEqual(inputs) ? node : Tensor.Create(node.Operation, inputs);
        }

        // A root has memory of its own: a view is copied out, and so is a leaf that a caller may overwrite.
        return [.. roots.Select(root => IsView(legal[root]) || legal[root].Operation.IsLeaf ? Copied(legal[root]) : legal[root])];
    }

    public static bool IsView(Tensor x) => x.Operation is ReshapeOperation or TransposeOperation or SliceOperation or BroadcastOperation;
}
