namespace Elbo.Numerics;

internal sealed unsafe partial class MatrixProduct<T>
{
    /// <summary>A panel of B as the micro-kernel will read it.</summary>
    /// <param name="Data">Its first element.</param>
    /// <param name="Step">Distance of consecutive k.</param>
    /// <param name="Skip">Columns of the panel that lie before its first column of C, because the panel was moved back to stay inside B.</param>
    private readonly record struct PanelView(nint Data, nint Step, int Skip);

    private sealed class ComputeJob(MatrixProduct<T> owner) : ParallelJob
    {
        public override void Execute(int part, int worker)
        {
            var range = owner._tiling.Part(part);
            for (var batch = range.BatchStart; batch < range.BatchEnd; batch++)
                owner.ComputeRange(range, batch, worker);
        }
    }

    /// <summary>By panels, alone or in pairs, each from top to bottom: the panels of B stay in the second-level cache, C and A stream by.</summary>
    private void ComputeRange(in MatrixProductPart range, int batch, int worker)
    {
        var together = _tiling.PanelsTogether;
        for (var panel = range.PanelStart; panel < range.PanelEnd; panel += together)
        {
            var first = ViewPanel(batch, panel, 0, worker);
            var paired = together == 2 && panel + 1 < range.PanelEnd;
            var second = paired ? ViewPanel(batch, panel + 1, 1, worker) : first;
            for (var tile = range.TileStart; tile < range.TileEnd; tile++)
            {
                ComputeTile(batch, tile, panel, first, worker);
                if (paired)
                    ComputeTile(batch, tile, panel + 1, second, worker);
            }
        }
    }

    /// <summary>The worker's memory: the panels of B, then one tile of C.</summary>
    private T* Scratch(int worker, out T* tile)
    {
        var panels = PanelElements * _tiling.PanelsTogether;
        var memory = (T*)_pool.Scratch(worker, (nuint)((panels + _kernels.MaxRows * _kernels.MaxColumns) * sizeof(T)));
        tile = memory + panels;
        return memory;
    }

    private nint PanelElements => (nint)_shape.Depth * _kernels.MaxColumns;

    private PanelView ViewPanel(int batch, int panel, int slot, int worker)
    {
        var padded = _tiling.PanelVectors(panel) * _kernels.Lanes;
        if (_strategy.B == OperandSource.PackedAhead)
            return new PanelView((nint)PackedPanelB(batch, panel), padded, 0);
        var fits = padded <= _shape.Columns;
        if (_strategy.B == OperandSource.InPlace && !_shape.TransposeB && fits)
        {
            var start = Math.Min(_tiling.PanelStart(panel), _shape.Columns - padded);
            var data = _b + batch * _shape.BatchStrideB + start;
            return new PanelView((nint)data, _shape.StrideB, _tiling.PanelStart(panel) - start);
        }
        var target = Scratch(worker, out _) + slot * PanelElements;
        PackPanelB(batch, panel, target);
        return new PanelView((nint)target, padded, 0);
    }

    private void ComputeTile(int batch, int tile, int panel, in PanelView view, int worker)
    {
        var row = _tiling.TileStart(tile);
        var rows = _tiling.TileStart(tile + 1) - row;
        var column = _tiling.PanelStart(panel);
        var columns = _tiling.PanelWidth(panel);
        var vectors = _tiling.PanelVectors(panel);
        var a = TileA(batch, tile, rows, out var aRow, out var aStep);
        var kernel = _kernels.Kernel(rows, vectors);
        var padded = vectors * _kernels.Lanes;
        var matrix = _c + batch * _shape.BatchStrideC;
        if (_strategy.Swapped)
        {
            var target = matrix + column * _shape.StrideC + row;
            Scratch(worker, out var turned);
            kernel(_shape.Depth, a, aRow, aStep, (T*)view.Data, view.Step, null, turned, padded, false);
            StoreTurned(turned + view.Skip, padded, rows, columns, target);
            _epilogue?.Apply(target, _shape.StrideC, column, row, columns, rows, batch);
            return;
        }
        var c = matrix + row * _shape.StrideC + column;
        if (columns == padded)
        {
            kernel(_shape.Depth, a, aRow, aStep, (T*)view.Data, view.Step, null, c, _shape.StrideC, _shape.Accumulate);
        }
        else
        {
            Scratch(worker, out var edge);
            kernel(_shape.Depth, a, aRow, aStep, (T*)view.Data, view.Step, null, edge, padded, false);
            StoreEdge(edge + view.Skip, padded, rows, columns, c);
        }
        _epilogue?.Apply(c, _shape.StrideC, row, column, rows, columns, batch);
    }

    private T* TileA(int batch, int tile, int rows, out nint aRow, out nint aStep)
    {
        if (_strategy.A == OperandSource.PackedAhead)
        {
            (aRow, aStep) = (1, rows);
            return PackedTileA(batch, tile);
        }
        aRow = _shape.TransposeA ? 1 : _shape.StrideA;
        aStep = _shape.TransposeA ? _shape.StrideA : 1;
        return _a + batch * _shape.BatchStrideA + _tiling.TileStart(tile) * aRow;
    }

    /// <summary>Stores a tile of Cᵀ into C.</summary>
    private void StoreTurned(T* tile, int tileStride, int rows, int columns, T* c)
    {
        if (!_shape.Accumulate)
        {
            Packing<T>.TransposeOnly(tile, tileStride, rows, columns, c, _shape.StrideC);
            return;
        }
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++)
                c[i] += tile[i * tileStride + j];
            c += _shape.StrideC;
        }
    }

    /// <summary>Stores the columns of a tile that C has.</summary>
    private void StoreEdge(T* edge, int edgeStride, int rows, int columns, T* c)
    {
        for (var i = 0; i < rows; i++)
        {
            if (_shape.Accumulate)
            {
                for (var j = 0; j < columns; j++)
                    c[j] += edge[j];
            }
            else
            {
                new ReadOnlySpan<T>(edge, columns).CopyTo(new Span<T>(c, columns));
            }
            edge += edgeStride;
            c += _shape.StrideC;
        }
    }
}
