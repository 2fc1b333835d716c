using System.Diagnostics;
using System.Globalization;
using Elbo.Numerics;

namespace Elbo.Benchmarks;

/// <summary>Times whole training steps: <c>steps [name] [--threads n] [--profile]</c>. In milliseconds: the median of many steps, and the time that a tenth of them stay below, which other work on the machine disturbs least.</summary>
internal static class StepBenchmark
{
    public static readonly Dictionary<string, Func<StepGraph>> Steps = new()
    {
        ["dense-100"] = () => StepGraphs.Dense(100, [500], 20, x => x.Relu(), false),
        ["dense-20"] = () => StepGraphs.Dense(20, [200, 200], 50, x => x.Tanh(), true),
        ["dense-1024"] = () => StepGraphs.Dense(1024, [1024], 64, x => x.Relu(), false),
        ["conv-128"] = () => StepGraphs.Convolutional(128),
    };

    public static int Run(string[] args)
    {
        int threads = args.Contains("--threads") ? int.Parse(args[Array.IndexOf(args, "--threads") + 1], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        double peak = MachinePeak.MeasureMatrixGflops(threads);
        Console.WriteLine(FormattableString.Invariant($"peak {peak:F0} GFLOP/s on {threads} threads"));
        foreach ((string name, Func<StepGraph> make) in Steps)
        {
            if (args.Length > 0 && !args[0].StartsWith("--", StringComparison.Ordinal) && args[0] != name) continue;
            using Runtime runtime = new(threads);
            using VariableStore<float> store = new();
            using Plan<float> plan = make().Compile(runtime, store);
            List<double> times = Times(plan, seconds: name == "conv-128" ? 6 : 3);
            double median = times[times.Count / 2], best = times[times.Count / 10];
            double rate = 2 * StepGraph.MultiplyAdds(plan) / median / 1e6;
            Console.WriteLine(FormattableString.Invariant($"{name,-12} {median,8:F3} ms  (tenth {best,8:F3})  {rate,6:F0} GFLOP/s  {rate / peak,5:P0} of peak  loss {plan.Output(0)[0]:F2}"));
            if (args.Contains("--profile")) Console.WriteLine(plan.Profile(200, new RandomStream(1)));
        }

        return 0;
    }

    /// <summary>The median time of a run in milliseconds, after a warm-up.</summary>
    public static double Time(Plan<float> plan, double seconds)
    {
        List<double> times = Times(plan, seconds);
        return times[times.Count / 2];
    }

    /// <summary>The times of runs in milliseconds, ascending.</summary>
    private static List<double> Times(Plan<float> plan, double seconds)
    {
        // The kernels are compiled again, better, after some calls; what is measured is the steady state.
        for (long start = Stopwatch.GetTimestamp(), i = 0; Stopwatch.GetElapsedTime(start).TotalSeconds < 3; i++) plan.Run(new RandomStream(1, (ulong)i));
        List<double> times = [];
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < seconds;)
        {
            long step = Stopwatch.GetTimestamp();
            plan.Run(new RandomStream(2, (ulong)times.Count));
            times.Add(Stopwatch.GetElapsedTime(step).TotalMilliseconds);
        }

        times.Sort();
        return times;
    }
}
