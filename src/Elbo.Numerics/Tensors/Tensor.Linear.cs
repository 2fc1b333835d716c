namespace Elbo.Numerics;

// Products, convolutions and factorisations.
public sealed partial class Tensor
{
    /// <summary><c>[m, k]·[k, n] → [m, n]</c>, or the same for each of a batch with equal leading dimensions.</summary>
    /// <param name="other">The right factor.</param>
    /// <param name="transposeThis">Whether this is used transposed.</param>
    /// <param name="transposeOther">Whether <paramref name="other"/> is used transposed.</param>
    public Tensor MatMul(Tensor other, bool transposeThis = false, bool transposeOther = false) =>
        Create(new MatMulOperation(transposeThis, transposeOther), this, other);

    /// <summary>Convolves images <c>[N, C, H, W]</c> with filters <c>[F, C, kh, kw]</c> (a correlation, as in every network library) to <c>[N, F, oh, ow]</c>, <c>oh = (H + 2·padding − kh)/stride + 1</c>.</summary>
    public Tensor Convolve(Tensor filters, int stride = 1, int padding = 0)
    {
        ArgumentNullException.ThrowIfNull(filters);
        return Create(new ConvolutionOperation(ConvolutionKind.Forward, stride, padding, ConvolutionOperation.ResponseShape(Shape, filters.Shape, stride, padding)), this, filters);
    }

    /// <summary>
    /// The transpose of <see cref="Convolve"/>: <c>[N, F, h, w]</c> by filters <c>[F, C, kh, kw]</c> to <c>[N, C, H, W]</c> with
    /// <c>H = (h − 1)·stride − 2·padding + kh + outputPadding</c>.
    /// </summary>
    public Tensor ConvolveTransposed(Tensor filters, int stride = 1, int padding = 0, int outputPadding = 0)
    {
        ArgumentNullException.ThrowIfNull(filters);
        if (Shape.Rank != 4 || filters.Shape.Rank != 4 || Shape[1] != filters.Shape[0])
            throw new ArgumentException($"A transposed convolution needs [N, F, h, w] and filters [F, C, height, width] with equal F, not {Shape} and {filters.Shape}.");
        if (outputPadding < 0 || outputPadding >= stride)
            throw new ArgumentException($"The output padding must be in [0, stride), not {outputPadding} with stride {stride}.", nameof(outputPadding));
        int height = (Shape[2] - 1) * stride - 2 * padding + filters.Shape[2] + outputPadding;
        int width = (Shape[3] - 1) * stride - 2 * padding + filters.Shape[3] + outputPadding;
        if (height < 1 || width < 1)
            throw new ArgumentException($"A transposed convolution of {Shape} by {filters.Shape} with padding {padding} leaves nothing.");
        return Create(new ConvolutionOperation(ConvolutionKind.Images, stride, padding, [Shape[0], filters.Shape[1], height, width]), this, filters);
    }

    /// <summary>The mean over square windows of images <c>[N, C, H, W]</c>, without padding.</summary>
    public Tensor AveragePool(int size, int stride) =>
        Create(new PoolingOperation(PoolingKind.Average, size, stride, PoolingOperation.PooledShape(Shape, size, stride)), this);

    /// <summary>The largest over square windows of images <c>[N, C, H, W]</c>, without padding; the first of equals takes the gradient.</summary>
    public Tensor MaxPool(int size, int stride) =>
        Create(new PoolingOperation(PoolingKind.Maximum, size, stride, PoolingOperation.PooledShape(Shape, size, stride)), this);

    /// <summary>The lower-triangular L with <c>L·Lᵀ</c> equal to this, for each symmetric positive definite matrix of <c>[..., n, n]</c>; NaN where it is not positive definite.</summary>
    public Tensor Cholesky() => Create(new CholeskyOperation(), this);

    /// <summary>X with <c>L·X = right</c> (or <c>Lᵀ·X = right</c>), where this is the lower-triangular <c>L [..., n, n]</c> and <c>right [..., n, m]</c>.</summary>
    public Tensor TriangularSolve(Tensor right, bool transposed = false) => Create(new TriangularSolveOperation(transposed), this, right);
}
