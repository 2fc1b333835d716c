using System.Diagnostics;
using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>The price of a fork and a join: two threads meet inside a job, in nanoseconds.</summary>
internal static class WorkerPoolBenchmark
{
    public static void Run()
    {
        using var pool = new WorkerPool(2);
        var job = new MeetingJob();
        var times = new double[500];
        for (var repeat = 0; repeat < times.Length; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < 100; i++)
            {
                job.Arrived = 0;
                pool.Run(job, 2);
            }
            times[repeat] = Stopwatch.GetElapsedTime(start).TotalSeconds / 100;
        }
        Array.Sort(times);
        Console.WriteLine($"fork, meet, join of 2 threads: best {times[0] * 1e9:F0} ns, median {times[times.Length / 2] * 1e9:F0} ns");
    }

    /// <summary>Two parts that wait for each other, so that both threads must have come.</summary>
    private sealed class MeetingJob : ParallelJob
    {
        private int _arrived;

        public int Arrived { get => Volatile.Read(ref _arrived); set => Volatile.Write(ref _arrived, value); }

        public override void Execute(int part, int worker)
        {
            Interlocked.Increment(ref _arrived);
            while (Arrived < 2)
                Thread.SpinWait(1);
        }
    }
}
