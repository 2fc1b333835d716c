using System.Numerics;
using System.Runtime.InteropServices;

namespace Elbo.Numerics;

/// <summary>The passes in the order they run: simplify → legalize → fuse → schedule → plan memory → emit.</summary>
internal static unsafe class Compiler
{
    public static CompiledGraph<T> Run<T>(VariableStore<T> variables, IReadOnlyList<Tensor> outputs, IReadOnlyList<Update> updates)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor[] requested = [.. outputs, .. updates.Select(update => update.Value)];
        Tensor[] roots = Legalizer.Run(Simplifier.Run(requested));
        GraphVerifier.Verify(roots);
        Tensor[] results = roots[..outputs.Count];
        Update[] assignments = [.. updates.Select((update, i) => update with { Value = roots[outputs.Count + i] })];

        (List<Group> groups, Dictionary<Tensor, Group> groupOf) = Fusion.Run(roots);
        (List<Group> order, Dictionary<Tensor, Variable> inPlace) = Scheduler.Run(groups, groupOf, assignments, results.ToHashSet());
        Storage<T> storage = new(order, groupOf, inPlace, roots, variables);

        List<Instruction> instructions = [];
        for (int i = 0; i < order.Count; i++) instructions.Add(InstructionFor(order[i], i, storage));
        foreach (Update assignment in assignments)
            if (!inPlace.TryGetValue(assignment.Value, out Variable? home) || home != assignment.Variable)
                instructions.Add(new CopyInstruction(storage.Read(assignment.Value), storage.VariableBuffer(assignment.Variable)));

        // Inputs that nothing reads still have memory: the caller may fill them all the same.
        foreach (Tensor node in GraphOrder.Of(requested))
            if (node.Operation is InputOperation) storage.Read(node);

        long bytes = MemoryPlanner.Run(storage.Buffers);
        byte* arena = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, MemoryPlanner.Alignment), MemoryPlanner.Alignment);
        NativeMemory.Clear(arena, (nuint)Math.Max(bytes, MemoryPlanner.Alignment));
        foreach (PlanBuffer buffer in storage.Buffers) buffer.Address = (nint)(arena + buffer.Offset);
        Dictionary<Tensor, PlanBuffer> inputs = [];
        foreach ((Tensor leaf, PlanBuffer buffer) in storage.Leaves)
        {
            if (leaf.Operation is ConstantOperation constant) Fill(new Span<T>((void*)buffer.Address, leaf.Shape.ElementCount), constant);
            else inputs[leaf] = buffer;
        }

        foreach (Instruction instruction in instructions) instruction.Bind();
        return new CompiledGraph<T>([.. instructions], (nint)arena, bytes, inputs, [.. results.Select(storage.Read)]);
    }

    private static void Fill<T>(Span<T> target, ConstantOperation constant)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < target.Length; i++) target[i] = T.CreateSaturating(constant.Values[constant.IsUniform ? 0 : i]);
    }

    private static Instruction InstructionFor<T>(Group group, int position, Storage<T> storage)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (group.IsFused) return Emitter<T>.Emit(group, storage);
        Tensor node = group.Nodes[0];
        PlanBuffer result = storage.BufferOf(group.Nodes[^1])!;
        TileOperand[] operands = Array.ConvertAll(node.Inputs, input => Contiguous(input, storage));
        switch (node.Operation)
        {
            case RandomOperation random:
                return new RandomInstruction<T>(random, result);
            case MatMulOperation product:
                MatMulInstruction<T> instruction = new(MatMulInstruction<T>.ShapeOf(product, node.Inputs[0].Shape, node.Inputs[1].Shape, node.Shape), operands[0], operands[1], result, EpilogueOf(group, storage));
                storage.Add(instruction.Workspace, position);
                return instruction;
            case ConvolutionOperation:
                ConvolutionInstruction<T> convolution = new(node, operands[0], operands[1], result, EpilogueOf(group, storage));
                storage.Add(convolution.Workspace, position);
                return convolution;
            case PadOperation or ConcatenateOperation:
                return new PlacementInstruction(node, operands, result, sizeof(T));
            case ReduceOperation reduce when ReduceInstruction<T>.TryCreate(reduce, node.Inputs[0].Shape, operands[0].Buffer!, operands[0].Offset, result) is { } reduction:
                return reduction;
            case PoolingOperation pooling:
                return new PoolingInstruction<T>(node, pooling, operands, result);
            case GatherOperation or ScatterAddOperation:
                return new RowInstruction<T>(node, operands, result);
            default:
                return new PlainInstruction<T>(node, operands, result);
        }
    }

    private static ProductEpilogue<T>? EpilogueOf<T>(Group group, Storage<T> storage)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (group.Epilogue is not { } epilogue) return null;
        Shape shape = group.Nodes[0].Shape;
        TileEpilogue<T> loops = epilogue.BiasAxis is { } axis
            ? new ActivationEpilogue<T>(epilogue.Function, axis)
            : new MaskEpilogue<T>(epilogue.Function!.Value, group.Nodes[0].Operation is MatMulOperation ? shape[-1] * shape[-2] : shape.ElementCount / shape[0]);
        return new ProductEpilogue<T>(loops, Contiguous(epilogue.Operand, storage), epilogue.ToString());
    }

    private static TileOperand Contiguous<T>(Tensor input, Storage<T> storage)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        View view = View.Of(input)!;
        return new TileOperand(TileOperandKind.Memory, storage.Read(view.Base), view.Offset);
    }
}

/// <summary>What the passes leave: instructions with addresses, and where the inputs and outputs are.</summary>
internal sealed record CompiledGraph<T>(Instruction[] Instructions, nint Arena, long ArenaBytes, Dictionary<Tensor, PlanBuffer> Inputs, PlanBuffer[] Outputs);
