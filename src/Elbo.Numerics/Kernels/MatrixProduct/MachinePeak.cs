using System.Diagnostics;

namespace Elbo.Numerics;

/// <summary>The best rate that this machine reaches in the engine's inner loop: the measure of every other rate.</summary>
public static class MachinePeak
{
    /// <summary>
    /// Measures the rate of the matrix product's micro-kernel on operands that never leave the first-level cache, in
    /// 10⁹ single-precision operations per second; a multiply-add counts as two. Takes about 40 ms.
    /// </summary>
    /// <param name="threads">How many threads to measure together; 0 means one per processor.</param>
    /// <returns>The best of several repeats, summed over the threads. Other work on the machine lowers it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative or above 1024.</exception>
    public static double MeasureMatrixGflops(int threads = 0)
    {
        using var pool = new WorkerPool(threads);
        var job = new PeakJob(pool);
        var best = double.PositiveInfinity;
        for (var repeat = 0; repeat < 20; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            pool.Run(job, pool.Threads);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return job.Operations * pool.Threads / best / 1e9;
    }

    private sealed unsafe class PeakJob(WorkerPool pool) : ParallelJob
    {
        private const int Depth = 96;
        private const int Repeats = 2_000;
        private readonly MicroKernelTable<float> _kernels = MicroKernelTable<float>.For(VectorWidths.Widest);

        public double Operations => 2.0 * _kernels.MaxRows * _kernels.MaxColumns * Depth * Repeats;

        public override void Execute(int part, int worker)
        {
            int rows = _kernels.MaxRows, columns = _kernels.MaxColumns;
            var count = Depth * (rows + columns) + rows * columns;
            var a = (float*)pool.Scratch(worker, (nuint)count * sizeof(float));
            var b = a + Depth * rows;
            new Span<float>(a, count).Clear();
            var kernel = _kernels.Kernel(rows, 2);
            for (var i = 0; i < Repeats; i++)
                kernel(Depth, a, 1, rows, b, columns, null, b + Depth * columns, columns, false);
        }
    }
}
