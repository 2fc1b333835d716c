using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Benchmarks;

/// <summary>
/// Batch LDA of 5000 documents of 100 words from 2000, 20 topics, beside scikit-learn: <c>lda [--iterations n] [--repeats n] [--python path]</c>.
/// The same documents, priors (1/K), start, tolerance and limit of a document's updates, and number of iterations; both end with one more pass over the documents.
/// </summary>
internal static class TopicBenchmark
{
    private const int Documents = 5000, Words = 2000, Tokens = 100, Topics = 20;

    public static int Run(string[] args)
    {
        string Option(string name, string fallback) => Array.IndexOf(args, name) is >= 0 and var i ? args[i + 1] : fallback;
        int iterations = int.Parse(Option("--iterations", "10"), CultureInfo.InvariantCulture), repeats = int.Parse(Option("--repeats", "3"), CultureInfo.InvariantCulture);
        string python = Option("--python", "python3");
        int[][] tokens = Draw();
        Matrix start = new(Topics, Words);
        RandomStream random = new(2);
        for (int i = 0; i < start.Values.Length; i++) start.Values[i] = Math.Exp(0.1 * random.Normal((ulong)i));
        DocumentCounts documents = DocumentCounts.FromTokens("drawn", tokens, Words);
        LatentDirichletAllocationOptions options = new() { Topics = Topics, Start = start };
        FitOptions fit = new() { MaxIterations = iterations, Tolerance = 0 };
        DirectoryInfo folder = Directory.CreateTempSubdirectory("elbo-topics");
        try
        {
            Npy.Save(Path.Combine(folder.FullName, "tokens.npy"), NumericArray.From<int>(tokens.SelectMany(static row => row).ToArray(), Documents, Tokens));
            Npy.Save(Path.Combine(folder.FullName, "start.npy"), NumericArray.From<double>(start.Values, Topics, Words));
            List<Timing> one = [], two = [], theirs = [], theirsTwo = [];
            for (int i = 0; i < repeats; i++)
            {
                two.Add(Ours(documents, options, fit, 2));
                one.Add(Ours(documents, options, fit, 1));
                if (args.Contains("--alone")) continue;
                theirs.Add(Theirs(python, folder.FullName, iterations, 1));
                theirsTwo.Add(Theirs(python, folder.FullName, iterations, 2));
            }

            Console.WriteLine(FormattableString.Invariant($"Seconds of a fit of {iterations} iterations, and of one; medians of {repeats} rounds."));
            Console.WriteLine("| | fit | per iteration | processor time | bound per document |");
            Console.WriteLine("|---|---|---|---|---|");
            Print("Elbo, 1 thread", one, iterations);
            Print("Elbo, 2 threads", two, iterations);
            if (theirs.Count == 0) return 0;
            Print("scikit-learn, n_jobs=1", theirs, iterations);
            Print("scikit-learn, n_jobs=2", theirsTwo, iterations);
            Console.WriteLine(FormattableString.Invariant($"scikit-learn's best / Elbo on 2 threads: {Math.Min(Median(theirs).Seconds, Median(theirsTwo).Seconds) / Median(two).Seconds:F1}; on one thread each, by processor time: {Median(theirs).Processor / Median(one).Processor:F1}"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(string name, List<Timing> timings, int iterations)
    {
        Timing median = Median(timings);
        Console.WriteLine(FormattableString.Invariant($"| {name} | {median.Seconds:F3} s | {1e3 * median.Seconds / iterations:F1} ms | {median.Processor:F3} s | {median.Bound:F4} |"));
    }

    private static Timing Ours(DocumentCounts documents, LatentDirichletAllocationOptions options, FitOptions fit, int threads)
    {
        using Runtime runtime = new(threads);
        // Once for the compiler.
        LatentDirichletAllocation.Fit(documents, options, fit with { MaxIterations = 2 }, runtime);
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        FitResult<LatentDirichletAllocation> result = LatentDirichletAllocation.Fit(documents, options, fit, runtime);
        return new Timing(watch.Elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds, result.Elbo);
    }

    private static Timing Theirs(string python, string folder, int iterations, int jobs)
    {
        ProcessStartInfo start = new(python, [Path.Combine(AppContext.BaseDirectory, "peers", "topics.py"), folder, Topics.ToString(CultureInfo.InvariantCulture), iterations.ToString(CultureInfo.InvariantCulture), jobs.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The peer failed with exit code {process.ExitCode}: is scikit-learn installed for {python} (Debian: python3-sklearn)?");
        JsonElement root = JsonDocument.Parse(output).RootElement;
        return new Timing(root.GetProperty("seconds").GetDouble(), root.GetProperty("processor").GetDouble(), root.GetProperty("bound").GetDouble());
    }

    /// <summary>Documents of topics that each favour a tenth of the words, with one to three topics each.</summary>
    private static int[][] Draw()
    {
        int[][] tokens = new int[Documents][];
        for (int d = 0; d < Documents; d++)
        {
            RandomStream random = new RandomStream(1).Split((ulong)d);
            int topics = 1 + (int)random.Integer(3, 0);
            tokens[d] = new int[Tokens];
            for (int i = 0; i < Tokens; i++)
            {
                int topic = (int)random.Integer(Topics, 1 + random.Integer((uint)topics, (ulong)(10 + 2 * i)));
                double u = random.Uniform((ulong)(300 + i)), v = random.Uniform((ulong)(500 + i));
                // One word in five is of no topic.
                tokens[d][i] = v < 0.2 ? (int)(Words * u) : (topic * (Words / Topics) + (int)(200 * u * u)) % Words;
            }
        }

        return tokens;
    }

    private static Timing Median(List<Timing> timings) => timings.OrderBy(static timing => timing.Seconds).ElementAt(timings.Count / 2);

    private sealed record Timing(double Seconds, double Processor, double Bound);
}
