using System.Runtime.InteropServices;

namespace Elbo.Numerics;

internal sealed unsafe partial class WorkerPool
{
    /// <summary>The words that threads contend for, each on a cache line of its own (two lines: the prefetcher pairs them).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct SharedState
    {
        /// <summary>Unclaimed parts: the first in the low half, one past the last in the high half.</summary>
        [FieldOffset(128)]
        public long Range;

        [FieldOffset(256)]
        public int Completed;
    }

    /// <summary>How long a waiting thread stays on its core: about 40 µs of spinning, then a bounded number of yields.</summary>
    private struct SpinBudget
    {
        private const int Spins = 1_000;
        private const int Yields = 64;
        private int _count;

        /// <summary>Waits a moment; false when the budget is spent and the thread should park.</summary>
        public bool Once()
        {
            if (_count >= Spins + Yields)
                return false;
            if (_count++ < Spins)
                Thread.SpinWait(1);
            else
                Thread.Yield();
            return true;
        }
    }

    /// <summary>Where one thread parks: a flag that says so and an event that ends it. Whoever clears the flag sets the event.</summary>
    private sealed class WorkerSlot : IDisposable
    {
        private readonly AutoResetEvent _wake = new(false);
        private int _parked;

        public void Park() => Interlocked.Exchange(ref _parked, 1);

        /// <summary>Takes the parking back; false when a waker was faster, whose event must then be consumed by <see cref="Sleep"/>.</summary>
        public bool TryUnpark() => Interlocked.Exchange(ref _parked, 0) == 1;

        public void Sleep() => _wake.WaitOne();

        public void Wake()
        {
            if (Volatile.Read(ref _parked) == 1 && Interlocked.Exchange(ref _parked, 0) == 1)
                _wake.Set();
        }

        public void Dispose() => _wake.Dispose();
    }

    private sealed class Worker
    {
        private readonly WorkerPool _pool;
        private readonly int _index;
        private readonly Thread _thread;

        public Worker(WorkerPool pool, int index)
        {
            _pool = pool;
            _index = index;
            _thread = new Thread(Loop) { IsBackground = true, Name = $"Elbo worker {index}" };
            _thread.Start();
        }

        public WorkerSlot Slot { get; } = new();

        public void Join()
        {
            _thread.Join();
            Slot.Dispose();
        }

        private void Loop()
        {
            var spin = new SpinBudget();
            while (!_pool._stopping)
            {
                if (_pool.HasClaims)
                {
                    _pool.ExecuteClaims(_index);
                    spin = new SpinBudget();
                }
                else if (!spin.Once())
                {
                    Slot.Park();
                    if (!(_pool.HasClaims || _pool._stopping) || !Slot.TryUnpark())
                        Slot.Sleep();
                    spin = new SpinBudget();
                }
            }
        }
    }

    /// <summary>Aligned native memory that grows and never shrinks.</summary>
    private sealed class WorkerScratch : IDisposable
    {
        private byte* _memory;
        private nuint _bytes;

        public byte* Reserve(nuint bytes)
        {
            if (bytes > _bytes)
            {
                NativeMemory.AlignedFree(_memory);
                _memory = null;
                _memory = (byte*)NativeMemory.AlignedAlloc(bytes, 64);
                _bytes = bytes;
            }
            return _memory;
        }

        public void Dispose()
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            _bytes = 0;
        }
    }
}
