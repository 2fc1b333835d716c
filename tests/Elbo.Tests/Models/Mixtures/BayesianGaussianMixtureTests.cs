using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Models.Mixtures;

public sealed class BayesianGaussianMixtureTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<CovarianceKind> Kinds => [CovarianceKind.Full, CovarianceKind.Tied, CovarianceKind.Diagonal, CovarianceKind.Spherical];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_component_gives_the_exact_evidence_and_predicts_by_its_ratios(CovarianceKind kind)
    {
        Matrix rows = Clusters(5, 12, 3, 1);
        Matrix scale = Scale(kind, 3);
        BayesianGaussianMixtureOptions options = new()
        {
            Covariance = kind,
            MeanPrior = [0.2, -1, 0.4],
            MeanPrecision = 0.35,
            DegreesOfFreedom = 3.4,
            InverseScale = scale,
            StartMixture = Plain(kind, 1, 3),
        };
        double last = 0;
        for (int count = 1; count <= 12; count++)
        {
            Observations first = Observations.FromMatrix("first", new Matrix(count, 3, rows.Values[..(3 * count)].ToArray()));
            FitResult<BayesianGaussianMixture> fit = BayesianGaussianMixture.Fit(first, options, null, runtime);
            double evidence = fit.Elbo * count;
            Assert.Equal(Evidence(kind, rows, count, [0.2, -1, 0.4], 0.35, 3.4, scale), evidence, 1e-9);
            if (count == 12) break;
            double[] next = new double[1];
            fit.Model.LogDensity(Observations.FromMatrix("next", new Matrix(1, 3, rows.Row(count).ToArray())), next, runtime);
            last = evidence + next[0];
            double[] after = [BayesianGaussianMixture.Fit(Observations.FromMatrix("more", new Matrix(count + 1, 3, rows.Values[..(3 * count + 3)].ToArray())), options, null, runtime).Elbo * (count + 1)];
            Assert.Equal(after[0], last, 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_factor_raises_the_bound_of_the_definition(CovarianceKind kind)
    {
        foreach (MixtureWeightPrior weightPrior in (MixtureWeightPrior[])[MixtureWeightPrior.Dirichlet, MixtureWeightPrior.DirichletProcess])
        {
            for (ulong seed = 1; seed <= 8; seed++)
            {
                RandomStream random = new(seed);
                int d = 1 + (int)random.Integer(3, 0), k = 1 + (int)random.Integer(4, 1), n = 6 + (int)random.Integer(20, 2);
                Matrix rows = Clusters(seed, n, d, 3);
                Observations data = Observations.FromMatrix("rows", rows);
                NormalWishartPrior prior = new(kind, rows.Row(0), 0.5, d + 0.5, Scale(kind, d));
                double[] shares = new double[n * k];
                for (int i = 0; i < n; i++)
                {
                    double[] logs = new double[k];
                    for (int c = 0; c < k; c++) logs[c] = random.Normal((ulong)(100 + i * k + c));
                    VectorMath.NormalizeLogWeights(logs);
                    logs.CopyTo(shares, i * k);
                }

                BayesianMixtureState state = new(prior, NormalWishartPosterior.Of(prior, Moments(rows, kind, new double[n * k], k)), new WeightPosterior(weightPrior, 0.6, new double[k]));
                double last = NaiveBound(state, rows, shares);
                for (int round = 0; round < 4; round++)
                {
                    void Rises(BayesianMixtureState next, double[] r, string factor)
                    {
                        double bound = NaiveBound(next, rows, r);
                        Assert.True(bound >= last - 1e-10 * (1 + Math.Abs(bound)), $"Seed {seed}, {kind}, {weightPrior}, {factor}: from {last} to {bound}.");
                        last = bound;
                    }

                    ComponentMoments moments = Moments(rows, kind, shares, k);
                    if (weightPrior == MixtureWeightPrior.DirichletProcess)
                    {
                        // The order of the sticks is part of the choice of q(π): rows follow their components.
                        int[] order = [.. Enumerable.Range(0, k).OrderByDescending(c => moments.Counts[c])];
                        moments = moments.Reorder(order);
                        double[] moved = new double[shares.Length];
                        for (int i = 0; i < n; i++)
                            for (int c = 0; c < k; c++) moved[i * k + c] = shares[i * k + order[c]];
                        shares = moved;
                        state = state with { Components = state.Components.Kind == CovarianceKind.Tied ? NormalWishartPosterior.Of(prior, moments) : state.Components.Select(order) };
                    }

                    state = state with { Weights = state.Weights with { Counts = moments.Counts } };
                    if (weightPrior == MixtureWeightPrior.Dirichlet) Rises(state, shares, "q(π)");
                    state = state with { Components = NormalWishartPosterior.Of(prior, moments) };
                    Rises(state, shares, "q(μ, Λ)");
                    BayesianMixtureState same = state.Next(moments);
                    Assert.Equal(NaiveBound(state, rows, shares), NaiveBound(same, rows, shares), 1e-10 * (1 + Math.Abs(last)));
                    shares = Responsibilities(state, rows);
                    Rises(state, shares, "q(z)");
                    (BayesianMixtureBound bound, ComponentMoments expected) = state.Expect(data, 0, runtime);
                    Assert.Equal(last, bound.Total, 1e-9 * (1 + Math.Abs(last)));
                    ComponentMoments naive = Moments(rows, kind, shares, k);
                    for (int i = 0; i < naive.Scatters.Length; i++) Assert.Equal(naive.Scatters[i], expected.Scatters[i], 1e-8 * (1 + Math.Abs(naive.Scatters[i])));
                }
            }
        }
    }

    [Fact]
    public void The_bound_never_falls_with_missing_values_weights_and_near_singular_rows()
    {
        // FitLoop throws where it does.
        for (ulong seed = 1; seed <= 60; seed++)
        {
            RandomStream random = new RandomStream(seed).Split(5);
            int n = 10 + (int)random.Integer(40, 0), d = 1 + (int)random.Integer(5, 1);
            Matrix rows = Clusters(seed, n, d, 4);
            double[]? weights = seed % 3 == 0 ? [.. Enumerable.Range(0, n).Select(i => 2 * random.Uniform((ulong)(1000 + i)))] : null;
            for (int i = 0; i < n; i++)
            {
                if (d > 1 && seed % 4 == 1) rows[i, 1] = rows[i, 0] * (1 + 1e-9 * random.Normal((ulong)i));
                for (int j = 0; j < d; j++)
                    if (seed % 2 == 0 && i > 1 && random.Uniform((ulong)(2000 + i * d + j)) < 0.25) rows[i, j] = double.NaN;
            }

            Observations data = Observations.FromMatrix("random", rows, weights: weights);
            BayesianGaussianMixtureOptions options = new()
            {
                Components = 1 + (int)(seed % 5),
                Covariance = (CovarianceKind)(seed / 2 % 4),
                WeightPrior = (MixtureWeightPrior)(seed % 2),
                Start = StartMethod.Random,
            };
            FitResult<BayesianGaussianMixture> fit = BayesianGaussianMixture.Fit(data, options, new FitOptions { Seed = seed, MaxIterations = 40, Tolerance = 0 }, runtime);
            Assert.True(double.IsFinite(fit.Elbo));
            Assert.Equal(fit.Elbo, fit.Model.Bound(data, runtime).Total / data.TotalWeight, 1e-9 * (1 + Math.Abs(fit.Elbo)));
        }
    }

    [Fact]
    public void The_posterior_is_that_of_scikit_learn_from_the_same_start()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "bayesian_gmm.json")));
        JsonElement root = golden.RootElement;
        double[] Flat(string name) => [.. Numbers(root.GetProperty(name))];
        Observations rows = Observations.FromMatrix("golden", new Matrix(75, 3, Flat("rows")));
        GaussianMixture start = GaussianMixture.Create(Flat("weights"), new Matrix(4, 3, Flat("means")), Flat("covariances"), CovarianceKind.Full);
        BayesianGaussianMixtureOptions options = new()
        {
            Components = 4,
            WeightConcentration = 0.7,
            MeanPrecision = 0.3,
            MeanPrior = [0.5, -0.5, 0.1],
            DegreesOfFreedom = 4.5,
            InverseScale = new Matrix(3, 3, Flat("prior")),
            StartMixture = start,
        };
        FitResult<BayesianGaussianMixture> fit = BayesianGaussianMixture.Fit(rows, options, new FitOptions { MaxIterations = 6, Tolerance = 0 }, runtime);
        Assert.Equal(6, fit.Iterations);
        AssertClose(Flat("counts"), fit.Model.Counts, 1e-8);
        AssertClose(Flat("meanPrecisions"), fit.Model.MeanPrecisions, 1e-8);
        AssertClose(Flat("degreesOfFreedom"), fit.Model.DegreesOfFreedom, 1e-8);
        AssertClose(Flat("posteriorMeans"), fit.Model.Means.Values, 1e-8);
        double[] covariances = Flat("posteriorCovariances");
        for (int i = 0; i < covariances.Length; i++) Assert.Equal(covariances[i], fit.Model.InverseScales[i] / fit.Model.DegreesOfFreedom[i / 9], 1e-8);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_stochastic_step_of_all_rows_and_rate_one_is_coordinate_ascent_to_the_last_bit(CovarianceKind kind)
    {
        Observations rows = Observations.FromMatrix("rows", Clusters(4, 80, 2, 3));
        BayesianGaussianMixtureOptions options = new() { Components = 4, Covariance = kind, WeightPrior = MixtureWeightPrior.DirichletProcess };
        FitOptions fit = new() { MaxIterations = 7, Tolerance = 0 };
        FitResult<BayesianGaussianMixture> batch = BayesianGaussianMixture.Fit(rows, options, fit, runtime);
        FitResult<BayesianGaussianMixture> online = BayesianGaussianMixture.Fit(rows, options with { Online = new() { BatchSize = 80, Delay = 1, Decay = 0 } }, fit, runtime);
        Assert.Equal(batch.Bounds, online.Bounds);
        Assert.Equal(batch.Model.InverseScales, online.Model.InverseScales);
        Assert.Equal(batch.Model.Means.Values, online.Model.Means.Values);
    }

    [Fact]
    public void Stochastic_batches_come_near_the_bound_of_coordinate_ascent()
    {
        Observations rows = Observations.FromMatrix("rows", Clusters(14, 2000, 2, 3));
        BayesianGaussianMixtureOptions options = new() { Components = 3 };
        FitResult<BayesianGaussianMixture> batch = BayesianGaussianMixture.Fit(rows, options, null, runtime);
        FitResult<BayesianGaussianMixture> online = BayesianGaussianMixture.Fit(rows, options with { Online = new() { BatchSize = 100, Delay = 2 } }, new FitOptions { MaxIterations = 10 }, runtime);
        Assert.InRange(online.Elbo, batch.Elbo - 0.01, batch.Elbo + 1e-6);
    }

    [Fact]
    public void The_same_bytes_at_any_number_of_threads()
    {
        Observations rows = Observations.FromMatrix("rows", Clusters(9, 3000, 4, 5));
        double[][] results = new double[3][];
        for (int threads = 1; threads <= 3; threads++)
        {
            using Runtime workers = new(threads);
            FitResult<BayesianGaussianMixture> fit = BayesianGaussianMixture.Fit(rows, new() { Components = 5 }, new FitOptions { MaxIterations = 6, Tolerance = 0 }, workers);
            double[] densities = new double[3000];
            fit.Model.LogDensity(rows, densities, workers);
            results[threads - 1] = [.. fit.Bounds, .. fit.Model.InverseScales.ToArray(), .. densities];
        }

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_predictive_density_integrates_to_one_and_to_its_marginals(CovarianceKind kind)
    {
        BayesianGaussianMixture model = BayesianGaussianMixture.Fit(
            Observations.FromMatrix("rows", Clusters(6, 40, 2, 2)), new() { Components = 2, Covariance = kind, DegreesOfFreedom = 6 }, null, runtime).Model;
        // x = sinh(u): the tails are those of a power.
        const double Step = 0.05;
        List<double> grid = [];
        for (double u = -9; u <= 9; u += Step) grid.Add(u);
        Matrix points = new(grid.Count * grid.Count, 2);
        for (int i = 0; i < points.Rows; i++)
        {
            points[i, 0] = Math.Sinh(grid[i / grid.Count]);
            points[i, 1] = Math.Sinh(grid[i % grid.Count]);
        }

        double[] logs = new double[points.Rows];
        model.LogDensity(Observations.FromMatrix("grid", points), logs, runtime);
        double total = 0, slice = 0;
        int row = grid.Count / 2 + 7;
        for (int i = 0; i < logs.Length; i++)
        {
            double mass = Math.Exp(logs[i]) * Step * Math.Cosh(grid[i % grid.Count]);
            total += mass * Step * Math.Cosh(grid[i / grid.Count]);
            if (i / grid.Count == row) slice += mass;
        }

        Assert.Equal(1, total, 1e-4);
        double[] marginal = new double[1];
        model.LogDensity(Observations.FromMatrix("half", Matrix.FromRows([Math.Sinh(grid[row]), double.NaN])), marginal, runtime);
        Assert.Equal(Math.Log(slice), marginal[0], 1e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Draws_have_the_predictive_moments_and_imputed_values_those_given_the_rest(CovarianceKind kind)
    {
        BayesianGaussianMixture model = BayesianGaussianMixture.Fit(
            Observations.FromMatrix("rows", Clusters(8, 30, 2, 1)), new() { Covariance = kind, DegreesOfFreedom = 9 }, null, runtime).Model;
        const int Count = 20_000;
        Matrix drawn = model.Sample(Count, new RandomStream(3));
        double nu = model.DegreesOfFreedom[0], beta = model.MeanPrecisions[0], eta = kind is CovarianceKind.Full or CovarianceKind.Tied ? nu - 1 : nu;
        double scale = model.InverseScales[0] * (1 + beta) / (beta * eta), variance = scale * eta / (eta - 2), sum = 0, squares = 0, agreement = 0;
        double[] densities = new double[Count];
        model.LogDensity(Observations.FromMatrix("drawn", drawn), densities, runtime);
        for (int i = 0; i < Count; i++)
        {
            double difference = drawn[i, 0] - model.Means[0, 0];
            sum += difference;
            squares += difference * difference;
            agreement += densities[i];
        }

        Assert.InRange(sum / Count, -4 * Math.Sqrt(variance / Count), 4 * Math.Sqrt(variance / Count));
        Assert.InRange(squares / Count / variance, 0.93, 1.07);
        // E[ln p] of draws is minus the entropy; that of rows imputed column by column must agree: p(x₂|x₁) drawn after p(x₁).
        Matrix gaps = new(Count, 2);
        for (int i = 0; i < Count; i++) (gaps[i, 0], gaps[i, 1]) = (drawn[i, 0], double.NaN);
        Matrix filled = model.Impute(Observations.FromMatrix("gaps", gaps), new RandomStream(4), runtime);
        double[] again = new double[Count];
        model.LogDensity(Observations.FromMatrix("filled", filled), again, runtime);
        Assert.Equal(agreement / Count, again.Average(), 0.05);
        Matrix means = model.Impute(Observations.FromMatrix("gaps", gaps), null, runtime);
        double residual = 0;
        for (int i = 0; i < Count; i++) residual += drawn[i, 1] - means[i, 1];
        Assert.InRange(residual / Count, -0.05, 0.05);
    }

    [Theory]
    [InlineData(MixtureWeightPrior.Dirichlet)]
    [InlineData(MixtureWeightPrior.DirichletProcess)]
    public void Components_that_are_not_needed_empty_and_can_be_taken_out(MixtureWeightPrior weightPrior)
    {
        Matrix values = Clusters(2, 300, 2, 1);
        double[][] centers = [[-6, 0], [6, 1], [0, 7]];
        for (int i = 0; i < 300; i++)
            for (int j = 0; j < 2; j++) values[i, j] += centers[i % 3][j];
        Observations rows = Observations.FromMatrix("three", values);
        BayesianGaussianMixtureOptions options = new() { Components = 8, WeightPrior = weightPrior, WeightConcentration = 1e-3, MeanPrecision = 0.01 };
        FitOptions fit = new() { MaxIterations = 3000, Tolerance = 1e-9, Restarts = 3 };
        FitResult<BayesianGaussianMixture> all = BayesianGaussianMixture.Fit(rows, options, fit, runtime);
        Assert.Equal(3, all.Model.ActiveComponents().Count);
        Assert.Equal(1, all.Model.Weights.ToArray().Sum(), 1e-12);
        FitResult<BayesianGaussianMixture> pruned = BayesianGaussianMixture.Fit(rows, options with { Prune = true }, fit, runtime);
        Assert.Equal(3, pruned.Model.Components);
        Assert.Contains("5 components", pruned.Explanation, StringComparison.Ordinal);
        if (weightPrior == MixtureWeightPrior.DirichletProcess) Assert.Equal(pruned.Model.Counts.ToArray().OrderDescending(), pruned.Model.Counts.ToArray());
        // Bounds of several sizes lie on one scale: three components are best.
        double[] bounds = [.. Enumerable.Range(1, 5).Select(k => BayesianGaussianMixture.Fit(rows, options with { Components = k, WeightConcentration = 1 }, fit, runtime).Elbo)];
        Assert.Equal(2, Array.IndexOf(bounds, bounds.Max()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_model_comes_back_from_its_definition_and_parameters_and_goes_on(CovarianceKind kind)
    {
        Observations rows = Observations.FromMatrix("rows", Clusters(7, 60, 3, 3));
        BayesianGaussianMixtureOptions options = new() { Components = 3, Covariance = kind, WeightPrior = MixtureWeightPrior.DirichletProcess };
        FitResult<BayesianGaussianMixture> fit = BayesianGaussianMixture.Fit(rows, options, new FitOptions { MaxIterations = 3, Tolerance = 0 }, runtime);
        Dictionary<string, NumericArray> parameters = new(fit.Model.Parameters);
        BayesianGaussianMixture loaded = BayesianGaussianMixture.Load(fit.Model.Definition, parameters);
        Assert.Equal(fit.Model.Bound(rows, runtime), loaded.Bound(rows, runtime));
        FitResult<BayesianGaussianMixture> whole = BayesianGaussianMixture.Fit(rows, options, new FitOptions { MaxIterations = 6, Tolerance = 0 }, runtime);
        FitResult<BayesianGaussianMixture> resumed = BayesianGaussianMixture.Fit(
            rows, options with { StartModel = loaded }, new FitOptions { MaxIterations = 6, Tolerance = 0, EarlierBounds = [.. fit.Bounds.SkipLast(1)] }, runtime);
        Assert.Equal(whole.Bounds, resumed.Bounds);
        Assert.Equal(whole.Model.InverseScales, resumed.Model.InverseScales);
        parameters["degreesOfFreedom"] = NumericArray.From<double>(new double[kind == CovarianceKind.Tied ? 1 : 3]);
        Assert.Contains("degreesOfFreedom", Assert.Throws<ElboException>(() => BayesianGaussianMixture.Load(fit.Model.Definition, parameters)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_refused_in_one_sentence()
    {
        Matrix rows = Clusters(1, 20, 2, 2);
        string Message(BayesianGaussianMixtureOptions options, Matrix? given = null) =>
            Assert.Throws<ElboException>(() => BayesianGaussianMixture.Fit(Observations.FromMatrix("bad", given ?? rows), options, null, runtime)).Message;
        Assert.Contains("0 components", Message(new() { Components = 0 }), StringComparison.Ordinal);
        Assert.Contains("-1", Message(new() { WeightConcentration = -1 }), StringComparison.Ordinal);
        Assert.Contains("degrees of freedom", Message(new() { DegreesOfFreedom = 1 }), StringComparison.Ordinal);
        Assert.Contains("[2, 2]", Message(new() { InverseScale = Matrix.Identity(3) }), StringComparison.Ordinal);
        Assert.Contains("positive definite", Message(new() { InverseScale = Matrix.FromRows([1, 2], [2, 1]) }), StringComparison.Ordinal);
        Assert.Contains("3 values", Message(new() { MeanPrior = [1, 2, 3] }), StringComparison.Ordinal);
        Matrix constant = rows.Clone();
        for (int i = 0; i < 20; i++) constant[i, 1] = 4;
        Assert.Contains("x1", Message(new() { Components = 2 }, constant), StringComparison.Ordinal);
        BayesianGaussianMixture model = BayesianGaussianMixture.Fit(Observations.FromMatrix("fine", rows), new() { Components = 2 }, new FitOptions { MaxIterations = 2 }, runtime).Model;
        Assert.Contains("spherical", Message(new() { Components = 2, Covariance = CovarianceKind.Spherical, StartModel = model }), StringComparison.Ordinal);
        Assert.Contains("2 columns", Message(new() { Components = 2, StartModel = model }, Clusters(1, 20, 3, 2)), StringComparison.Ordinal);
    }

    /// <summary>The evidence of one component in closed form (Murphy, "Conjugate Bayesian analysis of the Gaussian distribution", 2007, equations 95 and 266).</summary>
    private static double Evidence(CovarianceKind kind, Matrix rows, int n, double[] mean, double beta, double nu, Matrix scale)
    {
        int d = rows.Columns;
        double[] average = new double[d];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < d; j++) average[j] += rows[i, j] / n;
        Matrix after = new(d, d);
        bool dense = kind is CovarianceKind.Full or CovarianceKind.Tied;
        for (int a = 0; a < d; a++)
        {
            for (int b = 0; b < d; b++)
            {
                if (!dense && a != b) continue;
                double sum = dense ? scale[a, b] : kind == CovarianceKind.Diagonal ? scale[0, a] : 0;
                for (int i = 0; i < n; i++) sum += (rows[i, a] - average[a]) * (rows[i, b] - average[b]);
                after[a, b] = sum + beta * n / (beta + n) * (average[a] - mean[a]) * (average[b] - mean[b]);
            }
        }

        double result = -0.5 * n * d * Math.Log(Math.PI) + 0.5 * d * Math.Log(beta / (beta + n));
        if (dense)
        {
            return result + GammaFunctions.LogGamma(0.5 * (nu + n), d) - GammaFunctions.LogGamma(0.5 * nu, d)
                + 0.5 * nu * CholeskyFactor.TryFactor(scale)!.LogDeterminant - 0.5 * (nu + n) * CholeskyFactor.TryFactor(after)!.LogDeterminant;
        }

        if (kind == CovarianceKind.Spherical)
        {
            double trace = scale[0, 0];
            for (int j = 0; j < d; j++) trace += after[j, j];
            return result + GammaFunctions.LogGamma(0.5 * (nu + d * n)) - GammaFunctions.LogGamma(0.5 * nu) + 0.5 * nu * Math.Log(scale[0, 0]) - 0.5 * (nu + d * n) * Math.Log(trace);
        }

        for (int j = 0; j < d; j++)
            result += GammaFunctions.LogGamma(0.5 * (nu + n)) - GammaFunctions.LogGamma(0.5 * nu) + 0.5 * nu * Math.Log(scale[0, j]) - 0.5 * (nu + n) * Math.Log(after[j, j]);
        return result;
    }

    private static ComponentMoments Moments(Matrix rows, CovarianceKind kind, double[] shares, int k)
    {
        int d = rows.Columns;
        bool dense = kind is CovarianceKind.Full or CovarianceKind.Tied;
        double[] counts = new double[k], means = new double[k * d], scatters = new double[(kind == CovarianceKind.Tied ? 1 : k) * (dense ? d * d : d)];
        for (int c = 0; c < k; c++)
        {
            for (int i = 0; i < rows.Rows; i++) counts[c] += shares[i * k + c];
            for (int i = 0; i < rows.Rows && counts[c] > 0; i++)
                for (int j = 0; j < d; j++) means[c * d + j] += shares[i * k + c] * rows[i, j] / counts[c];
            for (int i = 0; i < rows.Rows; i++)
            {
                for (int a = 0; a < d; a++)
                {
                    double left = shares[i * k + c] * (rows[i, a] - means[c * d + a]);
                    if (!dense) scatters[c * d + a] += left * (rows[i, a] - means[c * d + a]);
                    for (int b = 0; dense && b < d; b++) scatters[(kind == CovarianceKind.Tied ? 0 : c * d * d) + a * d + b] += left * (rows[i, b] - means[c * d + b]);
                }
            }
        }

        return new ComponentMoments(kind, counts, means, scatters);
    }

    /// <summary>E ln πₖ + E ln N(x; μₖ, Λₖ⁻¹), from the expectations of Bishop 10.64 and 10.65.</summary>
    private static double LogRho(BayesianMixtureState state, ReadOnlySpan<double> row, int k)
    {
        NormalWishartPosterior q = state.Components;
        int d = row.Length, s = Math.Min(k, q.DegreesOfFreedom.Length - 1), size = q.InverseScales.Length / q.DegreesOfFreedom.Length;
        double[] difference = row.ToArray();
        for (int j = 0; j < d; j++) difference[j] -= q.Means[k, j];
        double logDeterminant = 0, distance = 0;
        if (q.Kind is CovarianceKind.Full or CovarianceKind.Tied)
        {
            WishartFactor wishart = new(q.DegreesOfFreedom[s], new Matrix(d, d, q.InverseScales.AsSpan(s * size, size).ToArray()));
            logDeterminant = wishart.MeanLogDeterminant;
            Matrix mean = wishart.Mean;
            for (int a = 0; a < d; a++)
                for (int b = 0; b < d; b++) distance += difference[a] * mean[a, b] * difference[b];
        }
        else
        {
            for (int j = 0; j < d; j++)
            {
                GammaFactor gamma = new(q.DegreesOfFreedom[k] / 2, q.InverseScales[k * size + (size == 1 ? 0 : j)] / 2);
                logDeterminant += gamma.MeanLog;
                distance += gamma.Mean * difference[j] * difference[j];
            }
        }

        return state.Weights.MeanLogs()[k] + 0.5 * (logDeterminant - d * Math.Log(2 * Math.PI) - d / q.MeanPrecisions[k] - distance);
    }

    private static double[] Responsibilities(BayesianMixtureState state, Matrix rows)
    {
        int k = state.Components.Components;
        double[] shares = new double[rows.Rows * k];
        for (int i = 0; i < rows.Rows; i++)
        {
            for (int c = 0; c < k; c++) shares[i * k + c] = LogRho(state, rows.Row(i), c);
            VectorMath.NormalizeLogWeights(shares.AsSpan(i * k, k));
        }

        return shares;
    }

    private static double NaiveBound(BayesianMixtureState state, Matrix rows, double[] shares)
    {
        int k = state.Components.Components;
        double bound = -state.Weights.Kl() - state.Components.Kl(state.Prior);
        for (int i = 0; i < rows.Rows; i++)
            for (int c = 0; c < k; c++)
                if (shares[i * k + c] > 0) bound += shares[i * k + c] * (LogRho(state, rows.Row(i), c) - Math.Log(shares[i * k + c]));
        return bound;
    }

    private static Matrix Clusters(ulong seed, int n, int d, int clusters)
    {
        RandomStream random = new RandomStream(seed).Split(99);
        Matrix rows = new(n, d);
        for (int i = 0; i < n; i++)
        {
            int cluster = i % clusters;
            for (int j = 0; j < d; j++)
                rows[i, j] = 6 * random.Split(1).Normal((ulong)(cluster * d + j)) + (0.5 + 0.3 * cluster) * random.Normal((ulong)(i * d + j));
        }

        return rows;
    }

    private static Matrix Scale(CovarianceKind kind, int d)
    {
        if (kind == CovarianceKind.Spherical) return new Matrix(1, 1, [1.7]);
        Matrix scale = kind == CovarianceKind.Diagonal ? new Matrix(1, d) : new Matrix(d, d);
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++)
                if (i == j) scale[scale.Rows == 1 ? 0 : i, j] = 1 + 0.5 * i;
                else if (scale.Rows > 1) scale[i, j] = 0.2;
        return scale;
    }

    private static GaussianMixture Plain(CovarianceKind kind, int k, int d)
    {
        double[] weights = new double[k], covariances = kind switch
        {
            CovarianceKind.Full => [.. Enumerable.Range(0, k).SelectMany(_ => Matrix.Identity(d).Values.ToArray())],
            CovarianceKind.Tied => Matrix.Identity(d).Values.ToArray(),
            CovarianceKind.Diagonal => [.. Enumerable.Repeat(1.0, k * d)],
            _ => [.. Enumerable.Repeat(1.0, k)],
        };
        Array.Fill(weights, 1.0 / k);
        return GaussianMixture.Create(weights, new Matrix(k, d), covariances, kind);
    }

    private static IEnumerable<double> Numbers(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Numbers) : [element.GetDouble()];

    private static void AssertClose(double[] expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance * (1 + Math.Abs(expected[i])));
    }
}
