using System.Numerics;

namespace Elbo.Numerics;

/// <summary>The gradient by the filters: <c>w[f, k] = Σ_n Σ_p patch[n][k, p] · y[n, f, p]</c> over all images n and places p.</summary>
/// <remarks>
/// Computed as <c>wᵀ = patches · yᵀ</c>: transposing y is a small thing next to transposing patches, whose rows the kernel
/// reads by broadcasts along the places, copied piece by piece. Runs of images are shared out, so that a worker reads x and y
/// once; their partial sums are added in order at the end, and turned into w.
/// </remarks>
internal sealed unsafe class FiltersConvolution<T> : Convolution<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Places of a piece: its planes, its yᵀ and the partial sums together stay in the second-level cache, a tile of its patches in the first.</summary>
    private const int PieceColumns = 320;

    /// <summary>Rows of wᵀ in a part of the final sum.</summary>
    private const int FinishRows = 64;

    private readonly ConvolutionShape _shape;
    private readonly PatchPlanes<T> _planes;
    private readonly PatchTable<T> _patches;
    private readonly MicroKernelTable<T> _kernels;
    private readonly delegate*<T*, T*, T*, int, void> _add;
    private readonly int _group;
    private readonly int _channelParts;
    private readonly int _imageParts;
    private readonly int _panels;
    private readonly SumJob _sum;
    private readonly FinishJob _finish;
    private T* _images;
    private T* _responses;
    private T* _result;
    private T* _partials;
    private WorkerPool _pool = null!;

    public FiltersConvolution(ConvolutionShape shape, VectorWidth width)
    {
        _shape = shape;
        _kernels = MicroKernelTable<T>.For(width);
        _add = ElementwiseKernels<T>.Binary(BinaryOpcode.Add, BinaryOperands.VectorVector, width);
        _panels = (shape.Filters + _kernels.MaxColumns - 1) / _kernels.MaxColumns;
        _group = Math.Clamp(PieceColumns / shape.ResponsePixels, 1, Math.Max(shape.Images, 1));
        _planes = PatchPlanes<T>.Of(shape, _group);
        // Each run of images costs one addition per filter element at the end, against its places / 16 cycles of sums:
        // at least 320 places keep that to a twentieth. Where images do not yield eight parts, channels do.
        var wanted = (int)Math.Clamp(shape.Work >> 20, 1, 16);
        var runs = (long)shape.Images * shape.ResponsePixels / 320;
        _imageParts = (int)Math.Clamp(Math.Min(wanted, runs), 1, Math.Max(shape.Images, 1));
        var most = Math.Clamp(Rows / (4 * _kernels.MaxRows), 1, shape.Channels);
        _channelParts = Math.Min((Math.Min(wanted, 8) + _imageParts - 1) / _imageParts, most);
        var channels = (shape.Channels + _channelParts - 1) / _channelParts;
        var rows = new int[channels * shape.Taps];
        for (var k = 0; k < rows.Length; k++)
        {
            var tap = k % shape.Taps;
            rows[k] = k / shape.Taps * _planes.ChannelSize + _planes.Offset(tap / shape.KernelWidth, tap % shape.KernelWidth);
        }
        _patches = new PatchTable<T>(
            rows, _group, _planes.PlaneSize, shape.ResponseHeight, shape.ResponseWidth, _planes.Pitch, PieceColumns, width);
        _sum = new SumJob(this);
        _finish = new FinishJob(this);
    }

    public override nuint WorkspaceBytes => (nuint)(_imageParts * PartialElements * sizeof(T));

    /// <summary>Columns of yᵀ and wᵀ: the filters, filled up to whole panels.</summary>
    private int PaddedFilters => _panels * _kernels.MaxColumns;

    private int Rows => _shape.Channels * _shape.Taps;

    private nint PartialElements => (nint)Rows * PaddedFilters;

    /// <summary>Distance of the rows of a tile of patches; off the power of two, where rows would compete for few sets of the cache.</summary>
    private static int TileStep => PieceColumns + PatchTable<T>.Slack;

    public override void Run(T* left, T* right, T* result, byte* workspace, WorkerPool pool)
    {
        _images = left;
        _responses = right;
        _result = result;
        _partials = (T*)workspace;
        _pool = pool;
        pool.Run(_sum, _channelParts * _imageParts);
        pool.Run(_finish, (Rows + FinishRows - 1) / FinishRows);
    }

    private static int Cut(int count, int part, int parts) => (int)((long)count * part / parts);

    private void Sum(int channelPart, int imagePart, int worker)
    {
        var firstChannel = Cut(_shape.Channels, channelPart, _channelParts);
        var channels = Cut(_shape.Channels, channelPart + 1, _channelParts) - firstChannel;
        var firstImage = Cut(_shape.Images, imagePart, _imageParts);
        var images = Cut(_shape.Images, imagePart + 1, _imageParts) - firstImage;
        var partial = _partials + imagePart * PartialElements + (nint)firstChannel * _shape.Taps * PaddedFilters;
        if (images == 0)
            new Span<T>(partial, channels * _shape.Taps * PaddedFilters).Clear();
        var planeElements = _planes.ChannelSize * ((_shape.Channels + _channelParts - 1) / _channelParts) + PatchTable<T>.Slack;
        var tileElements = _kernels.MaxRows * TileStep + PatchTable<T>.Slack;
        var planes = (T*)_pool.Scratch(worker, (nuint)(planeElements + tileElements + PieceColumns * PaddedFilters) * (nuint)sizeof(T));
        var tile = planes + planeElements;
        var groups = (images + _group - 1) / _group;
        for (var group = 0; group < groups; group++)
        {
            var first = firstImage + Cut(images, group, groups);
            var count = firstImage + Cut(images, group + 1, groups) - first;
            _planes.Clear(channels, planes);
            for (var i = 0; i < count; i++)
                _planes.Load(_images + ((nint)(first + i) * _shape.Channels + firstChannel) * _shape.Pixels, channels, i, planes);
            SumGroup(first, count, channels * _shape.Taps, planes, tile, tile + tileElements, partial, group > 0);
        }
    }

    private void SumGroup(int firstImage, int images, int rows, T* planes, T* tile, T* turned, T* partial, bool accumulate)
    {
        var columns = images * _shape.ResponsePixels;
        var tiles = (rows + _kernels.MaxRows - 1) / _kernels.MaxRows;
        for (var piece = 0; piece * PieceColumns < columns; piece++)
        {
            var start = piece * PieceColumns;
            var depth = Math.Min(PieceColumns, columns - start);
            TurnResponses(firstImage, start, depth, turned);
            for (var index = 0; index < tiles; index++)
            {
                var row = Cut(rows, index, tiles);
                var height = Cut(rows, index + 1, tiles) - row;
                _patches.Copy(planes, row, height, piece, tile, TileStep);
                for (var panel = 0; panel < _panels; panel++)
                {
                    var filters = Math.Min(_kernels.MaxColumns, _shape.Filters - panel * _kernels.MaxColumns);
                    _kernels.Kernel(height, (filters + _kernels.Lanes - 1) / _kernels.Lanes)(
                        depth, tile, TileStep, 1, turned + panel * PieceColumns * _kernels.MaxColumns, _kernels.MaxColumns, null,
                        partial + (nint)row * PaddedFilters + panel * _kernels.MaxColumns, PaddedFilters, accumulate || piece > 0);
                }
            }
        }
    }

    /// <summary>yᵀ of a piece, panel by panel: <c>[panel][place][filter in the panel]</c>.</summary>
    private void TurnResponses(int firstImage, int start, int depth, T* turned)
    {
        var pixels = _shape.ResponsePixels;
        for (var column = start; column < start + depth;)
        {
            var place = column % pixels;
            var run = Math.Min(pixels - place, start + depth - column);
            var responses = _responses + ((nint)firstImage + column / pixels) * _shape.Filters * pixels + place;
            for (var panel = 0; panel < _panels; panel++)
            {
                var first = panel * _kernels.MaxColumns;
                Packing<T>.Transpose(
                    responses + (nint)first * pixels, pixels, Math.Min(_kernels.MaxColumns, _shape.Filters - first), run,
                    turned + (panel * PieceColumns + column - start) * _kernels.MaxColumns, _kernels.MaxColumns);
            }
            column += run;
        }
    }

    /// <summary>Adds the partial sums in the order of the images and turns a run of rows of wᵀ into columns of w.</summary>
    private void Finish(int part)
    {
        var first = part * FinishRows;
        var rows = Math.Min(FinishRows, Rows - first);
        var sum = _partials + (nint)first * PaddedFilters;
        for (var run = 1; run < _imageParts; run++)
            _add(sum, sum + run * PartialElements, sum, rows * PaddedFilters);
        Packing<T>.TransposeOnly(sum, PaddedFilters, rows, _shape.Filters, _result + first, Rows);
    }

    private sealed class SumJob(FiltersConvolution<T> owner) : ParallelJob
    {
        public override void Execute(int part, int worker) =>
            owner.Sum(part % owner._channelParts, part / owner._channelParts, worker);
    }

    private sealed class FinishJob(FiltersConvolution<T> owner) : ParallelJob
    {
        public override void Execute(int part, int worker) => owner.Finish(part);
    }
}
