using System.Numerics;

namespace Elbo.Numerics;

/// <summary>A matrix product, or a batch of equal ones.</summary>
internal sealed unsafe class MatMulInstruction<T> : Instruction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly MatrixProduct<T> _product;
    private readonly MatrixProductShape _shape;
    private readonly TileOperand _left;
    private readonly TileOperand _right;
    private readonly PlanBuffer _result;
    private readonly ProductEpilogue<T>? _epilogue;

    public MatMulInstruction(MatrixProductShape shape, TileOperand left, TileOperand right, PlanBuffer result, ProductEpilogue<T>? epilogue)
    {
        _shape = shape;
        _product = new MatrixProduct<T>(shape, epilogue?.Loops);
        _epilogue = epilogue;
        _left = left;
        _right = right;
        _result = result;
        Workspace = new PlanBuffer((long)Math.Max(1, _product.WorkspaceBytes));
    }

    /// <summary>Memory that this instruction alone uses.</summary>
    public PlanBuffer Workspace { get; }

    public override string Description =>
        $"matmul {_shape.Rows}×{_shape.Depth}{(_shape.TransposeA ? "ᵀ" : "")} · {_shape.Depth}×{_shape.Columns}{(_shape.TransposeB ? "ᵀ" : "")}{(_shape.Batch > 1 ? $" batch {_shape.Batch}" : "")}{_epilogue?.Name}";

    public override long MultiplyAdds => _shape.Work * Math.Max(1, _shape.Batch);

    public static MatrixProductShape ShapeOf(MatMulOperation operation, Shape left, Shape right, Shape result)
    {
        int batch = result.ElementCount / (result[-1] * result[-2]);
        return new MatrixProductShape(result[-2], result[-1], operation.TransposeLeft ? left[-2] : left[-1])
        {
            TransposeA = operation.TransposeLeft,
            TransposeB = operation.TransposeRight,
            Batch = batch,
            BatchStrideA = left[-1] * left[-2],
            BatchStrideB = right[-1] * right[-2],
        };
    }

    public override void Bind() => _epilogue?.Bind();

    public override void Run(WorkerPool pool, in RandomStream stream) =>
        _product.Run((T*)_left.Buffer!.Address + _left.Offset, (T*)_right.Buffer!.Address + _right.Offset, (T*)_result.Address, (byte*)Workspace.Address, pool);

    public override void Execute(int part, int worker) => throw new InvalidOperationException("A matrix product shares out its own work.");
}
