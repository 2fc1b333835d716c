using System.Numerics;

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

    /// <summary>Executes numbered parts of work, each once, on any thread and in any order, and returns when all are done.</summary>
    /// <param name="parts">The number of parts; it must follow from the work alone, never from the number of threads, so that results do not depend on them.</param>
    /// <param name="body">Executes a part, given its number and the number of the executing thread in <c>0 … Threads − 1</c>, which may name scratch memory but must not influence the result.</param>
    /// <exception cref="InvalidOperationException">The runtime already executes something.</exception>
    public void For(int parts, Action<int, int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Pool.Run(new Body(body), parts);
    }

    /// <summary>C = op(A)·op(B), every element a sum in ascending order.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">A, <c>[rows, depth]</c>; <c>[depth, rows]</c> where transposed.</param>
    /// <param name="b">B, <c>[depth, columns]</c>; <c>[columns, depth]</c> where transposed.</param>
    /// <param name="c">C, <c>[rows, columns]</c>; overlaps neither.</param>
    /// <param name="rows">The rows of C.</param>
    /// <param name="columns">The columns of C.</param>
    /// <param name="transposeA">Whether A is stored transposed.</param>
    /// <param name="transposeB">Whether B is stored transposed.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public unsafe void Multiply<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, int rows, int columns, bool transposeA = false, bool transposeB = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (rows == 0 || columns == 0) return;
        int depth = a.Length / rows;
        if (a.Length != (long)rows * depth || b.Length != (long)depth * columns || c.Length != (long)rows * columns)
            throw new ArgumentException($"{a.Length} and {b.Length} values cannot make a product of shape [{rows}, {columns}] in {c.Length}.", nameof(a));
        MatrixProduct<T> product = new(new MatrixProductShape(rows, columns, depth) { TransposeA = transposeA, TransposeB = transposeB });
        void* workspace = System.Runtime.InteropServices.NativeMemory.AlignedAlloc(product.WorkspaceBytes + 64, 64);
        try
        {
            fixed (T* first = a, second = b, result = c) product.Run(first, second, result, (byte*)workspace, Pool);
        }
        finally
        {
            System.Runtime.InteropServices.NativeMemory.AlignedFree(workspace);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Pool.Dispose();

    private sealed class Body(Action<int, int> body) : ParallelJob
    {
        public override void Execute(int part, int worker) => body(part, worker);
    }
}
