using System.Diagnostics;
using System.Runtime.InteropServices;
using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>The packing of a matrix into panels of 32 columns, one thread, best of many runs, in picoseconds per element.</summary>
internal static unsafe class PackingBenchmark
{
    public static void Run()
    {
        foreach (var (rows, columns) in new[] { (500, 784), (784, 500), (200, 200), (1024, 1024), (64, 512) })
        {
            var source = (float*)NativeMemory.AlignedAlloc((nuint)(rows * columns * 4), 64);
            var target = (float*)NativeMemory.AlignedAlloc((nuint)((rows + 32) * (columns + 32) * 4), 64);
            new Span<float>(source, rows * columns).Clear();
            var transpose = Best(() =>
            {
                for (var i = 0; i < rows; i += 32)
                    Packing<float>.Transpose(source + i * columns, columns, Math.Min(32, rows - i), columns, target, 32);
            });
            var copy = Best(() =>
            {
                for (var j = 0; j < columns; j += 32)
                    Packing<float>.Copy(source + j, columns, Math.Min(32, columns - j), rows, target, 32);
            });
            Console.WriteLine($"{rows,5}×{columns,-5} transpose {transpose / rows / columns * 1e12,6:F0} ps, copy {copy / rows / columns * 1e12,6:F0} ps per element");
        }
    }

    private static double Best(Action run)
    {
        var best = double.PositiveInfinity;
        for (var repeat = 0; repeat < 300; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
