namespace Elbo.Numerics;

/// <summary>Copies memory as it is: an update whose value could not be written in place.</summary>
internal sealed unsafe class CopyInstruction(PlanBuffer source, PlanBuffer target) : Instruction
{
    public override string Description => $"copy {source.Bytes} bytes";

    public override void Bind() { }

    public override void Execute(int part, int worker) =>
        Buffer.MemoryCopy((void*)source.Address, (void*)target.Address, target.Bytes, source.Bytes);
}

/// <summary>Puts tensors one after another along an axis, or a tensor amid zeros.</summary>
internal sealed unsafe class PlacementInstruction : Instruction
{
    private readonly (TileOperand Source, int Start, int[] Extents, int[] Strides)[] _pieces;
    private readonly PlanBuffer _result;
    private readonly int _elementBytes;
    private readonly bool _clear;
    private readonly string _name;

    /// <param name="node">A concatenation or a padding.</param>
    /// <param name="operands">Its contiguous inputs.</param>
    /// <param name="result">Where the result goes.</param>
    /// <param name="elementBytes">The size of an element.</param>
    public PlacementInstruction(Tensor node, TileOperand[] operands, PlanBuffer result, int elementBytes)
    {
        _result = result;
        _elementBytes = elementBytes;
        _name = node.Operation.Name;
        _clear = node.Operation is PadOperation;
        int[] strides = node.Shape.Strides();
        _pieces = new (TileOperand, int, int[], int[])[operands.Length];
        int start = 0;
        for (int i = 0; i < operands.Length; i++)
        {
            Shape shape = node.Inputs[i].Shape;
            if (node.Operation is PadOperation pad)
                for (int axis = 0; axis < strides.Length; axis++) start += pad.Before[axis] * strides[axis];
            _pieces[i] = (operands[i], start, shape.ToArray(), strides);
            if (node.Operation is ConcatenateOperation concatenate) start += strides[concatenate.Axis] * shape[concatenate.Axis];
        }
    }

    public override string Description => _name;

    public override void Bind() { }

    public override void Execute(int part, int worker)
    {
        byte* result = (byte*)_result.Address;
        if (_clear) new Span<byte>(result, checked((int)_result.Bytes)).Clear();
        foreach ((TileOperand source, int start, int[] extents, int[] strides) in _pieces)
        {
            byte* from = (byte*)source.Buffer!.Address + (long)source.Offset * _elementBytes;
            Place(from, result + (long)start * _elementBytes, extents, strides, 0);
        }
    }

    /// <summary>Copies the block of dimensions from <paramref name="axis"/> on; returns the bytes read.</summary>
    private long Place(byte* from, byte* to, int[] extents, int[] strides, int axis)
    {
        if (axis >= extents.Length - 1)
        {
            long bytes = (long)(extents.Length == 0 ? 1 : extents[^1]) * _elementBytes;
            Buffer.MemoryCopy(from, to, bytes, bytes);
            return bytes;
        }

        long read = 0;
        for (int i = 0; i < extents[axis]; i++) read += Place(from + read, to + (long)i * strides[axis] * _elementBytes, extents, strides, axis + 1);
        return read;
    }
}
