using Elbo.TestSupport;

namespace Elbo.Numerics.Tests;

public sealed unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Executes_every_part_exactly_once_in_every_run(int threads)
    {
        using var pool = new WorkerPool(threads);
        var job = new CountingJob(100);
        for (var run = 1; run <= 2_000; run++)
        {
            var parts = 1 + run % 100;
            job.Clear();
            pool.Run(job, parts);
            for (var part = 0; part < 100; part++)
                Assert.Equal(part < parts ? 1 : 0, job.Counts[part]);
        }
        Assert.InRange(job.HighestWorker, 0, threads - 1);
    }

    [Fact]
    public void Wakes_parked_workers()
    {
        using var pool = new WorkerPool(3);
        var job = new RendezvousJob(3);
        for (var run = 0; run < 5; run++)
        {
            Thread.Sleep(30);
            job.Arrived = 0;
            pool.Run(job, 3); // Each part waits for the two others: this ends only if three threads work.
            Assert.Equal(3, job.Arrived);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Hands_a_parts_exception_to_the_caller_and_stays_usable(int threads)
    {
        using var pool = new WorkerPool(threads);
        var error = Assert.Throws<InvalidDataException>(() => pool.Run(new FailingJob(), 50));
        Assert.Equal("part 17", error.Message);
        var job = new CountingJob(10);
        pool.Run(job, 10);
        Assert.All(job.Counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Refuses_a_job_inside_a_job()
    {
        using var pool = new WorkerPool(2);
        Assert.Throws<InvalidOperationException>(() => pool.Run(new NestedJob(pool), 1));
    }

    [Fact]
    public void Refuses_to_run_after_disposal()
    {
        var pool = new WorkerPool(2);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(new CountingJob(1), 1));
    }

    [Fact]
    public void Allocates_nothing_per_run()
    {
        using var pool = new WorkerPool(2);
        var job = new CountingJob(4);
        pool.Run(job, 4);
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (var run = 0; run < 1_000; run++)
                pool.Run(job, 4);
        }));
    }

    [Fact]
    public void Scratch_is_aligned_and_keeps_its_place_until_it_grows()
    {
        using var pool = new WorkerPool(2);
        var first = pool.Scratch(1, 1_000);
        Assert.Equal(0u, (nuint)first % 64);
        Assert.True(pool.Scratch(1, 500) == first);
        Assert.True(pool.Scratch(0, 1_000) != first);
        pool.Scratch(1, 1 << 20)[(1 << 20) - 1] = 1;
    }

    private sealed class CountingJob(int parts) : ParallelJob
    {
        private int _highestWorker;

        public int[] Counts { get; } = new int[parts];

        public int HighestWorker => _highestWorker;

        public void Clear() => Array.Clear(Counts);

        public override void Execute(int part, int worker)
        {
            Interlocked.Increment(ref Counts[part]);
            if (worker > _highestWorker)
                _highestWorker = worker;
        }
    }

    private sealed class RendezvousJob(int parts) : ParallelJob
    {
        public int Arrived;

        public override void Execute(int part, int worker)
        {
            Interlocked.Increment(ref Arrived);
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref Arrived) == parts, TimeSpan.FromSeconds(30)));
        }
    }

    private sealed class FailingJob : ParallelJob
    {
        public override void Execute(int part, int worker)
        {
            if (part == 17)
                throw new InvalidDataException("part 17");
        }
    }

    private sealed class NestedJob(WorkerPool pool) : ParallelJob
    {
        public override void Execute(int part, int worker) => pool.Run(new CountingJob(1), 1);
    }
}
