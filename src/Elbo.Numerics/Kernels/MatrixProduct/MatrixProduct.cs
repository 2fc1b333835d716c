using System.Numerics;

namespace Elbo.Numerics;

/// <summary>A matrix product of one fixed shape: decided once, run many times, without allocation.</summary>
/// <remarks>
/// <para>Every element of C is a sum in ascending k, whatever the tile, strategy or number of threads, so the same operands
/// give the same bytes.</para>
/// <para>An instance holds the pointers of the run in progress: one run at a time.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed unsafe partial class MatrixProduct<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The product that the kernels compute; where the strategy swaps, "A" below is the caller's B and "B" the caller's A.</summary>
    private readonly MatrixProductShape _shape;
    private readonly MatrixProductStrategy _strategy;
    private readonly MatrixProductTiling _tiling;
    private readonly MicroKernelTable<T> _kernels;
    private readonly TileEpilogue<T>? _epilogue;
    private readonly ComputeJob _compute;
    private readonly PackJob _pack;
    private readonly nint _packedA;
    private T* _a;
    private T* _b;
    private T* _c;
    private T* _workspace;
    private WorkerPool _pool = null!;

    /// <summary>Decides how to compute the product.</summary>
    /// <param name="shape">Sizes, layouts and strides.</param>
    /// <param name="epilogue">What to do with each tile of C once it is complete.</param>
    /// <param name="width">The vector width; the machine's widest when null.</param>
    /// <param name="strategy">Where the operands are read from; chosen by shape when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative or a stride too small.</exception>
    public MatrixProduct(
        MatrixProductShape shape, TileEpilogue<T>? epilogue = null, VectorWidth? width = null, MatrixProductStrategy? strategy = null)
    {
        _shape = shape.Resolve();
        _kernels = MicroKernelTable<T>.For(width ?? VectorWidths.Widest);
        _strategy = strategy ?? MatrixProductStrategy.For(_shape, sizeof(T), _kernels.Lanes);
        if (_strategy.Swapped)
            _shape = _shape.Swap();
        _epilogue = epilogue;
        _tiling = new MatrixProductTiling(_shape, _strategy, _kernels.Lanes, _kernels.MaxRows, sizeof(T));
        _compute = new ComputeJob(this);
        _pack = new PackJob(this);
        _packedA = _strategy.A == OperandSource.PackedAhead ? (nint)_shape.Rows * _shape.Depth : 0;
        PackedB = _strategy.B == OperandSource.PackedAhead ? (nint)_tiling.Panels * _shape.Depth * _kernels.MaxColumns : 0;
    }

    /// <summary>Bytes of memory that a run needs, aligned to 64 bytes; its content need not survive between runs.</summary>
    public nuint WorkspaceBytes => (nuint)((_packedA + PackedB) * ProductsPacked * sizeof(T));

    private nint PackedB { get; }

    private int ProductsPacked => _shape.Batch;

    /// <summary>Computes the product.</summary>
    /// <param name="a">A, laid out as the shape says.</param>
    /// <param name="b">B, laid out as the shape says.</param>
    /// <param name="c">C; overlaps neither operand.</param>
    /// <param name="workspace"><see cref="WorkspaceBytes"/> bytes.</param>
    /// <param name="pool">The threads.</param>
    public void Run(T* a, T* b, T* c, byte* workspace, WorkerPool pool)
    {
        if (_shape.Rows == 0 || _shape.Columns == 0)
            return;
        _a = _strategy.Swapped ? b : a;
        _b = _strategy.Swapped ? a : b;
        _c = c;
        _workspace = (T*)workspace;
        _pool = pool;
        if (_packedA + PackedB > 0)
            pool.Run(_pack, _pack.Parts);
        pool.Run(_compute, _tiling.Parts);
    }

    private T* PackedTileA(int batch, int tile) =>
        _workspace + batch * (_packedA + PackedB) + (nint)_tiling.TileStart(tile) * _shape.Depth;

    private T* PackedPanelB(int batch, int panel) =>
        _workspace + batch * (_packedA + PackedB) + _packedA + (nint)panel * _shape.Depth * _kernels.MaxColumns;

    private void PackTileA(int batch, int tile)
    {
        var start = _tiling.TileStart(tile);
        var height = _tiling.TileStart(tile + 1) - start;
        var a = _a + batch * _shape.BatchStrideA;
        if (_shape.TransposeA)
            Packing<T>.Copy(a + start, _shape.StrideA, height, _shape.Depth, PackedTileA(batch, tile), height);
        else
            Packing<T>.Transpose(a + start * _shape.StrideA, _shape.StrideA, height, _shape.Depth, PackedTileA(batch, tile), height);
    }

    private void PackPanelB(int batch, int panel, T* target)
    {
        var start = _tiling.PanelStart(panel);
        var width = _tiling.PanelWidth(panel);
        var step = _tiling.PanelVectors(panel) * _kernels.Lanes;
        var b = _b + batch * _shape.BatchStrideB;
        if (_shape.TransposeB)
            Packing<T>.Transpose(b + start * _shape.StrideB, _shape.StrideB, width, _shape.Depth, target, step);
        else
            Packing<T>.Copy(b + start, _shape.StrideB, width, _shape.Depth, target, step);
    }

    /// <summary>Packs the operands that are packed ahead: one part for each tile of A, then one for each panel of B.</summary>
    private sealed class PackJob(MatrixProduct<T> owner) : ParallelJob
    {
        private readonly int _tiles = owner._strategy.A == OperandSource.PackedAhead ? owner._tiling.Tiles : 0;
        private readonly int _panels = owner._strategy.B == OperandSource.PackedAhead ? owner._tiling.Panels : 0;

        public int Parts => (_tiles + _panels) * owner.ProductsPacked;

        public override void Execute(int part, int worker)
        {
            var batch = part / (_tiles + _panels);
            var index = part % (_tiles + _panels);
            if (index < _tiles)
                owner.PackTileA(batch, index);
            else
                owner.PackPanelB(batch, index - _tiles, owner.PackedPanelB(batch, index - _tiles));
        }
    }
}
