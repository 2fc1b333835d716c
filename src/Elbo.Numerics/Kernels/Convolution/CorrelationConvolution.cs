using System.Numerics;

namespace Elbo.Numerics;

/// <summary>The products whose result is an image: forward, and the gradient by the images.</summary>
/// <remarks>
/// Both correlate padded planes with taps. The gradient by the images falls apart into one stride-1 correlation for each
/// position of a pixel relative to the stride (<see cref="CorrelationPhase"/>), so no multiplication by inserted zeros
/// is ever done.
/// </remarks>
internal sealed unsafe class CorrelationConvolution<T> : Convolution<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly CorrelationGeometry<T> _geometry;
    private readonly CorrelationPhase[] _phases;
    private readonly CorrelationColumns<T> _columns;
    private readonly nint[] _packedFilters;
    private readonly MicroKernelTable<T> _kernels;
    private readonly TileEpilogue<T>? _epilogue;
    private readonly int _rows;
    private readonly int _tiles;
    private readonly int _groups;
    private readonly int _parts;

    /// <summary>Into how many runs of channels each group's result is cut, where there are too few groups to share out.</summary>
    private readonly int _channelParts;

    /// <summary>Whether every panel is a run of places of one image, so that the kernel can store into the target itself.</summary>
    private readonly bool _direct;
    private readonly PackJob _pack;
    private readonly CorrelateJob _correlate;
    private T* _source;
    private T* _filters;
    private T* _target;
    private T* _workspace;
    private WorkerPool _pool = null!;

    public CorrelationConvolution(ConvolutionKind kind, ConvolutionShape shape, TileEpilogue<T>? epilogue, VectorWidth width)
    {
        _geometry = CorrelationGeometry<T>.Of(kind, shape);
        _phases = _geometry.Phases;
        _kernels = MicroKernelTable<T>.For(width);
        _epilogue = epilogue;
        _rows = _geometry.TargetChannels;
        _tiles = (_rows + _kernels.MaxRows - 1) / _kernels.MaxRows;
        _columns = new CorrelationColumns<T>(_geometry, shape.Images, width, _kernels.Lanes);
        _groups = (shape.Images + _columns.Group - 1) / _columns.Group;
        _direct = _phases.Length == 1 && _columns.ImageColumns == _geometry.GridPixels && _geometry.GridPixels % _kernels.MaxColumns == 0;
        // A part loads its images once, so parts are whole groups; about 30 µs at least. Few images are loaded again for each run of
        // channels, which costs a twentieth to a tenth of the sums.
        var wanted = (int)Math.Clamp(shape.Work >> 20, 1, 64);
        _channelParts = Math.Clamp(Math.Min(wanted, 4) / Math.Max(_groups, 1), 1, _tiles);
        _parts = _channelParts > 1 ? _groups * _channelParts : Math.Clamp(_groups, 1, wanted);
        _packedFilters = new nint[_phases.Length + 1];
        for (var i = 0; i < _phases.Length; i++)
            _packedFilters[i + 1] = _packedFilters[i] + (nint)_rows * _phases[i].Depth;
        _pack = new PackJob(this);
        _correlate = new CorrelateJob(this);
        Images = shape.Images;
    }

    public override nuint WorkspaceBytes => (nuint)(_packedFilters[^1] * sizeof(T));

    private int Images { get; }

    public override void Run(T* left, T* right, T* result, byte* workspace, WorkerPool pool)
    {
        if (Images == 0)
            return;
        _source = left;
        _filters = right;
        _target = result;
        _workspace = (T*)workspace;
        _pool = pool;
        pool.Run(_pack, _phases.Length * _tiles);
        pool.Run(_correlate, _parts);
    }

    private int TileStart(int tile) => tile * (_rows / _tiles) + Math.Min(tile, _rows % _tiles);

    private void PackTile(int phase, int tile)
    {
        var start = TileStart(tile);
        var height = TileStart(tile + 1) - start;
        var target = _workspace + _packedFilters[phase] + (nint)start * _phases[phase].Depth;
        if (_geometry.FiltersAreRows)
        {
            Packing<T>.TransposeOnly(
                _filters + (nint)start * _geometry.FilterRow, _geometry.FilterRow, height, _phases[phase].Depth, target, height);
            return;
        }
        foreach (var offset in _phases[phase].FilterOffsets)
        {
            var source = _filters + offset + (nint)start * _geometry.FilterRow;
            for (var i = 0; i < height; i++)
                target[i] = source[i * _geometry.FilterRow];
            target += height;
        }
    }

    private void CorrelateGroup(int group, int channelPart, int worker)
    {
        var firstTile = channelPart * _tiles / _channelParts;
        var endTile = (channelPart + 1) * _tiles / _channelParts;
        var first = group * _columns.Group;
        var images = Math.Min(_columns.Group, Images - first);
        nint planeElements = _geometry.SourceChannels * _columns.Planes.ChannelSize + PatchTable<T>.Slack;
        var resultElements = _direct ? 0 : (nint)_phases.Length * _rows * _columns.Columns;
        var planes = (T*)_pool.Scratch(worker, (nuint)((planeElements + _columns.Elements + resultElements) * sizeof(T)));
        var operand = planes + planeElements;
        var result = operand + _columns.Elements;
        _columns.Planes.Clear(_geometry.SourceChannels, planes);
        for (var image = 0; image < images; image++)
        {
            var source = _source + (nint)(first + image) * _geometry.SourceChannels * _geometry.SourcePixels;
            _columns.Planes.Load(source, _geometry.SourceChannels, image, planes);
        }
        _columns.Prepare(planes, operand);
        var columns = Math.Min(images * _columns.ImageColumns, _columns.Columns);
        for (var start = 0; start < columns; start += _kernels.MaxColumns)
        {
            // The phases of a panel read the same planes.
            for (var phase = 0; phase < _phases.Length; phase++)
            {
                var vectors = Math.Min(2, (columns - start + _kernels.Lanes - 1) / _kernels.Lanes);
                var panel = _columns.Panel(phase, start / _kernels.MaxColumns, planes, operand, out var next);
                if (_direct)
                    CorrelatePanel(phase, vectors, firstTile, endTile, panel, next, Place(first, start), _geometry.TargetPixels);
                else
                    CorrelatePanel(phase, vectors, firstTile, endTile, panel, next, result + (nint)phase * _rows * _columns.Columns + start, _columns.Columns);
            }
        }
        int firstRow = TileStart(firstTile), endRow = TileStart(endTile);
        for (var image = 0; image < images; image++)
        {
            var target = _target + (nint)(first + image) * _rows * _geometry.TargetPixels;
            if (!_direct)
                _geometry.Merge(result, _columns.Columns, image * _columns.ImageColumns, target, firstRow, endRow);
            _epilogue?.Apply(target + (nint)firstRow * _geometry.TargetPixels, _geometry.TargetPixels, firstRow, 0, endRow - firstRow, _geometry.TargetPixels, first + image);
        }
    }

    /// <summary>Where a column of a group goes that is stored directly.</summary>
    private T* Place(int firstImage, int column) =>
        _target + ((nint)firstImage + column / _geometry.TargetPixels) * _rows * _geometry.TargetPixels + column % _geometry.TargetPixels;

    private void CorrelatePanel(int phase, int vectors, int firstTile, int endTile, T* panel, int next, T* result, int resultRow)
    {
        var depth = _phases[phase].Depth;
        var filters = _workspace + _packedFilters[phase];
        fixed (int* offsets = _columns.Offsets(phase))
        {
            for (var tile = firstTile; tile < endTile; tile++)
            {
                var row = TileStart(tile);
                var rows = TileStart(tile + 1) - row;
                _kernels.IndexedKernel(rows, vectors)(
                    depth, filters + (nint)row * depth, 1, rows, panel, next, offsets, result + (nint)row * resultRow, resultRow, false);
            }
        }
    }

    private sealed class PackJob(CorrelationConvolution<T> owner) : ParallelJob
    {
        public override void Execute(int part, int worker) => owner.PackTile(part / owner._tiles, part % owner._tiles);
    }

    private sealed class CorrelateJob(CorrelationConvolution<T> owner) : ParallelJob
    {
        public override void Execute(int part, int worker)
        {
            var units = (long)owner._groups * owner._channelParts;
            var end = (int)((part + 1) * units / owner._parts);
            for (var unit = (int)(part * units / owner._parts); unit < end; unit++)
                owner.CorrelateGroup(unit / owner._channelParts, unit % owner._channelParts, worker);
        }
    }
}
