using System.Numerics;

namespace Elbo.Numerics;

/// <summary>Gathers rows of a table, or adds rows to a table of zeros.</summary>
internal sealed unsafe class RowInstruction<T> : Instruction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int PartElements = 16_384;

    /// <summary>Columns are cut at whole cache lines, so that no two parts write one line.</summary>
    private const int ColumnBlock = 64;

    private readonly bool _isScatter;
    private readonly TileOperand _source;
    private readonly TileOperand _indices;
    private readonly PlanBuffer _result;
    private readonly int _tableRows;
    private readonly int _columns;
    private readonly int _count;

    public RowInstruction(Tensor node, TileOperand[] operands, PlanBuffer result)
    {
        _isScatter = node.Operation is ScatterAddOperation;
        _source = operands[0];
        _indices = operands[1];
        _result = result;
        _tableRows = _isScatter ? node.Shape[0] : node.Inputs[0].Shape[0];
        _count = node.Inputs[1].Shape.ElementCount;
        Shape rows = _isScatter ? node.Inputs[0].Shape : node.Shape;
        _columns = _count == 0 ? 0 : rows.ElementCount / _count;
        int cuts = _isScatter ? _columns / ColumnBlock : _count;
        Parts = Math.Clamp(Math.Min(cuts, _count * _columns / PartElements), 1, 16);
    }

    public override string Description => $"{(_isScatter ? "scatter-add" : "gather")} {_count} rows of {_columns}, table of {_tableRows}";

    public override void Bind() { }

    public override void Execute(int part, int worker)
    {
        T* source = (T*)_source.Buffer!.Address + _source.Offset;
        T* indices = (T*)_indices.Buffer!.Address + _indices.Offset;
        T* result = (T*)_result.Address;
        if (!_isScatter)
        {
            int from = Cut(_count, part);
            RowKernels<T>.Gather(source, _tableRows, _columns, indices + from, Cut(_count, part + 1) - from, result + ((nint)from * _columns));
            return;
        }

        int lines = (_columns + ColumnBlock - 1) / ColumnBlock;
        int first = Math.Min(_columns, Cut(lines, part) * ColumnBlock);
        int last = Math.Min(_columns, Cut(lines, part + 1) * ColumnBlock);
        for (int row = 0; row < _tableRows; row++)
            new Span<T>(result + ((nint)row * _columns) + first, last - first).Clear();
        RowKernels<T>.ScatterAdd(source, _columns, indices, _count, result, _tableRows, first, last);
    }

    private int Cut(int whole, int part) => (int)((long)whole * part / Parts);
}
