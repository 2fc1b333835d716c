using System.Diagnostics;
using System.Globalization;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>
/// One iteration of Baum-Welch on one long sequence: <c>hmm [--rows n] [--states k] [--columns d] [--iterations n] [--threads n] [--pattern] [--python path]</c>.
/// With <c>--python</c> hmmlearn runs the same rows from the same start, where it is installed.
/// </summary>
internal static class HiddenMarkovBenchmark
{
    public static int Run(string[] args)
    {
        string Option(string name, string fallback) => Array.IndexOf(args, name) is >= 0 and var i ? args[i + 1] : fallback;
        int Number(string name, int fallback) => int.Parse(Option(name, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        int rows = Number("--rows", 100_000), states = Number("--states", 10), columns = Number("--columns", 8), iterations = Number("--iterations", 40), threads = Number("--threads", 2);
        HiddenMarkovModel truth = Model(states, columns, 1, args.Contains("--pattern")), start = Model(states, columns, 1.3, args.Contains("--pattern"));
        Observations data = Observations.FromMatrix("benchmark", truth.Sample(rows, new RandomStream(7)));
        using Runtime runtime = new(threads);
        List<double> times = [];
        Stopwatch watch = new();
        // Each report follows one E-step and M-step.
        Progress progress = new(() =>
        {
            times.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
        });
        FitOptions fit = new() { MaxIterations = iterations, Tolerance = 0, Progress = progress };
        watch.Start();
        FitResult<HiddenMarkovModel> result = HiddenMarkovModel.Fit(data, HiddenMarkovOptions.StartingFrom(start) with { Regularization = 0 }, fit, runtime);
        double[] sorted = [.. times.Skip(3).Order()];
        Console.WriteLine(FormattableString.Invariant(
            $"Diagonal Gaussian, T={rows}, K={states}, D={columns}, {threads} threads: median {sorted[sorted.Length / 2]:F2} ms, best {sorted[0]:F2} ms an iteration; log-likelihood per row {result.Bounds[0]:F12} → {result.Elbo:F12} after {result.Iterations}."));
        string python = Option("--python", "");
        return python.Length == 0 ? 0 : Peer(python, data, start, iterations);
    }

    private static HiddenMarkovModel Model(int states, int columns, double scale, bool pattern)
    {
        RandomStream random = new(11);
        Matrix means = new(states, columns), variances = new(states, columns), transitions = new(states, states);
        for (int i = 0; i < means.Values.Length; i++)
        {
            means.Values[i] = scale * random.Normal((ulong)i);
            variances.Values[i] = 1;
        }

        double[] start = new double[states];
        for (int i = 0; i < states; i++)
        {
            start[i] = 1.0 / states;
            for (int j = 0; j < states; j++) transitions[i, j] = i == j ? 0.9 : pattern ? (j == (i + 1) % states ? 0.1 : 0) : 0.1 / (states - 1);
        }

        return new HiddenMarkovModel(start, transitions, new DiagonalGaussianEmission(means, variances));
    }

    private static int Peer(string python, Observations data, HiddenMarkovModel start, int iterations)
    {
        string folder = Directory.CreateTempSubdirectory("elbo-hmm").FullName;
        try
        {
            Matrix values = data.ToMatrix(), means = start.Emission.Means;
            string file = Path.Combine(folder, "rows.bin");
            using (BinaryWriter writer = new(File.Create(file)))
            {
                foreach (int size in (int[])[values.Rows, values.Columns, start.States]) writer.Write(size);
                foreach (double value in values.Values) writer.Write(value);
                foreach (double value in start.Start) writer.Write(value);
                foreach (double value in start.Transitions.Values) writer.Write(value);
                foreach (double value in means.Values) writer.Write(value);
            }

            ProcessStartInfo information = new(python, [Path.Combine(AppContext.BaseDirectory, "peers", "hmm.py"), file, iterations.ToString(CultureInfo.InvariantCulture)]);
            using Process process = Process.Start(information) ?? throw new InvalidOperationException($"{python} did not start.");
            process.WaitForExit();
            return process.ExitCode;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Progress(Action report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report();
    }
}
