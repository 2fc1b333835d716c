using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Benchmarks;

/// <summary>
/// Factor analysis of 100,000 rows of 64 columns with 10 factors, to convergence, here and in scikit-learn in turn, from the same start and by the same stopping rule:
/// <c>factors [--repeats n] [--python path] [--alone]</c>.
/// </summary>
internal static class FactorBenchmark
{
    private const int Rows = 100_000, Columns = 64, Factors = 10;

    public static int Run(string[] args)
    {
        string Option(string name, string fallback) => Array.IndexOf(args, name) is >= 0 and var i ? args[i + 1] : fallback;
        int repeats = int.Parse(Option("--repeats", "3"), CultureInfo.InvariantCulture);
        string python = Option("--python", "python3");
        using Runtime runtime = new(2);
        Matrix values = Draw();
        Observations rows = Observations.FromMatrix("rows", values);
        double peak = MachinePeak.MeasureMatrixGflops(2) / 2;
        double product = Covariance(values, runtime);
        Console.WriteLine(FormattableString.Invariant($"Matrix peak in double precision, 2 threads: {peak:F0} GFLOP/s; one pass of products of centred blocks: {product * 1e3:F1} ms, {2e-9 * Rows * Columns * Columns / product:F0} GFLOP/s."));
        string file = Path.GetTempFileName() + ".npy";
        try
        {
            if (!args.Contains("--alone")) Npy.Save(file, NumericArray.From<double>(values.Values, Rows, Columns));
            for (int round = 0; round < repeats; round++)
            {
                (double seconds, FitResult<FactorAnalysis> fit) = Ours(rows, runtime);
                Console.WriteLine(FormattableString.Invariant($"Elbo          {seconds * 1e3,8:F1} ms  {fit.Iterations + 1} iterations  {fit.Elbo:F9} nats per row"));
                if (args.Contains("--alone")) continue;
                foreach (int threads in (int[])[1, 2])
                {
                    JsonElement theirs = Theirs(python, file, threads);
                    double peer = theirs.GetProperty("seconds").GetDouble();
                    Console.WriteLine(FormattableString.Invariant($"scikit-learn  {peer * 1e3,8:F1} ms  {theirs.GetProperty("iterations").GetInt32()} iterations  {theirs.GetProperty("logLikelihood").GetDouble():F9} nats per row  {threads} threads, ratio {peer / seconds:F1}"));
                }
            }
        }
        finally
        {
            File.Delete(file);
        }

        return 0;
    }

    private static (double Seconds, FitResult<FactorAnalysis> Fit) Ours(Observations rows, Runtime runtime)
    {
        FactorAnalysisOptions options = new() { Factors = Factors, StartNoise = [.. Enumerable.Repeat(1.0, Columns)] };
        // scikit-learn's rule: a gain of less than 0.01 nats for all rows together.
        FitOptions fit = new() { Tolerance = 1e-2 / Rows };
        FitResult<FactorAnalysis> result = FactorAnalysis.Fit(rows, options, fit, runtime);
        List<double> times = [];
        for (long start = Stopwatch.GetTimestamp(); times.Count < 5 || Stopwatch.GetElapsedTime(start).TotalSeconds < 2;)
        {
            long one = Stopwatch.GetTimestamp();
            result = FactorAnalysis.Fit(rows, options, fit, runtime);
            times.Add(Stopwatch.GetElapsedTime(one).TotalSeconds);
        }

        return (times.Order().ElementAt(times.Count / 2), result);
    }

    /// <summary>The products alone, as the covariance forms them: blocks of 2048 rows that lie in the cache.</summary>
    private static double Covariance(Matrix values, Runtime runtime)
    {
        double[] product = new double[Columns * Columns];
        double best = double.PositiveInfinity;
        for (int repeat = 0; repeat < 20; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int first = 0; first < Rows; first += 2048)
            {
                int count = Math.Min(2048, Rows - first);
                ReadOnlySpan<double> block = values.Values.Slice(first * Columns, count * Columns);
                runtime.Multiply(block, block, product, Columns, Columns, transposeA: true);
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static Matrix Draw()
    {
        RandomStream random = new(1);
        double[] loadings = new double[Columns * Factors], noise = new double[Columns];
        random.Split(0).FillNormal(loadings);
        for (int i = 0; i < Columns; i++) noise[i] = 0.5 + random.Split(1).Uniform((ulong)i);
        return new FactorAnalysis(new double[Columns], new Matrix(Columns, Factors, loadings), noise).Sample(Rows, random.Split(2));
    }

    private static JsonElement Theirs(string python, string file, int threads)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "peers", "factors.py");
        ProcessStartInfo start = new(python, [script, file, Factors.ToString(CultureInfo.InvariantCulture), "1"])
        {
            RedirectStandardOutput = true,
            Environment = { ["OMP_WAIT_POLICY"] = "passive", ["OMP_NUM_THREADS"] = $"{threads}", ["OPENBLAS_NUM_THREADS"] = $"{threads}" },
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The peer failed with exit code {process.ExitCode}: is scikit-learn installed for {python} (Debian: python3-sklearn)?");
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
