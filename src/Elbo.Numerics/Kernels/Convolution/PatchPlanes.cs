using System.Runtime.Intrinsics;

namespace Elbo.Numerics;

/// <summary>
/// Images with their padding, split by the stride: plane <c>(py, px)</c> of a channel holds the padded rows <c>py + y · strideY</c>
/// and columns <c>px + x · strideX</c>. What a filter tap sees along a row of responses is then contiguous, whatever the stride.
/// </summary>
internal sealed unsafe class PatchPlanes<T>
    where T : unmanaged
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _top;
    private readonly int _left;
    private readonly int _strideY;
    private readonly int _strideX;

    /// <summary>Describes the planes of images <c>[height, width]</c> within a padded frame.</summary>
    public PatchPlanes(int height, int width, int top, int left, int frameHeight, int frameWidth, int strideY, int strideX)
    {
        _height = height;
        _width = width;
        _top = top;
        _left = left;
        _strideY = strideY;
        _strideX = strideX;
        Pitch = (frameWidth + strideX - 1) / strideX;
        PlaneSize = Pitch * ((frameHeight + strideY - 1) / strideY);
    }

    /// <summary>Elements in a row of a plane.</summary>
    public int Pitch { get; }

    /// <summary>Elements in a plane.</summary>
    public int PlaneSize { get; }

    /// <summary>Elements in all planes of a channel.</summary>
    public int ChannelSize => PlaneSize * _strideY * _strideX;

    /// <summary>The place of padded pixel (y, x) in the planes of its channel.</summary>
    public int Offset(int y, int x) =>
        (y % _strideY * _strideX + x % _strideX) * PlaneSize + y / _strideY * Pitch + x / _strideX;

    /// <summary>Fills the planes of consecutive channels.</summary>
    public void Load(T* image, int channels, T* planes)
    {
        new Span<T>(planes, channels * ChannelSize).Clear();
        for (var channel = 0; channel < channels; channel++)
        {
            for (var y = 0; y < _height; y++)
            {
                LoadRow(image, planes + Offset(y + _top, 0), _left);
                image += _width;
            }
            planes += ChannelSize;
        }
    }

    /// <param name="row">The image's row.</param>
    /// <param name="target">Column 0 of the padded row, in the plane of the columns that the stride divides.</param>
    /// <param name="left">Columns of padding.</param>
    private void LoadRow(T* row, T* target, int left)
    {
        if (_strideX == 1)
        {
            new ReadOnlySpan<T>(row, _width).CopyTo(new Span<T>(target + left, _width));
            return;
        }
        var x = 0;
        if (_strideX == 2)
        {
            var even = target + left % 2 * PlaneSize + left / 2;
            var odd = target + (left + 1) % 2 * PlaneSize + (left + 1) / 2;
            var lanes = Vector128<T>.Count;
            if (Transposition<T>.IsSupported)
            {
                for (; x <= _width - 2 * lanes; x += 2 * lanes)
                    Transposition<T>.Unzip(row + x, even + x / 2, odd + x / 2);
            }
            for (; x + 1 < _width; x += 2)
            {
                even[x / 2] = row[x];
                odd[x / 2] = row[x + 1];
            }
        }
        for (; x < _width; x++)
            target[(x + left) % _strideX * PlaneSize + (x + left) / _strideX] = row[x];
    }
}
