using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>
/// The target pixels <c>(y · strideY + y₀, x · strideX + x₀)</c> of one <c>(y₀, x₀)</c>: which source elements and which
/// filter elements each of them sums, relative to its own place.
/// </summary>
/// <param name="Sources">For each term of the sum, the source element.</param>
/// <param name="FilterOffsets">For each term of the sum, the filter element's offset, for target channel 0.</param>
internal sealed record CorrelationPhase(CorrelationSource[] Sources, int[] FilterOffsets)
{
    public int Depth => Sources.Length;
}

/// <summary>An element of a source image's padded channel, seen from grid place (0, 0).</summary>
internal readonly record struct CorrelationSource(int Channel, int Y, int X);

/// <summary>A convolution towards responses or images, seen as correlations of source planes on a grid of target pixels.</summary>
internal sealed unsafe class CorrelationGeometry<T>
    where T : unmanaged
{
    private int _targetHeight;
    private int _targetWidth;
    private int _strideY;
    private int _strideX;

    private readonly Func<int, PatchPlanes<T>> _planes;

    private CorrelationGeometry(Func<int, PatchPlanes<T>> planes, CorrelationPhase[] phases)
    {
        _planes = planes;
        Phases = phases;
    }

    /// <summary>The phases in the order of <c>(y₀, x₀)</c>.</summary>
    public CorrelationPhase[] Phases { get; }

    public int SourceChannels { get; private init; }

    public int SourcePixels { get; private init; }

    public int SourceStrideY { get; private init; }

    public int TargetChannels { get; private init; }

    public int TargetPixels => _targetHeight * _targetWidth;

    /// <summary>Distance of the filter elements of consecutive target channels.</summary>
    public int FilterRow { get; private init; }

    /// <summary>Whether the terms of a sum meet the filter's elements in the order of memory.</summary>
    public bool FiltersAreRows { get; private init; }

    public int GridHeight => (_targetHeight + _strideY - 1) / _strideY;

    public int GridWidth => (_targetWidth + _strideX - 1) / _strideX;

    public int GridPixels => GridHeight * GridWidth;

    /// <summary>The planes of a group of source images.</summary>
    public PatchPlanes<T> CreatePlanes(int images) => _planes(images);

    public static CorrelationGeometry<T> Of(ConvolutionKind kind, in ConvolutionShape shape) =>
        kind == ConvolutionKind.Forward ? TowardsResponses(shape) : TowardsImages(shape);

    /// <summary>Writes an image from the phases' results: pixel (y, x) of phase (y₀, x₀) goes to <c>(y · strideY + y₀, x · strideX + x₀)</c>.</summary>
    /// <param name="results">For each phase, <c>[TargetChannels, columns]</c>, where an image's grid takes consecutive columns.</param>
    /// <param name="columns">Columns of the results.</param>
    /// <param name="first">The image's first column.</param>
    /// <param name="target">The image, <c>[TargetChannels, TargetPixels]</c>.</param>
    /// <param name="firstChannel">The first channel to write.</param>
    /// <param name="endChannel">The channel after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Merge(T* results, int columns, int first, T* target, int firstChannel, int endChannel)
    {
        var phaseSize = (nint)TargetChannels * columns;
        target += (nint)firstChannel * TargetPixels;
        for (var channel = firstChannel; channel < endChannel; channel++)
        {
            var result = results + (nint)channel * columns + first;
            if (Phases.Length == 1)
            {
                new ReadOnlySpan<T>(result, TargetPixels).CopyTo(new Span<T>(target, TargetPixels));
                target += TargetPixels;
                continue;
            }
            for (var y = 0; y < _targetHeight; y += _strideY)
            {
                var phases = Math.Min(_strideY, _targetHeight - y);
                for (var phase = 0; phase < phases; phase++)
                {
                    var row = result + phase * _strideX * phaseSize;
                    if (_strideX == 2)
                        MergePair(row, row + phaseSize, target);
                    else
                        MergeRow(row, phaseSize, target);
                    target += _targetWidth;
                }
                result += GridWidth;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MergePair(T* even, T* odd, T* target)
    {
        var lanes = Vector128<T>.Count;
        var x = 0;
        if (Transposition<T>.IsSupported)
        {
            for (; x <= _targetWidth - 2 * lanes; x += 2 * lanes)
            {
                Transposition<T>.Zip(even, odd, target + x);
                even += lanes;
                odd += lanes;
            }
        }
        for (; x < _targetWidth; x += 2)
        {
            target[x] = *even++;
            if (x + 1 < _targetWidth)
                target[x + 1] = *odd++;
        }
    }

    private void MergeRow(T* row, nint phaseSize, T* target)
    {
        for (var x = 0; x < _targetWidth; x++)
            target[x] = row[x % _strideX * phaseSize + x / _strideX];
    }

    /// <summary>One phase: <c>y[f, oy, ox] = Σ x[c, oy · stride + ky − padding, ...] · w[f, c, ky, kx]</c>.</summary>
    private static CorrelationGeometry<T> TowardsResponses(in ConvolutionShape shape)
    {
        var source = new CorrelationSource[shape.Channels * shape.Taps];
        var filter = new int[source.Length];
        for (var k = 0; k < source.Length; k++)
        {
            var tap = k % shape.Taps;
            source[k] = new CorrelationSource(k / shape.Taps, tap / shape.KernelWidth, tap % shape.KernelWidth);
            filter[k] = k;
        }
        var sizes = shape;
        return new CorrelationGeometry<T>(images => PatchPlanes<T>.Of(sizes, images), [new CorrelationPhase(source, filter)])
        {
            SourceStrideY = shape.StrideY,
            SourceChannels = shape.Channels,
            SourcePixels = shape.Pixels,
            TargetChannels = shape.Filters,
            FilterRow = shape.Channels * shape.Taps,
            FiltersAreRows = true,
            _targetHeight = shape.ResponseHeight,
            _targetWidth = shape.ResponseWidth,
            _strideY = 1,
            _strideX = 1,
        };
    }

    /// <summary>
    /// One phase for each <c>(y₀, x₀)</c> below the stride: with <c>y = y' · stride + y₀</c> only the taps
    /// <c>ky = r + stride · t</c>, <c>r = (y₀ + padding) mod stride</c>, reach pixel y, from response
    /// <c>oy = y' + (y₀ + padding − r) / stride − t</c>.
    /// </summary>
    private static CorrelationGeometry<T> TowardsImages(in ConvolutionShape shape)
    {
        var vertical = new PhaseAxis(shape.Height, shape.ResponseHeight, shape.KernelHeight, shape.StrideY, shape.PaddingY);
        var horizontal = new PhaseAxis(shape.Width, shape.ResponseWidth, shape.KernelWidth, shape.StrideX, shape.PaddingX);
        var phases = new CorrelationPhase[shape.StrideY * shape.StrideX];
        for (var phase = 0; phase < phases.Length; phase++)
        {
            var ys = vertical.Taps(phase / shape.StrideX);
            var xs = horizontal.Taps(phase % shape.StrideX);
            var source = new List<CorrelationSource>();
            var filter = new List<int>();
            for (var f = 0; f < shape.Filters; f++)
            {
                foreach (var (ky, oy) in ys)
                {
                    foreach (var (kx, ox) in xs)
                    {
                        source.Add(new CorrelationSource(f, oy, ox));
                        filter.Add(f * shape.Channels * shape.Taps + ky * shape.KernelWidth + kx);
                    }
                }
            }
            phases[phase] = new CorrelationPhase([.. source], [.. filter]);
        }
        int height = shape.ResponseHeight, width = shape.ResponseWidth;
        return new CorrelationGeometry<T>(
            images => new PatchPlanes<T>(images, height, width, vertical.Before, horizontal.Before, vertical.Frame, horizontal.Frame, 1, 1), phases)
        {
            SourceStrideY = 1,
            SourceChannels = shape.Filters,
            SourcePixels = shape.ResponsePixels,
            TargetChannels = shape.Channels,
            FilterRow = shape.Taps,
            _targetHeight = shape.Height,
            _targetWidth = shape.Width,
            _strideY = shape.StrideY,
            _strideX = shape.StrideX,
        };
    }

    /// <summary>The taps of the phases along one axis, and the frame of zeros that they reach into.</summary>
    private readonly struct PhaseAxis
    {
        private readonly int _kernel;
        private readonly int _stride;
        private readonly int _padding;

        public PhaseAxis(int size, int responses, int kernel, int stride, int padding)
        {
            (_kernel, _stride, _padding) = (kernel, stride, padding);
            int least = 0, most = 0;
            for (var phase = 0; phase < stride; phase++)
            {
                foreach (var (_, response) in Taps(phase, 0))
                {
                    least = Math.Min(least, response);
                    most = Math.Max(most, response);
                }
            }
            Before = -least;
            Frame = Before + Math.Max(responses, (size + stride - 1) / stride + most);
        }

        /// <summary>Zeros before the first response.</summary>
        public int Before { get; }

        /// <summary>Responses with the zeros on both sides.</summary>
        public int Frame { get; }

        /// <summary>The taps that reach grid place 0 of a phase, each with the framed response it comes from.</summary>
        public List<(int Tap, int Response)> Taps(int phase) => Taps(phase, Before);

        private List<(int Tap, int Response)> Taps(int phase, int before)
        {
            var taps = new List<(int, int)>();
            var first = (phase + _padding) % _stride;
            for (var tap = first; tap < _kernel; tap += _stride)
                taps.Add((tap, (phase + _padding - tap) / _stride + before));
            return taps;
        }
    }
}
