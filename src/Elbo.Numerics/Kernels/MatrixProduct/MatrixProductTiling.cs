namespace Elbo.Numerics;

/// <summary>The cut of C into tiles, panels and parts; a function of the shape and the vector width alone.</summary>
/// <remarks>
/// Rows are cut into tiles of nearly equal height (the kernels run at full rate from four rows up, so 100 rows are cheaper
/// as 8 tiles of 12 or 13 than as 7 of 14 and one of 2); columns into panels of two vectors and one narrower last panel.
/// </remarks>
internal sealed class MatrixProductTiling
{
    /// <summary>Multiply-adds that are worth a part of their own: about 1 µs on one core, four times a fork and join.</summary>
    public const long PartWork = 1 << 16;

    private const int MaxParts = 64;

    /// <summary>A that does not stay in a core's own cache is read again for every panel, so two panels share each reading where both fit beside it.</summary>
    private const long OwnCache = 1 << 20;

    private readonly int _rows;
    private readonly int _columns;
    private readonly int _panelColumns;
    private readonly int _lanes;
    private readonly int _batchGroups;
    private readonly int _tileGroups;
    private readonly int _panelGroups;
    private readonly int _batch;

    public MatrixProductTiling(MatrixProductShape shape, MatrixProductStrategy strategy, int lanes, int maxRows, int elementBytes)
    {
        _rows = shape.Rows;
        _columns = shape.Columns;
        _lanes = lanes;
        _panelColumns = 2 * lanes;
        _batch = shape.Batch;
        Tiles = (_rows + maxRows - 1) / maxRows;
        Panels = (_columns + _panelColumns - 1) / _panelColumns;
        var wanted = (int)Math.Clamp(shape.Work * shape.Batch / PartWork, 1, MaxParts);
        _batchGroups = Math.Min(_batch, wanted);
        wanted = (wanted + _batchGroups - 1) / _batchGroups;
        var large = (long)shape.Rows * shape.Depth * elementBytes > 2 * OwnCache && 2L * shape.Depth * _panelColumns * elementBytes <= OwnCache / 2;
        PanelsTogether = large && Panels > 2 ? 2 : 1;
        _panelGroups = Math.Min((Panels + PanelsTogether - 1) / PanelsTogether, wanted);
        // A panel packed on use would be packed again by every part that meets it.
        _tileGroups = strategy.B == OperandSource.PackedOnUse
            ? 1
            : Math.Min(Tiles, (wanted + _panelGroups - 1) / Math.Max(_panelGroups, 1));
    }

    public int Tiles { get; }

    public int Panels { get; }

    /// <summary>Panels that each tile of A meets before the next tile: 1 or 2.</summary>
    public int PanelsTogether { get; }

    public int Parts => _batchGroups * _tileGroups * _panelGroups;

    /// <summary>First row of a tile; of the tile past the last one, the number of rows.</summary>
    public int TileStart(int tile)
    {
        var height = _rows / Tiles;
        var higher = _rows % Tiles;
        return tile * height + Math.Min(tile, higher);
    }

    public int PanelStart(int panel) => panel * _panelColumns;

    public int PanelWidth(int panel) => Math.Min(_panelColumns, _columns - PanelStart(panel));

    /// <summary>Vectors in a row of the panel: 1 or 2.</summary>
    public int PanelVectors(int panel) => (PanelWidth(panel) + _lanes - 1) / _lanes;

    /// <summary>The rectangle of tiles and panels that a part computes.</summary>
    public MatrixProductPart Part(int part)
    {
        // Neighbouring parts share panels of B, so that a thread, which takes neighbours, keeps them in its cache.
        var tileGroup = part % _tileGroups;
        part /= _tileGroups;
        var panelGroup = part % _panelGroups;
        var batchGroup = part / _panelGroups;
        return new MatrixProductPart(
            Cut(_batch, batchGroup, _batchGroups), Cut(_batch, batchGroup + 1, _batchGroups),
            Cut(Tiles, tileGroup, _tileGroups), Cut(Tiles, tileGroup + 1, _tileGroups),
            Cut(Panels, panelGroup, _panelGroups), Cut(Panels, panelGroup + 1, _panelGroups));
    }

    private static int Cut(int count, int group, int groups) => (int)((long)count * group / groups);
}

/// <summary>Ranges of products, tiles and panels; the ends are exclusive.</summary>
internal readonly record struct MatrixProductPart(
    int BatchStart, int BatchEnd, int TileStart, int TileEnd, int PanelStart, int PanelEnd);
