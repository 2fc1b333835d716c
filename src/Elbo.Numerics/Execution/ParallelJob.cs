namespace Elbo.Numerics;

/// <summary>Work cut into numbered parts, handed to <see cref="WorkerPool.Run"/>; made once and run many times.</summary>
/// <remarks>
/// The number of parts must follow from the shape of the work alone, never from the number of threads, and parts must not
/// depend on one another: any thread may execute any part, in any order.
/// </remarks>
internal abstract class ParallelJob
{
    /// <summary>Executes one part.</summary>
    /// <param name="part">The part, in 0..parts-1.</param>
    /// <param name="worker">The executing thread, in 0..threads-1; names a scratch area, must not influence the result.</param>
    public abstract void Execute(int part, int worker);
}
