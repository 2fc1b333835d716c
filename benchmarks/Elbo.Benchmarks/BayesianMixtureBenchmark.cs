using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Benchmarks;

/// <summary>
/// An iteration of the Bayesian Gaussian mixture with full covariance, 100,000 rows of 16 columns, 8 components, beside scikit-learn:
/// <c>bayesian-gmm [--iterations n] [--repeats n] [--python path] [--alone]</c>. The same rows, priors, first responsibilities and number of iterations.
/// </summary>
internal static class BayesianMixtureBenchmark
{
    private const int Rows = 100_000, Columns = 16, Components = 8;

    public static int Run(string[] args)
    {
        string Option(string name, string fallback) => Array.IndexOf(args, name) is >= 0 and var i ? args[i + 1] : fallback;
        int iterations = int.Parse(Option("--iterations", "10"), CultureInfo.InvariantCulture), repeats = int.Parse(Option("--repeats", "3"), CultureInfo.InvariantCulture);
        string python = Option("--python", "python3");
        Matrix values = Draw();
        Observations rows = Observations.FromMatrix("drawn", values);
        GaussianMixture start = Start(values);
        using Runtime two = new(2), one = new(1);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("elbo-bayesian-mixture");
        try
        {
            Npy.Save(Path.Combine(folder.FullName, "rows.npy"), NumericArray.From<double>(values.Values, Rows, Columns));
            Npy.Save(Path.Combine(folder.FullName, "shares.npy"), NumericArray.From<double>(start.Encode(rows, two).Values, Rows, Components));
            List<Timing> ours = [], oursOne = [], theirs = [], theirsTwo = [];
            for (int i = 0; i < repeats; i++)
            {
                ours.Add(Ours(rows, start, iterations, two));
                oursOne.Add(Ours(rows, start, iterations, one));
                if (args.Contains("--alone")) continue;
                theirs.Add(Theirs(python, folder.FullName, iterations, "1"));
                theirsTwo.Add(Theirs(python, folder.FullName, iterations, "2"));
            }

            Console.WriteLine(FormattableString.Invariant($"One iteration; medians of {repeats} rounds of {iterations}."));
            Console.WriteLine("| | time | processor time | sum of the means |");
            Console.WriteLine("|---|---|---|---|");
            Print("Elbo, 1 thread", oursOne);
            Print("Elbo, 2 threads", ours);
            if (theirs.Count == 0) return 0;
            Print("scikit-learn, 1 thread", theirs);
            Print("scikit-learn, 2 threads", theirsTwo);
            Console.WriteLine(FormattableString.Invariant($"scikit-learn's best / Elbo on 2 threads: {Math.Min(Median(theirs).Seconds, Median(theirsTwo).Seconds) / Median(ours).Seconds:F1}; on one thread each, by processor time: {Median(theirs).Processor / Median(oursOne).Processor:F1}"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Timing Ours(Observations rows, GaussianMixture start, int iterations, Runtime runtime)
    {
        Matrix scale = Matrix.Identity(Columns);
        foreach (ref double value in scale.Values) value *= Columns;
        BayesianGaussianMixtureOptions options = new()
        {
            Components = Components,
            WeightConcentration = 1,
            MeanPrior = new double[Columns],
            InverseScale = scale,
            DegreesOfFreedom = Columns,
            StartMixture = start,
        };
        double Fit(int count, out double sum)
        {
            Stopwatch watch = Stopwatch.StartNew();
            BayesianGaussianMixture model = BayesianGaussianMixture.Fit(rows, options, new FitOptions { MaxIterations = count, Tolerance = 0 }, runtime).Model;
            sum = 0;
            foreach (double value in model.Means.Values) sum += value;
            return watch.Elapsed.TotalSeconds;
        }

        // What a fit does once (its checks, the first responsibilities, the last bound) is in both, and drops out.
        Fit(2, out _);
        double brief = Fit(1, out _);
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        double whole = Fit(1 + iterations, out _);
        double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        Fit(iterations, out double means);
        return new Timing((whole - brief) / iterations, processor * (1 - brief / whole) / iterations, means);
    }

    private static Timing Theirs(string python, string folder, int iterations, string threads)
    {
        ProcessStartInfo start = new(python, [Path.Combine(AppContext.BaseDirectory, "peers", "bayesian_mixture.py"), folder, iterations.ToString(CultureInfo.InvariantCulture), threads])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The peer failed with exit code {process.ExitCode}: is scikit-learn installed for {python} (Debian: python3-sklearn)?");
        JsonElement root = JsonDocument.Parse(output).RootElement;
        return new Timing(root.GetProperty("seconds").GetDouble(), root.GetProperty("processor").GetDouble(), root.GetProperty("means").GetDouble());
    }

    private static Matrix Draw()
    {
        RandomStream random = new(1);
        Matrix values = new(Rows, Columns);
        random.FillNormal(values.Values);
        for (int n = 0; n < Rows; n++)
        {
            int component = n % Components;
            for (int j = 0; j < Columns; j++) values[n, j] = (1 + 0.1 * component) * values[n, j] + 2 * random.Split(1).Normal((ulong)(component * Columns + j));
        }

        return values;
    }

    private static GaussianMixture Start(Matrix values)
    {
        double[] weights = new double[Components], covariances = new double[Components * Columns * Columns];
        Array.Fill(weights, 1.0 / Components);
        Matrix means = new(Components, Columns);
        for (int k = 0; k < Components; k++)
        {
            values.Row(k).CopyTo(means.Row(k));
            for (int j = 0; j < Columns; j++) covariances[(k * Columns + j) * Columns + j] = 9;
        }

        return GaussianMixture.Create(weights, means, covariances, CovarianceKind.Full);
    }

    private static void Print(string name, List<Timing> timings) =>
        Console.WriteLine(FormattableString.Invariant($"| {name} | {1e3 * Median(timings).Seconds:F1} ms | {1e3 * Median(timings).Processor:F1} ms | {Median(timings).Means:F9} |"));

    private static Timing Median(List<Timing> timings) => timings.OrderBy(static timing => timing.Seconds).ElementAt(timings.Count / 2);

    private sealed record Timing(double Seconds, double Processor, double Means);
}
