using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>
/// A Gaussian mixture of a file that is not read into memory: <c>gmm-stream [--rows n] [--columns n] [--components n] [--iterations n] [--covariance full]</c>.
/// Writes the file, fits, and prints the time and the most memory that was resident.
/// </summary>
internal static class MixtureStreamBenchmark
{
    public static int Run(string[] args)
    {
        string Option(string name, string fallback) => Array.IndexOf(args, name) is >= 0 and var i ? args[i + 1] : fallback;
        int Integer(string name, int fallback) => int.Parse(Option(name, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        int rows = Integer("--rows", 20_000_000), columns = Integer("--columns", 16), components = Integer("--components", 4), iterations = Integer("--iterations", 3);
        CovarianceKind kind = Enum.Parse<CovarianceKind>(Option("--covariance", "full"), ignoreCase: true);
        string path = Path.Combine(Path.GetTempPath(), $"elbo-{Guid.NewGuid():N}.npy");
        try
        {
            Write(path, rows, columns, components);
            using FileObservations data = FileObservations.OpenNpy(path);
            using Runtime runtime = new(2);
            Stopwatch clock = Stopwatch.StartNew();
            FitResult<GaussianMixture> fit = GaussianMixture.Fit(data, new GaussianMixtureOptions { Components = components, Covariance = kind }, new FitOptions { MaxIterations = iterations, Tolerance = 0 }, runtime);
            using Process process = Process.GetCurrentProcess();
            Console.WriteLine(FormattableString.Invariant(
                $"{rows} × {columns} float32 ({new FileInfo(path).Length / 1e9:F2} GB), K = {components}, {kind}, {fit.Iterations} iterations: {clock.Elapsed.TotalSeconds:F1} s, {fit.Elbo:F6} nats per row; at most {process.PeakWorkingSet64 / 1e6:F0} MB resident."));
        }
        finally
        {
            File.Delete(path);
        }

        return 0;
    }

    private static void Write(string path, int rows, int columns, int components)
    {
        const int Chunk = 100_000;
        using FileStream stream = new(path, FileMode.CreateNew);
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}".PadRight(117) + "\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, 118, 0]);
        stream.Write(Encoding.ASCII.GetBytes(header));
        float[] values = new float[Chunk * columns];
        for (int first = 0; first < rows; first += Chunk)
        {
            int count = Math.Min(Chunk, rows - first);
            new RandomStream(1).Split((ulong)first).FillNormal(values.AsSpan(0, count * columns));
            for (int n = 0; n < count; n++)
                for (int j = 0; j < columns; j++) values[n * columns + j] += 3 * (((first + n) % components + j) % components);
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan(0, count * columns)));
        }
    }
}
