using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>
/// The same work here and in PyTorch, in turn, in one run: <c>peers [name] [--repeats n] [--python path]</c>. PyTorch gets the better of one and two
/// threads, with OMP_WAIT_POLICY=passive. Prints a Markdown table of medians.
/// </summary>
internal static class PeerBenchmark
{
    private const double Seconds = 3;

    public static int Run(string[] args)
    {
        string Option(string name, string fallback) => Array.IndexOf(args, name) is >= 0 and var i ? args[i + 1] : fallback;
        int repeats = int.Parse(Option("--repeats", "3"), CultureInfo.InvariantCulture);
        string python = Option("--python", "python3");
        string? only = args.FirstOrDefault(arg => StepBenchmark.Steps.ContainsKey(arg) || arg.StartsWith("matmul-", StringComparison.Ordinal));
        double peak = MachinePeak.MeasureMatrixGflops(2);
        Console.WriteLine(FormattableString.Invariant($"Matrix peak of this machine, 2 threads: {peak:F0} GFLOP/s. Medians of {repeats} rounds; in each round Elbo runs, then PyTorch with 1 and with 2 threads."));
        Console.WriteLine();
        Console.WriteLine("| work | Elbo, 2 threads | of the peak | PyTorch, 1 thread | PyTorch, 2 threads | PyTorch's best / Elbo |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (string name in (string[])[.. StepBenchmark.Steps.Keys, "matmul-1024", "matmul-2048"])
        {
            if (only is not null && name != only) continue;
            List<double> ours = [], one = [], two = [];
            double work = 0;
            for (int i = 0; i < repeats; i++)
            {
                (double milliseconds, work) = Ours(name);
                ours.Add(milliseconds);
                one.Add(Theirs(python, name, 1));
                two.Add(Theirs(python, name, 2));
            }

            double median = Median(ours);
            Console.WriteLine(FormattableString.Invariant(
                $"| {name} | {median:F3} ms | {2 * work / median / 1e6 / peak:P0} | {Median(one):F2} ms | {Median(two):F2} ms | {Math.Min(Median(one), Median(two)) / median:F2} |"));
        }

        return 0;
    }

    private static (double Milliseconds, double Work) Ours(string name)
    {
        using Runtime runtime = new(2);
        using VariableStore<float> store = new();
        using Plan<float> plan = StepBenchmark.Steps.TryGetValue(name, out Func<StepGraph>? make) ? make().Compile(runtime, store) : Product(int.Parse(name.AsSpan(7), CultureInfo.InvariantCulture), runtime, store);
        return (StepBenchmark.Time(plan, Seconds), StepGraph.MultiplyAdds(plan));
    }

    private static Plan<float> Product(int size, Runtime runtime, VariableStore<float> store)
    {
        Tensor a = Tensor.Input("a", [size, size]), b = Tensor.Input("b", [size, size]);
        Plan<float> plan = Plan<float>.Compile(runtime, store, [a.MatMul(b)]);
        Random random = new(1);
        foreach (ref float value in plan.Input(a)) value = random.NextSingle();
        foreach (ref float value in plan.Input(b)) value = random.NextSingle();
        return plan;
    }

    private static double Theirs(string python, string name, int threads)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "peers", "steps.py");
        ProcessStartInfo start = new(python, [script, name, threads.ToString(CultureInfo.InvariantCulture), Seconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            Environment = { ["OMP_WAIT_POLICY"] = "passive" },
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The peer failed with exit code {process.ExitCode}: is PyTorch installed for {python} (Debian: python3-torch and libopenblas0-pthread)?");
        return JsonDocument.Parse(output).RootElement.GetProperty("milliseconds").GetDouble();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
