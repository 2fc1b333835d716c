using Elbo.Benchmarks;

switch (args.FirstOrDefault())
{
    case "bayesian-gmm":
        return BayesianMixtureBenchmark.Run(args[1..]);
    case "elementwise":
        ElementwiseBenchmarks.Run(args[1..]);
        return 0;
    case "frechet":
        return FrechetBenchmark.Run(args[1..]);
    case "factors":
        return FactorBenchmark.Run(args[1..]);
    case "lda":
        return TopicBenchmark.Run(args[1..]);
    case "matmul":
        MatrixProductBenchmark.Run(args[1..]);
        return 0;
    case "convolution":
        ConvolutionBenchmark.Run(args[1..]);
        return 0;
    case "gmm":
        return MixtureBenchmark.Run(args[1..]);
    case "gmm-stream":
        return MixtureStreamBenchmark.Run(args[1..]);
    case "hmm":
        return HiddenMarkovBenchmark.Run(args[1..]);
    case "packing":
        PackingBenchmark.Run();
        return 0;
    case "peers":
        return PeerBenchmark.Run(args[1..]);
    case "pool":
        WorkerPoolBenchmark.Run();
        return 0;
    case "reductions":
        ReductionBenchmarks.Run(args[1..]);
        return 0;
    case "steps":
        return StepBenchmark.Run(args[1..]);
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project benchmarks/Elbo.Benchmarks -- bayesian-gmm|elementwise|factors|frechet|lda|matmul|convolution|gmm|gmm-stream|hmm|packing|peers|pool|reductions|steps [filter]");
        return 2;
}
