using System.Diagnostics;
using System.Runtime.InteropServices;
using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>The matrix products of training steps and some squares: best rate over repeats, in GFLOP/s.</summary>
internal static unsafe class MatrixProductBenchmark
{
    public static void Run(string[] args)
    {
        using var one = new WorkerPool(1);
        using var two = new WorkerPool(2);
        var x = (int rows, int columns, int depth) => new MatrixProductShape(rows, columns, depth);
        (string, MatrixProductShape)[] cases =
        [
            ("X·W", x(100, 500, 784)),
            ("X·W", x(100, 784, 500)),
            ("X·W", x(100, 40, 500)),
            ("X·W", x(100, 500, 20)),
            ("X·W", x(100, 20, 500)),
            ("dY·W^T", x(100, 784, 500) with { TransposeB = true }),
            ("dY·W^T", x(100, 500, 784) with { TransposeB = true }),
            ("dY·W^T", x(100, 500, 40) with { TransposeB = true }),
            ("dY·W^T", x(100, 20, 500) with { TransposeB = true }),
            ("X^T·dY", x(784, 500, 100) with { TransposeA = true }),
            ("X^T·dY", x(500, 784, 100) with { TransposeA = true }),
            ("X^T·dY", x(500, 40, 100) with { TransposeA = true }),
            ("X^T·dY", x(500, 20, 100) with { TransposeA = true }),
            ("X^T·dY", x(20, 500, 100) with { TransposeA = true }),
            ("X·W", x(20, 200, 784)),
            ("X·W", x(20, 200, 200)),
            ("X·W", x(20, 100, 200)),
            ("X·W", x(20, 200, 50)),
            ("X·W", x(20, 784, 200)),
            ("dY·W^T", x(20, 200, 784) with { TransposeB = true }),
            ("dY·W^T", x(20, 200, 200) with { TransposeB = true }),
            ("dY·W^T", x(20, 200, 100) with { TransposeB = true }),
            ("dY·W^T", x(20, 50, 200) with { TransposeB = true }),
            ("X^T·dY", x(784, 200, 20) with { TransposeA = true }),
            ("X^T·dY", x(200, 784, 20) with { TransposeA = true }),
            ("X^T·dY", x(200, 200, 20) with { TransposeA = true }),
            ("X^T·dY", x(200, 100, 20) with { TransposeA = true }),
            ("X·W", x(1024, 1024, 784)),
            ("X·W", x(1024, 784, 1024)),
            ("X·W", x(1024, 128, 1024)),
            ("X·W", x(1024, 1024, 64)),
            ("dY·W^T", x(1024, 1024, 784) with { TransposeB = true }),
            ("dY·W^T", x(1024, 1024, 128) with { TransposeB = true }),
            ("dY·W^T", x(1024, 64, 1024) with { TransposeB = true }),
            ("X^T·dY", x(784, 1024, 1024) with { TransposeA = true }),
            ("X^T·dY", x(1024, 784, 1024) with { TransposeA = true }),
            ("X^T·dY", x(1024, 128, 1024) with { TransposeA = true }),
            ("X^T·dY", x(64, 1024, 1024) with { TransposeA = true }),
            ("X·W", x(128, 128, 2048)),
            ("X·W", x(128, 2048, 128)),
            ("dY·W^T", x(128, 128, 2048) with { TransposeB = true }),
            ("dY·W^T", x(128, 2048, 128) with { TransposeB = true }),
            ("X^T·dY", x(2048, 128, 128) with { TransposeA = true }),
            ("X^T·dY", x(128, 2048, 128) with { TransposeA = true }),
            ("square", x(256, 256, 256)),
            ("square", x(512, 512, 512)),
            ("square", x(1024, 1024, 1024)),
            ("square", x(2048, 2048, 2048)),
        ];
        OperandSource[] sources = [OperandSource.InPlace, OperandSource.PackedOnUse, OperandSource.PackedAhead];
        Peak();
        Console.WriteLine("case      rows  cols depth |   1 thread  2 threads   µs(2) | GFLOP/s");
        foreach (var (name, shape) in cases)
        {
            var label = $"{name,-8} {shape.Rows,5} {shape.Columns,5} {shape.Depth,5}";
            if (args.Length > 0 && !label.Contains(args[0], StringComparison.Ordinal))
                continue;
            Report(label, shape, null, one, two);
            if (!args.Contains("all"))
                continue;
            foreach (var a in new[] { OperandSource.InPlace, OperandSource.PackedAhead })
            {
                foreach (var b in sources)
                {
                    Report($"  A {a,-12} B {b,-12}", shape, new MatrixProductStrategy(a, b), one, two);
                    Report($"  A {a,-12} B {b,-12} swapped", shape, new MatrixProductStrategy(a, b, Swapped: true), one, two);
                }
            }
        }
        Peak();
    }

    private static void Peak() =>
        Console.WriteLine($"peak: {MachinePeak.MeasureMatrixGflops(1):F1} GFLOP/s on one thread, {MachinePeak.MeasureMatrixGflops(2):F1} on two");

    private static void Report(string label, MatrixProductShape shape, MatrixProductStrategy? strategy, WorkerPool one, WorkerPool two)
    {
        var product = new MatrixProduct<float>(shape, strategy: strategy);
        var a = Allocate((long)shape.Rows * shape.Depth);
        var b = Allocate((long)shape.Depth * shape.Columns);
        var c = Allocate((long)shape.Rows * shape.Columns);
        var workspace = (byte*)NativeMemory.AlignedAlloc(product.WorkspaceBytes + 64, 64);
        var flops = 2.0 * shape.Work;
        var single = Best(() => product.Run(a, b, c, workspace, one), flops);
        var both = Best(() => product.Run(a, b, c, workspace, two), flops);
        Console.WriteLine($"{label} | {flops / single / 1e9,10:F1} {flops / both / 1e9,10:F1} {both * 1e6,9:F1}");
        NativeMemory.AlignedFree(a);
        NativeMemory.AlignedFree(b);
        NativeMemory.AlignedFree(c);
        NativeMemory.AlignedFree(workspace);
    }

    private static double Best(Action run, double flops)
    {
        var count = Math.Max(1, (int)(2e8 / flops));
        var best = double.PositiveInfinity;
        // Until the code around the kernels, too, has been compiled again, better.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalMilliseconds < 150;)
            run();
        for (var repeat = 0; repeat < 30; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / count);
        }
        return best;
    }

    private static float* Allocate(long count)
    {
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)count * 4, 64);
        var random = new Random(1);
        for (long i = 0; i < count; i++)
            memory[i] = random.NextSingle() - 0.5f;
        return memory;
    }
}
