#!/usr/bin/env dotnet
#:project ../src/Elbo/Elbo.csproj
#:property PublishAot=false

// Bias and variance of every gradient estimator on problems whose gradient is known.
// Run it:  dotnet run samples/estimators.cs [draws]
// What it shows: unbiased estimators miss the truth by a few standard errors at most, biased ones by far more; and that no estimator is always the best.

using System.Globalization;
using Elbo.Objectives;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
long draws = args.Length > 0 ? long.Parse(args[0]) : 100_000;
foreach (IGrouping<string, EstimatorComparison> problem in EstimatorComparison.Run(draws: draws).GroupBy(row => row.Problem.Name))
{
    EstimatorStatistics first = problem.First().Statistics;
    Console.WriteLine($"{problem.Key}: gradient {string.Join(", ", first.Truth.Select(value => value.ToString("G4")))}");
    Console.WriteLine($"  {"estimator",-40} {"bias in errors",14}   variance of one gradient");
    foreach (EstimatorComparison row in problem)
        Console.WriteLine($"  {row.Estimator.Name,-40} {row.Statistics.BiasInErrors,14:F1}   {string.Join(", ", row.Statistics.Variance.Select(value => value.ToString("G4")))}");
    Console.WriteLine();
}

Console.WriteLine($"each row: {draws} gradients of one draw (leave-one-out: two); an unbiased estimator stays below about 4 errors");
