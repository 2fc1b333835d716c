using System.Numerics;

namespace Elbo.Numerics;

/// <summary>One of the three products of a 2-D convolution for one fixed shape: decided once, run many times, without allocation.</summary>
/// <remarks>
/// All three are matrix products by the same micro-kernel. The patches of the images never exist as a matrix: each worker
/// copies the piece that the kernel needs next, from padded images that its caches still hold.
/// The cut into parts follows from the shape alone, so the same operands give the same bytes on any number of threads.
/// An instance holds the pointers of the run in progress: one run at a time.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal abstract unsafe class Convolution<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Bytes of memory that a run needs, aligned to 64 bytes; its content need not survive between runs.</summary>
    public abstract nuint WorkspaceBytes { get; }

    /// <summary>Decides how to compute the product.</summary>
    /// <param name="kind">Which of the three products.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="epilogue">
    /// What to do with the finished result of an image, <c>[channels, pixels]</c>, whose number is the epilogue's batch;
    /// <see cref="ConvolutionKind.Filters"/>, whose result is no image, has none.
    /// </param>
    /// <param name="width">The vector width; the machine's widest when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the filters are larger than the padded images.</exception>
    public static Convolution<T> Create(
        ConvolutionKind kind, ConvolutionShape shape, TileEpilogue<T>? epilogue = null, VectorWidth? width = null)
    {
        shape.Validate();
        var widest = width ?? VectorWidths.Widest;
        return kind == ConvolutionKind.Filters
            ? new FiltersConvolution<T>(shape, widest)
            : new CorrelationConvolution<T>(kind, shape, epilogue, widest);
    }

    /// <summary>Computes the product.</summary>
    /// <param name="left">x for <see cref="ConvolutionKind.Forward"/> and <see cref="ConvolutionKind.Filters"/>, y for <see cref="ConvolutionKind.Images"/>.</param>
    /// <param name="right">w for <see cref="ConvolutionKind.Forward"/> and <see cref="ConvolutionKind.Images"/>, y for <see cref="ConvolutionKind.Filters"/>.</param>
    /// <param name="result">The third of x, w and y; overwritten.</param>
    /// <param name="workspace"><see cref="WorkspaceBytes"/> bytes.</param>
    /// <param name="pool">The threads.</param>
    public abstract void Run(T* left, T* right, T* result, byte* workspace, WorkerPool pool);
}
