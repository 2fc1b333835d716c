using System.Globalization;
using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>Rates of the reductions on one core, in elements read.</summary>
internal static unsafe class ReductionBenchmarks
{
    /// <summary>Runs the rows whose name contains the first argument, or all.</summary>
    public static void Run(string[] args)
    {
        string filter = args.Length > 0 ? args[0] : string.Empty;
        Console.WriteLine($"{"reduction",-34}{"float G/s",12}{"double G/s",12}");
        foreach (ReductionOpcode opcode in Enum.GetValues<ReductionOpcode>())
        {
            foreach (int length in new[] { 20, 784, 4096 })
                Row($"{opcode} of {length}", filter, () => Runs<float>(opcode, length), () => Runs<double>(opcode, length));
        }

        foreach ((int rows, int columns) in new[] { (100, 784), (128, 20), (8192, 64), (100, 10) })
            Row($"Sum of columns {rows}x{columns}", filter, () => Columns<float>(rows, columns), () => Columns<double>(rows, columns));
        foreach (int columns in new[] { 10, 512 })
            Row($"Softmax {columns}", filter, () => Softmax<float>(columns), () => Softmax<double>(columns));
    }

    private static void Row(string name, string filter, Func<double> single, Func<double> wide)
    {
        if (name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34}{single(),12:F2}{wide(),12:F2}"));
    }

    private static double Runs<T>(ReductionOpcode opcode, int length)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        int runs = Math.Max(1, 4096 / length);
        T[] x = new T[runs * length];
        T[] y = new T[runs];
        var loop = ReductionKernels<T>.Run(opcode);
        return ElementwiseBenchmarks.Rate(x.Length, () =>
        {
            fixed (T* source = x)
            {
                for (int i = 0; i < runs; i++)
                    y[i] = loop(source + (i * length), length, T.Zero);
            }
        });
    }

    private static double Columns<T>(int rows, int columns)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        T[] x = new T[rows * columns];
        T[] y = new T[columns];
        var loop = ReductionKernels<T>.Columns(ReductionOpcode.Sum);
        return ElementwiseBenchmarks.Rate(x.Length, () =>
        {
            fixed (T* source = x, destination = y)
                loop(source, rows, columns, columns, destination);
        });
    }

    private static double Softmax<T>(int columns)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        T[] x = new T[100 * columns];
        return ElementwiseBenchmarks.Rate(x.Length, () =>
        {
            fixed (T* source = x)
                ReductionKernels<T>.Softmax(source, source, 100, columns);
        });
    }
}
