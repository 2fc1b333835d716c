using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Elbo.Evaluation;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Benchmarks;

/// <summary>The Fréchet distance of two sets of 10,000 features, beside SciPy's square root of the product: <c>frechet [dimensions] [--alone] [--python path]</c>.</summary>
internal static class FrechetBenchmark
{
    private const int Rows = 10_000;

    public static int Run(string[] args)
    {
        int dimensions = args.Length > 0 && int.TryParse(args[0], CultureInfo.InvariantCulture, out int given) ? given : 2048;
        string python = Array.IndexOf(args, "--python") is >= 0 and var i ? args[i + 1] : "python3";
        using Runtime runtime = new(2);
        Matrix first = Draw(dimensions, 1), second = Draw(dimensions, 2);
        for (int repeat = 0; repeat < 2; repeat++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            FeatureMoments one = FeatureMoments.Of(first, runtime), two = FeatureMoments.Of(second, runtime);
            double moments = watch.Elapsed.TotalSeconds;
            double value = FrechetDistance.Between(one, two, runtime).Value;
            Console.WriteLine(FormattableString.Invariant($"Elbo   {watch.Elapsed.TotalSeconds:F2} s, of which moments {moments:F2} s: {value:R}"));
        }

        if (args.Contains("--alone")) return 0;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("elbo-frechet");
        try
        {
            Npy.Save(Path.Combine(folder.FullName, "first.npy"), NumericArray.From<double>(first.Values, Rows, dimensions));
            Npy.Save(Path.Combine(folder.FullName, "second.npy"), NumericArray.From<double>(second.Values, Rows, dimensions));
            ProcessStartInfo start = new(python, [Path.Combine(AppContext.BaseDirectory, "peers", "frechet.py"), folder.FullName]) { RedirectStandardOutput = true };
            start.Environment["OMP_NUM_THREADS"] = "2";
            using Process process = Process.Start(start)!;
            using JsonDocument answer = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
            process.WaitForExit();
            Console.WriteLine(FormattableString.Invariant($"SciPy  {answer.RootElement.GetProperty("seconds").GetDouble():F2} s: {answer.RootElement.GetProperty("value").GetDouble():R}"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Features whose covariance has a spectrum over six decades, as a classifier's have.</summary>
    private static Matrix Draw(int dimensions, ulong seed)
    {
        Matrix features = new(Rows, dimensions);
        new RandomStream(seed).FillNormal(features.Values);
        for (int n = 0; n < Rows; n++)
        {
            Span<double> row = features.Row(n);
            double carried = 0;
            for (int j = 0; j < dimensions; j++) row[j] = carried = 0.3 * carried + row[j] * Math.Pow(10, -3.0 * j / dimensions) * (1 + 0.1 * seed);
        }

        return features;
    }
}
