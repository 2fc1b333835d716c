using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>Rates of the element-wise loops over a tile that stays in the first-level cache, and of the random fills, on one core.</summary>
internal static unsafe class ElementwiseBenchmarks
{
    private const int Tile = 1024;

    /// <summary>Runs the rows whose name contains the first argument, or all.</summary>
    public static void Run(string[] args)
    {
        string filter = args.Length > 0 ? args[0] : string.Empty;
        Console.WriteLine($"{"loop",-24}{"float G/s",12}{"double G/s",12}");
        foreach (UnaryOpcode opcode in Enum.GetValues<UnaryOpcode>())
            Row(opcode.ToString(), filter, () => Unary<float>(opcode), () => Unary<double>(opcode));
        foreach (BinaryOpcode opcode in Enum.GetValues<BinaryOpcode>())
            Row(opcode.ToString(), filter, () => Binary<float>(opcode), () => Binary<double>(opcode));
        foreach (TernaryOpcode opcode in Enum.GetValues<TernaryOpcode>())
            Row(opcode.ToString(), filter, () => Ternary<float>(opcode), () => Ternary<double>(opcode));
        var stream = new RandomStream(1);
        float[] single = new float[65536];
        double[] wide = new double[65536];
        Row("FillUniform", filter, () => Rate(single.Length, () => stream.FillUniform(single)), () => Rate(wide.Length, () => stream.FillUniform(wide)));
        Row("FillNormal", filter, () => Rate(single.Length, () => stream.FillNormal(single)), () => Rate(wide.Length, () => stream.FillNormal(wide)));
        Row("FillGumbel", filter, () => Rate(single.Length, () => stream.FillGumbel(single)), () => Rate(wide.Length, () => stream.FillGumbel(wide)));
        float[] p = new float[single.Length];
        double[] q = new double[wide.Length];
        Row("FillBernoulli", filter, () => Rate(single.Length, () => stream.FillBernoulli(p, single)), () => Rate(wide.Length, () => stream.FillBernoulli(q, wide)));
    }

    private static void Row(string name, string filter, Func<double> single, Func<double> wide)
    {
        if (name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24}{single(),12:F2}{wide(),12:F2}"));
    }

    private static double Unary<T>(UnaryOpcode opcode)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        using var x = new TileBuffer<T>(1);
        using var y = new TileBuffer<T>(2);
        var loop = ElementwiseKernels<T>.Unary(opcode);
        return Rate(64 * Tile, () =>
        {
            for (int i = 0; i < 64; i++)
                loop(x.Data, y.Data, Tile);
        });
    }

    private static double Binary<T>(BinaryOpcode opcode)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        using var x = new TileBuffer<T>(1);
        using var y = new TileBuffer<T>(2);
        using var z = new TileBuffer<T>(3);
        var loop = ElementwiseKernels<T>.Binary(opcode);
        return Rate(64 * Tile, () =>
        {
            for (int i = 0; i < 64; i++)
                loop(x.Data, y.Data, z.Data, Tile);
        });
    }

    private static double Ternary<T>(TernaryOpcode opcode)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        using var x = new TileBuffer<T>(1);
        using var y = new TileBuffer<T>(2);
        using var z = new TileBuffer<T>(3);
        using var w = new TileBuffer<T>(4);
        var loop = ElementwiseKernels<T>.Ternary(opcode);
        return Rate(64 * Tile, () =>
        {
            for (int i = 0; i < 64; i++)
                loop(x.Data, y.Data, z.Data, w.Data, Tile, 0);
        });
    }

    /// <summary>Best of 15 timings of about 2 ms each, in 10⁹ elements a second: the machine is shared, so the best is the machine's.</summary>
    internal static double Rate(int elements, Action work)
    {
        work();
        long start = Stopwatch.GetTimestamp();
        work();
        int repeats = (int)Math.Clamp(0.002 / Math.Max(Stopwatch.GetElapsedTime(start).TotalSeconds, 1e-7), 1, 100_000);
        double best = double.MaxValue;
        for (int trial = 0; trial < 15; trial++)
        {
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
                work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / repeats);
        }

        return elements / best * 1e-9;
    }

    /// <summary>One tile of numbers in (0, 2), aligned to a cache line.</summary>
    private sealed class TileBuffer<T> : IDisposable
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        public TileBuffer(ulong seed)
        {
            Data = (T*)NativeMemory.AlignedAlloc((nuint)(Tile * sizeof(T)), 64);
            for (int i = 0; i < Tile; i++)
                Data[i] = T.CreateTruncating(2 * new RandomStream(seed).Uniform((ulong)i));
        }

        public T* Data { get; private set; }

        public void Dispose()
        {
            NativeMemory.AlignedFree(Data);
            Data = null;
        }
    }
}
