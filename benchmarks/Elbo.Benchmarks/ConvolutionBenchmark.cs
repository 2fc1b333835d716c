using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>The convolutions of one training step of a 3×32×32 autoencoder, 4×4 filters of stride 2, 32-64-128 channels and back, B = 128 unless given.</summary>
internal static unsafe class ConvolutionBenchmark
{
    public static void Run(string[] args)
    {
        using var one = new WorkerPool(1);
        using var two = new WorkerPool(2);
        var images = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 128;
        Peak();
        double singles = 0, boths = 0, flops = 0;
        foreach (var (channels, size, filters) in new[] { (3, 32, 32), (32, 16, 64), (64, 8, 128) })
        {
            var shape = new ConvolutionShape(images, channels, size, size, filters, 4, 4) { StrideY = 2, StrideX = 2, PaddingY = 1, PaddingX = 1 };
            foreach (var kind in Enum.GetValues<ConvolutionKind>())
            {
                var convolution = Convolution<float>.Create(kind, shape);
                var x = Allocate((long)shape.Images * shape.Channels * shape.Pixels);
                var w = Allocate((long)shape.Filters * shape.Channels * shape.Taps);
                var y = Allocate((long)shape.Images * shape.Filters * shape.ResponsePixels);
                var workspace = (byte*)NativeMemory.AlignedAlloc(convolution.WorkspaceBytes + 64, 64);
                var (left, right, result) = kind switch
                {
                    ConvolutionKind.Forward => ((nint)x, (nint)w, (nint)y),
                    ConvolutionKind.Images => ((nint)y, (nint)w, (nint)x),
                    _ => ((nint)x, (nint)y, (nint)w),
                };
                var single = Best(() => convolution.Run((float*)left, (float*)right, (float*)result, workspace, one));
                var both = Best(() => convolution.Run((float*)left, (float*)right, (float*)result, workspace, two));
                var work = 2.0 * shape.Work;
                Console.WriteLine($"{channels,3}→{filters,-3} {size,2}×{size,-2} {kind,-8} {work / single / 1e9,7:F1} {work / both / 1e9,7:F1} GFLOP/s  {both * 1e3,7:F2} ms");
                // The encoder lacks the first layer's gradient by the images; the decoder has the same layers, mirrored.
                var uses = kind == ConvolutionKind.Images && channels == 3 ? 1 : 2;
                singles += uses * single;
                boths += uses * both;
                flops += uses * work;
                foreach (var memory in new nint[] { (nint)x, (nint)w, (nint)y, (nint)workspace })
                    NativeMemory.AlignedFree((void*)memory);
            }
        }
        Console.WriteLine($"a training step's convolutions: {singles * 1e3:F1} ms on one thread, {boths * 1e3:F1} ms on two ({flops / boths / 1e9:F1} GFLOP/s)");
        Peak();
    }

    private static void Peak() =>
        Console.WriteLine($"peak: {MachinePeak.MeasureMatrixGflops(1):F1} GFLOP/s on one thread, {MachinePeak.MeasureMatrixGflops(2):F1} on two");

    private static double Best(Action run)
    {
        var best = double.PositiveInfinity;
        for (var repeat = 0; repeat < 60; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
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
