namespace Elbo.Numerics;

/// <summary>The workers that plans run on. One runtime can serve many plans, one run at a time.</summary>
public sealed class Runtime : IDisposable
{
    /// <summary>Creates a runtime.</summary>
    /// <param name="threads">How many threads to use, the caller's own included; by default one for each processor. Results never depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1 or above 1024.</exception>
    public Runtime(int? threads = null)
    {
        int count = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(threads));
        Pool = new WorkerPool(count);
    }

    /// <summary>The number of threads, the caller's own included.</summary>
    public int Threads => Pool.Threads;

    internal WorkerPool Pool { get; }

    /// <inheritdoc/>
    public void Dispose() => Pool.Dispose();
}
