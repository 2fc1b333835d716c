namespace Elbo.Numerics;

/// <summary>
/// The sizes of a convolution: images <c>x [Images, Channels, Height, Width]</c>, filters
/// <c>w [Filters, Channels, KernelHeight, KernelWidth]</c>, responses <c>y [Images, Filters, ResponseHeight, ResponseWidth]</c>.
/// </summary>
internal readonly record struct ConvolutionShape(
    int Images, int Channels, int Height, int Width, int Filters, int KernelHeight, int KernelWidth)
{
    public int StrideY { get; init; } = 1;

    public int StrideX { get; init; } = 1;

    /// <summary>Rows of zeros above and below each image.</summary>
    public int PaddingY { get; init; }

    /// <summary>Columns of zeros left and right of each image.</summary>
    public int PaddingX { get; init; }

    public int ResponseHeight => (Height + 2 * PaddingY - KernelHeight) / StrideY + 1;

    public int ResponseWidth => (Width + 2 * PaddingX - KernelWidth) / StrideX + 1;

    public int Taps => KernelHeight * KernelWidth;

    public int Pixels => Height * Width;

    public int ResponsePixels => ResponseHeight * ResponseWidth;

    /// <summary>Multiply-adds of each of the three products.</summary>
    public long Work => (long)Images * Filters * ResponsePixels * Channels * Taps;

    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the padded images are smaller than the filters.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Filters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(KernelHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(KernelWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(StrideY);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(StrideX);
        ArgumentOutOfRangeException.ThrowIfNegative(PaddingY);
        ArgumentOutOfRangeException.ThrowIfNegative(PaddingX);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height + 2 * PaddingY, KernelHeight, nameof(Height));
        ArgumentOutOfRangeException.ThrowIfLessThan(Width + 2 * PaddingX, KernelWidth, nameof(Width));
    }
}
