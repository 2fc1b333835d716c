#!/usr/bin/env dotnet
#:project ../src/Elbo/Elbo.csproj
#:property PublishAot=false

// A Gaussian mixture fitted to a handful of readings, one of them missing: anomaly scores, clusters, and the gap filled in.
// Run it:  dotnet run samples/mixture.cs

using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

double[,] values = { { 1.0, 2.1 }, { 0.9, double.NaN }, { 7.8, 8.2 }, { 8.1, 7.9 }, { 1.2, 1.8 }, { 8.0, 8.3 }, { 4.5, 1.0 } };
using Runtime runtime = new();
Observations rows = Observations.FromMatrix("readings", new Matrix(values));
GaussianMixtureOptions options = new() { Components = 2, Covariance = CovarianceKind.Tied, Regularization = 0.01 };
FitResult<GaussianMixture> fit = GaussianMixture.Fit(rows, options, new FitOptions { Restarts = 5 }, runtime);
Console.WriteLine($"{fit.Elbo:F2} nats per row, BIC {fit.Bic:F1}. {fit.Explanation}");

double[] scores = fit.Model.LogDensity(rows, runtime);                       // low: an anomaly
Matrix responsibilities = fit.Model.Encode(rows, runtime);                   // [rows, components]
Matrix filled = fit.Model.Impute(rows, draw: null, runtime);                 // the gap's conditional mean
for (int n = 0; n < filled.Rows; n++)
    Console.WriteLine($"{filled[n, 0]:F1} {filled[n, 1]:F1}   ln p(x) {scores[n]:F2}   component {(responsibilities[n, 0] > 0.5 ? 0 : 1)}");
