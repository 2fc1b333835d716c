using System.Runtime.ExceptionServices;

namespace Elbo.Numerics;

/// <summary>A few threads that execute the parts of one <see cref="ParallelJob"/> at a time: fork, join, no allocation.</summary>
/// <remarks>
/// Between jobs a worker spins for a few tens of microseconds (a plan starts its next operation sooner than that), then
/// yields its core to whoever wants it, then parks. The calling thread is worker 0 and works too. Claims start at both
/// ends of the part range, even workers from the front and odd ones from the back, so that two threads meet the same
/// parts, and the same cache lines, in every run.
/// One job at a time: a nested job or a second caller is refused, because both would share the workers' scratch memory.
/// </remarks>
internal sealed unsafe partial class WorkerPool : IDisposable
{
    private readonly Worker[] _workers;
    private readonly WorkerScratch[] _scratch;
    private readonly WorkerSlot _caller = new();
    private SharedState _state;
    private ParallelJob? _job;
    private ExceptionDispatchInfo? _failure;
    private int _parts;
    private int _busy;
    private volatile bool _stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">How many threads work on a job, the caller included; 0 means one per processor.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative or above 1024.</exception>
    public WorkerPool(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        Threads = threads == 0 ? Environment.ProcessorCount : threads;
        _scratch = new WorkerScratch[Threads];
        for (var i = 0; i < Threads; i++)
            _scratch[i] = new WorkerScratch();
        _workers = new Worker[Threads - 1];
        for (var i = 0; i < _workers.Length; i++)
            _workers[i] = new Worker(this, i + 1);
    }

    /// <summary>The number of threads that work on a job, the caller included.</summary>
    public int Threads { get; }

    /// <summary>Memory of one worker's own, aligned to 64 bytes, kept between jobs and grown when asked for more.</summary>
    /// <remarks>Its content is undefined at the start of a part. Growing allocates native memory; the same size again does not.</remarks>
    public byte* Scratch(int worker, nuint bytes) => _scratch[worker].Reserve(bytes);

    /// <summary>Executes every part of the job and returns when all are done.</summary>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    /// <exception cref="InvalidOperationException">The pool runs a job already.</exception>
    /// <remarks>An exception thrown by a part reaches the caller, after the parts already begun have ended; parts not yet begun are skipped.</remarks>
    public void Run(ParallelJob job, int parts)
    {
        if (parts <= 0)
            return;
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
            throw new InvalidOperationException("The worker pool already runs a job; give each concurrent caller its own pool, and run no job inside a job.");
        try
        {
            if (parts == 1 || _workers.Length == 0)
                RunInline(job, parts);
            else
                RunForked(job, parts);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Stops and joins the threads and frees the scratch memory. No job may be running.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        foreach (var worker in _workers)
            worker.Slot.Wake();
        foreach (var worker in _workers)
            worker.Join();
        _caller.Dispose();
        foreach (var scratch in _scratch)
            scratch.Dispose();
    }

    private static void RunInline(ParallelJob job, int parts)
    {
        for (var part = 0; part < parts; part++)
            job.Execute(part, 0);
    }

    private void RunForked(ParallelJob job, int parts)
    {
        _job = job;
        _parts = parts;
        _state.Completed = 0;
        Interlocked.Exchange(ref _state.Range, (long)parts << 32);
        WakeParked(parts - 1);
        ExecuteClaims(worker: 0);
        WaitForCompletion(parts);
        _job = null;
        var failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    private void WakeParked(int wanted)
    {
        for (var i = 0; i < _workers.Length && i < wanted; i++)
            _workers[i].Slot.Wake();
    }

    /// <summary>Takes parts until none is left. The range of unclaimed parts is one word (front, end), so a claim that
    /// succeeds belongs to the job that is running now, however late the worker is.</summary>
    private void ExecuteClaims(int worker)
    {
        var fromFront = (worker & 1) == 0;
        while (true)
        {
            var range = Volatile.Read(ref _state.Range);
            int front = (int)range, end = (int)(range >> 32);
            if (front >= end)
                return;
            var claimed = fromFront ? range + 1 : range - (1L << 32);
            if (Interlocked.CompareExchange(ref _state.Range, claimed, range) != range)
                continue;
            ExecutePart(fromFront ? front : end - 1, worker);
        }
    }

    private void ExecutePart(int part, int worker)
    {
        try
        {
            if (Volatile.Read(ref _failure) is null)
                _job!.Execute(part, worker);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        }
        var parts = _parts; // Read before the increment: afterwards the caller may start the next job.
        if (Interlocked.Increment(ref _state.Completed) == parts && worker != 0)
            _caller.Wake();
    }

    private void WaitForCompletion(int parts)
    {
        var spin = new SpinBudget();
        while (Volatile.Read(ref _state.Completed) != parts)
        {
            if (spin.Once())
                continue;
            _caller.Park();
            if (Volatile.Read(ref _state.Completed) != parts || !_caller.TryUnpark())
                _caller.Sleep();
            spin = new SpinBudget();
        }
    }

    private bool HasClaims
    {
        get
        {
            var range = Volatile.Read(ref _state.Range);
            return (int)range < (int)(range >> 32);
        }
    }
}
