using System.Numerics;

namespace Elbo.Numerics;

/// <summary>The gradient by the filters: <c>w[f, k] = Σ_n Σ_p patch[n][k, p] · y[n, f, p]</c> over all images n and places p.</summary>
/// <remarks>
/// Computed as <c>wᵀ = patches · yᵀ</c>: y is transposed once for each run, which is a small thing next to transposing patches,
/// whose rows the kernel reads by broadcasts along the places, copied piece by piece. Channels and runs of images are shared
/// out; the partial sums over runs of images are added in order at the end, and turned into w.
/// </remarks>
internal sealed unsafe class FiltersConvolution<T> : Convolution<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Places of a piece: a tile of patches of this depth, 14 rows, stays in the first-level cache.</summary>
    private const int PieceColumns = 480;

    private readonly ConvolutionShape _shape;
    private readonly PatchPlanes<T> _planes;
    private readonly PatchTable<T> _patches;
    private readonly MicroKernelTable<T> _kernels;
    private readonly TileEpilogue<T>? _epilogue;
    private readonly int _group;
    private readonly int _channelParts;
    private readonly int _imageParts;
    private readonly int _panels;
    private readonly TransposeJob _transpose;
    private readonly SumJob _sum;
    private readonly FinishJob _finish;
    private T* _images;
    private T* _responses;
    private T* _result;
    private T* _transposed;
    private T* _partials;
    private WorkerPool _pool = null!;

    public FiltersConvolution(ConvolutionShape shape, TileEpilogue<T>? epilogue, VectorWidth width)
    {
        _shape = shape;
        _kernels = MicroKernelTable<T>.For(width);
        _epilogue = epilogue;
        _panels = (shape.Filters + _kernels.MaxColumns - 1) / _kernels.MaxColumns;
        _group = Math.Clamp(PieceColumns / shape.ResponsePixels, 1, Math.Max(shape.Images, 1));
        _planes = PatchPlanes<T>.Of(shape, _group);
        // Parts by channels need no sum at the end, but want a few whole tiles of rows; runs of images make up for the rest.
        var wanted = (int)Math.Clamp(shape.Work >> 20, 1, 16);
        _channelParts = Math.Clamp(shape.Channels * shape.Taps / (4 * _kernels.MaxRows), 1, Math.Min(shape.Channels, wanted));
        var groups = (shape.Images + _group - 1) / _group;
        _imageParts = Math.Clamp(wanted / _channelParts, 1, Math.Max(groups, 1));
        var channels = (shape.Channels + _channelParts - 1) / _channelParts;
        var rows = new int[channels * shape.Taps];
        for (var k = 0; k < rows.Length; k++)
        {
            var tap = k % shape.Taps;
            rows[k] = k / shape.Taps * _planes.ChannelSize + _planes.Offset(tap / shape.KernelWidth, tap % shape.KernelWidth);
        }
        _patches = new PatchTable<T>(
            rows, _group, _planes.PlaneSize, shape.ResponseHeight, shape.ResponseWidth, _planes.Pitch, PieceColumns, width);
        _transpose = new TransposeJob(this);
        _sum = new SumJob(this);
        _finish = new FinishJob(this);
    }

    public override nuint WorkspaceBytes => (nuint)((TransposedElements + _imageParts * PartialElements) * sizeof(T));

    /// <summary>Columns of yᵀ and wᵀ: the filters, filled up to whole panels.</summary>
    private int PaddedFilters => _panels * _kernels.MaxColumns;

    private int Rows => _shape.Channels * _shape.Taps;

    private nint TransposedElements => (nint)_shape.Images * _shape.ResponsePixels * PaddedFilters;

    private nint PartialElements => (nint)Rows * PaddedFilters;

    public override void Run(T* left, T* right, T* result, byte* workspace, WorkerPool pool)
    {
        _images = left;
        _responses = right;
        _result = result;
        _transposed = (T*)workspace;
        _partials = _transposed + TransposedElements;
        _pool = pool;
        pool.Run(_transpose, _shape.Images);
        pool.Run(_sum, _channelParts * _imageParts);
        pool.Run(_finish, _channelParts);
    }

    private int FirstChannel(int part) => (int)((long)_shape.Channels * part / _channelParts);

    /// <summary>Panel by panel, so that a panel's rows are contiguous: <c>[panel][image · place][filter in the panel]</c>.</summary>
    private T* Transposed(int panel, nint place) =>
        _transposed + ((nint)panel * _shape.Images * _shape.ResponsePixels + place) * _kernels.MaxColumns;

    private void Transpose(int image)
    {
        var pixels = _shape.ResponsePixels;
        var responses = _responses + (nint)image * _shape.Filters * pixels;
        for (var panel = 0; panel < _panels; panel++)
        {
            var first = panel * _kernels.MaxColumns;
            var filters = Math.Min(_kernels.MaxColumns, _shape.Filters - first);
            Packing<T>.Transpose(
                responses + (nint)first * pixels, pixels, filters, pixels, Transposed(panel, (nint)image * pixels), _kernels.MaxColumns);
        }
    }

    private void Sum(int channelPart, int imagePart, int worker)
    {
        var firstChannel = FirstChannel(channelPart);
        var channels = FirstChannel(channelPart + 1) - firstChannel;
        var firstImage = (int)((long)_shape.Images * imagePart / _imageParts);
        var endImage = (int)((long)_shape.Images * (imagePart + 1) / _imageParts);
        var partial = _partials + imagePart * PartialElements + (nint)firstChannel * _shape.Taps * PaddedFilters;
        new Span<T>(partial, channels * _shape.Taps * PaddedFilters).Clear();
        var planeElements = _planes.ChannelSize * ((_shape.Channels + _channelParts - 1) / _channelParts) + PatchTable<T>.Slack;
        var tileElements = _kernels.MaxRows * TileStep + PatchTable<T>.Slack;
        var planes = (T*)_pool.Scratch(worker, (nuint)(planeElements + tileElements) * (nuint)sizeof(T));
        for (var image = firstImage; image < endImage; image += _group)
        {
            var images = Math.Min(_group, endImage - image);
            _planes.Clear(channels, planes);
            for (var i = 0; i < images; i++)
            {
                var source = _images + ((nint)(image + i) * _shape.Channels + firstChannel) * _shape.Pixels;
                _planes.Load(source, channels, i, planes);
            }
            SumGroup(image, images, channels * _shape.Taps, planes, planes + planeElements, partial);
        }
    }

    /// <summary>Distance of the rows of a tile of patches; off the power of two, where rows would compete for few sets of the cache.</summary>
    private static int TileStep => PieceColumns + PatchTable<T>.Slack;

    private void SumGroup(int firstImage, int images, int rows, T* planes, T* tile, T* partial)
    {
        var columns = images * _shape.ResponsePixels;
        var tiles = (rows + _kernels.MaxRows - 1) / _kernels.MaxRows;
        for (var piece = 0; piece * PieceColumns < columns; piece++)
        {
            var depth = Math.Min(PieceColumns, columns - piece * PieceColumns);
            var place = (nint)firstImage * _shape.ResponsePixels + piece * PieceColumns;
            for (var index = 0; index < tiles; index++)
            {
                var row = (int)((long)rows * index / tiles);
                var height = (int)((long)rows * (index + 1) / tiles) - row;
                _patches.Copy(planes, row, height, piece, tile, TileStep);
                for (var panel = 0; panel < _panels; panel++)
                {
                    var filters = Math.Min(_kernels.MaxColumns, _shape.Filters - panel * _kernels.MaxColumns);
                    _kernels.Kernel(height, (filters + _kernels.Lanes - 1) / _kernels.Lanes)(
                        depth, tile, TileStep, 1, Transposed(panel, place), _kernels.MaxColumns, null,
                        partial + (nint)row * PaddedFilters + panel * _kernels.MaxColumns, PaddedFilters, true);
                }
            }
        }
    }

    /// <summary>Adds the partial sums in the order of the images and turns a run of rows of wᵀ into columns of w.</summary>
    private void Finish(int channelPart)
    {
        var first = FirstChannel(channelPart) * _shape.Taps;
        var rows = FirstChannel(channelPart + 1) * _shape.Taps - first;
        var sum = _partials + (nint)first * PaddedFilters;
        for (var part = 1; part < _imageParts; part++)
        {
            var partial = sum + part * PartialElements;
            for (var i = 0; i < rows * PaddedFilters; i++)
                sum[i] += partial[i];
        }
        Packing<T>.TransposeOnly(sum, PaddedFilters, rows, _shape.Filters, _result + first, Rows);
        _epilogue?.Apply(_result + first, Rows, 0, first, _shape.Filters, rows, 0);
    }

    private sealed class TransposeJob(FiltersConvolution<T> owner) : ParallelJob
    {
        public override void Execute(int part, int worker) => owner.Transpose(part);
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
