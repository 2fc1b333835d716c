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
/// EM iterations here and in scikit-learn, in turn, in one run, on the same rows from the same start: <c>gmm [--rows n] [--columns n] [--components n]
/// [--separation s] [--iterations n] [--repeats n] [--python path]</c>. Prints a Markdown table.
/// </summary>
internal static class MixtureBenchmark
{
    public static int Run(string[] args)
    {
        string Option(string name, string fallback) => Array.IndexOf(args, name) is >= 0 and var i ? args[i + 1] : fallback;
        int Integer(string name, int fallback) => int.Parse(Option(name, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        int rows = Integer("--rows", 200_000), columns = Integer("--columns", 32), components = Integer("--components", 16), iterations = Integer("--iterations", 7), repeats = Integer("--repeats", 3);
        double separation = double.Parse(Option("--separation", "1"), CultureInfo.InvariantCulture);
        string python = Option("--python", "python3"), only = Option("--kind", "");
        string folder = Directory.CreateTempSubdirectory("elbo-mixtures-").FullName;
        try
        {
            Observations data = Write(folder, rows, columns, components, separation, out Dictionary<CovarianceKind, IReadOnlyDictionary<string, NumericArray>> starts);
            Console.WriteLine(FormattableString.Invariant($"{rows} × {columns}, K = {components}, means {separation} standard deviations from the centre per column; {repeats} rounds of {iterations} iterations, 2 threads."));
            Console.WriteLine();
            Console.WriteLine("| covariance | Elbo, ms an iteration (least) | scikit-learn (least) | ratio of medians (of least) | processor time, least, ms: Elbo, scikit-learn, ratio | log-likelihood per row, both |");
            Console.WriteLine("|---|---|---|---|---|---|");
            foreach (CovarianceKind kind in Enum.GetValues<CovarianceKind>())
            {
                if (only.Length > 0 && !string.Equals(only, kind.ToString(), StringComparison.OrdinalIgnoreCase)) continue;
                List<double> ours = [], theirs = [];
                double leastOurs = double.PositiveInfinity, leastTheirs = leastOurs, leastWork = leastOurs, leastPeerWork = leastOurs, bound = 0, peer = 0;
                for (int i = 0; i < repeats; i++)
                {
                    (double milliseconds, double least, double processor, bound) = Ours(data, kind, components, starts[kind], iterations);
                    ours.Add(milliseconds);
                    leastOurs = Math.Min(leastOurs, least);
                    leastWork = Math.Min(leastWork, processor);
                    if (python == "none") continue;
                    (milliseconds, least, double peerProcessor, peer) = Theirs(python, folder, kind, iterations);
                    theirs.Add(milliseconds);
                    leastTheirs = Math.Min(leastTheirs, least);
                    leastPeerWork = Math.Min(leastPeerWork, peerProcessor);
                }

                double median = Median(ours), other = theirs.Count > 0 ? Median(theirs) : double.NaN;
                Console.WriteLine(FormattableString.Invariant(
                    $"| {kind} | {median:F1} ({leastOurs:F1}) | {other:F0} ({leastTheirs:F0}) | {other / median:F1} ({leastTheirs / leastOurs:F1}) | {leastWork:F0}, {leastPeerWork:F0}, {leastPeerWork / leastWork:F1} | {bound:F10}, {peer:F10} |"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static Observations Write(string folder, int rows, int columns, int components, double separation, out Dictionary<CovarianceKind, IReadOnlyDictionary<string, NumericArray>> starts)
    {
        RandomStream random = new(1);
        Matrix values = new(rows, columns), means = new(components, columns);
        double[] truth = new double[components * columns], variances = new double[columns], weights = new double[components];
        for (int i = 0; i < truth.Length; i++) truth[i] = separation * random.Split(1).Normal((ulong)i);
        for (int n = 0; n < rows; n++)
        {
            RandomStream row = random.Split(2).Split((ulong)n);
            int k = (int)row.Integer((uint)components, 0);
            for (int j = 0; j < columns; j++) values[n, j] = truth[k * columns + j] + row.Normal((ulong)j + 8);
        }

        for (int k = 0; k < components; k++) values.Row(k).CopyTo(means.Row(k));
        Array.Fill(weights, 1.0 / components);
        Array.Fill(variances, 1 + separation * separation);
        foreach ((string name, double[] array, int[] shape) in ((string, double[], int[])[])
            [("rows", values.Values.ToArray(), [rows, columns]), ("means", means.Values.ToArray(), [components, columns]), ("weights", weights, [components]), ("variances", variances, [columns])])
            Npy.Save(Path.Combine(folder, name + ".npy"), NumericArray.From<double>(array, shape));
        double[] diagonal = new double[columns * columns];
        for (int j = 0; j < columns; j++) diagonal[j * columns + j] = variances[j];
        Dictionary<string, NumericArray> Start(double[] covariances, params int[] shape) => new()
        {
            ["weights"] = NumericArray.From<double>(weights, components),
            ["means"] = NumericArray.From<double>(means.Values, components, columns),
            ["covariances"] = NumericArray.From<double>(covariances, shape),
        };
        starts = new()
        {
            [CovarianceKind.Full] = Start([.. Enumerable.Range(0, components).SelectMany(_ => diagonal)], components, columns, columns),
            [CovarianceKind.Tied] = Start(diagonal, columns, columns),
            [CovarianceKind.Diagonal] = Start([.. Enumerable.Range(0, components).SelectMany(_ => variances)], components, columns),
            [CovarianceKind.Spherical] = Start([.. Enumerable.Repeat(variances[0], components)], components),
        };
        return Observations.FromMatrix("benchmark", values);
    }

    private static (double Milliseconds, double Least, double Processor, double Bound) Ours(Observations data, CovarianceKind kind, int components, IReadOnlyDictionary<string, NumericArray> start, int iterations)
    {
        using Runtime runtime = new(2);
        Clock clock = new();
        FitResult<GaussianMixture> fit = GaussianMixture.Fit(
            data,
            new GaussianMixtureOptions { Components = components, Covariance = kind, StartParameters = start },
            new FitOptions { MaxIterations = iterations, Tolerance = 0, Progress = clock },
            runtime);
        // An iteration is from one report to the next; the last step makes the bound of the model returned. The peer's last bound is that of its last E-step.
        return (Median(clock.Milliseconds), clock.Milliseconds.Min(), clock.Processor, fit.Bounds[iterations - 1]);
    }

    private static (double Milliseconds, double Least, double Processor, double Bound) Theirs(string python, string folder, CovarianceKind kind, int iterations)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "peers", "mixtures.py"), name = kind == CovarianceKind.Diagonal ? "diag" : kind.ToString().ToLowerInvariant();
        ProcessStartInfo start = new(python, [script, folder, name, iterations.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            Environment = { ["OMP_NUM_THREADS"] = "2", ["OPENBLAS_NUM_THREADS"] = "2" },
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The peer failed with exit code {process.ExitCode}: is scikit-learn installed for {python} (Debian: python3-sklearn)?");
        JsonElement result = JsonDocument.Parse(output).RootElement;
        return (result.GetProperty("milliseconds").GetDouble(), result.GetProperty("least").GetDouble(), result.GetProperty("cpu").GetDouble(), result.GetProperty("bound").GetDouble());
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class Clock : IProgress<FitProgress>
    {
        private long last;
        private TimeSpan first;

        public List<double> Milliseconds { get; } = [];

        public double Processor { get; private set; }

        public void Report(FitProgress value)
        {
            long now = Stopwatch.GetTimestamp();
            TimeSpan work = Environment.CpuUsage.TotalTime;
            if (last == 0) first = work;
            else Milliseconds.Add(Stopwatch.GetElapsedTime(last, now).TotalMilliseconds);
            Processor = (work - first).TotalMilliseconds / Math.Max(1, Milliseconds.Count);
            last = now;
        }
    }
}
