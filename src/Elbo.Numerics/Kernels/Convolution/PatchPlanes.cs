using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>
/// Images with their padding, split by the stride: plane <c>(py, px)</c> of a channel holds the padded rows <c>py + y · strideY</c>
/// and columns <c>px + x · strideX</c>. What a filter tap sees along a row of responses is then contiguous, whatever the stride.
/// The same plane of a group of images lies together, so that a tap's copies walk through memory.
/// </summary>
internal sealed unsafe class PatchPlanes<T>
    where T : unmanaged
{
    private readonly int[] _rows;
    private readonly int _width;
    private readonly int _strideX;
    private readonly int _left;
    private readonly int _even;
    private readonly int _odd;
    private readonly int _planeStride;

    /// <summary>Describes the planes of a group of images <c>[height, width]</c> within a padded frame.</summary>
    public PatchPlanes(int images, int height, int width, int top, int left, int frameHeight, int frameWidth, int strideY, int strideX)
    {
        _width = width;
        StrideY = strideY;
        _strideX = strideX;
        _left = left;
        Pitch = (frameWidth + strideX - 1) / strideX;
        PlaneSize = Pitch * ((frameHeight + strideY - 1) / strideY);
        ChannelSize = images * PlaneSize * strideY * strideX;
        _planeStride = images * PlaneSize;
        _rows = new int[height];
        for (var y = 0; y < height; y++)
            _rows[y] = Offset(y + top, 0);
        _even = Offset(0, left);
        _odd = Offset(0, left + 1);
    }

    /// <summary>The planes of a group of a convolution's images.</summary>
    public static PatchPlanes<T> Of(in ConvolutionShape shape, int images) => new(
        images, shape.Height, shape.Width, shape.PaddingY, shape.PaddingX,
        shape.Height + 2 * shape.PaddingY, shape.Width + 2 * shape.PaddingX, shape.StrideY, shape.StrideX);

    /// <summary>The vertical stride.</summary>
    public int StrideY { get; }

    /// <summary>Elements in a row of a plane.</summary>
    public int Pitch { get; }

    /// <summary>Elements in a plane of one image, and the distance of the group's images.</summary>
    public int PlaneSize { get; }

    /// <summary>Elements in all planes of a channel of the group.</summary>
    public int ChannelSize { get; }

    /// <summary>The place of padded pixel (y, x) of the first image in the planes of its channel.</summary>
    public int Offset(int y, int x) =>
        (y % StrideY * _strideX + x % _strideX) * _planeStride + y / StrideY * Pitch + x / _strideX;

    /// <summary>Zeroes the planes of a group, and so the padding.</summary>
    public void Clear(int channels, T* planes) => new Span<T>(planes, channels * ChannelSize).Clear();

    /// <summary>Fills the planes of an image.</summary>
    /// <param name="image">Consecutive channels of the image.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="index">The image's place in the group.</param>
    /// <param name="planes">The group's planes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(T* image, int channels, int index, T* planes)
    {
        planes += index * PlaneSize;
        for (var channel = 0; channel < channels; channel++)
        {
            if (_strideX == 1)
            {
                foreach (var row in _rows)
                {
                    CopyRow(image, planes + row + _left);
                    image += _width;
                }
            }
            else if (_strideX == 2)
            {
                foreach (var row in _rows)
                {
                    PartRow(image, planes + row + _even, planes + row + _odd);
                    image += _width;
                }
            }
            else
            {
                foreach (var row in _rows)
                {
                    SpreadRow(image, planes + row);
                    image += _width;
                }
            }
            planes += ChannelSize;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyRow(T* row, T* target)
    {
        var lanes = Vector128<T>.Count;
        var x = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; x <= _width - lanes; x += lanes)
                Vector128.Store(Vector128.Load(row + x), target + x);
        }
        for (; x < _width; x++)
            target[x] = row[x];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PartRow(T* row, T* even, T* odd)
    {
        var lanes = Vector128<T>.Count;
        var x = 0;
        if (Transposition<T>.IsSupported)
        {
            for (; x <= _width - 2 * lanes; x += 2 * lanes)
            {
                Transposition<T>.Unzip(row + x, even, odd);
                even += lanes;
                odd += lanes;
            }
        }
        for (; x < _width; x += 2)
        {
            *even++ = row[x];
            if (x + 1 < _width)
                *odd++ = row[x + 1];
        }
    }

    private void SpreadRow(T* row, T* target)
    {
        for (var x = 0; x < _width; x++)
            target[(x + _left) % _strideX * _planeStride + (x + _left) / _strideX] = row[x];
    }
}
