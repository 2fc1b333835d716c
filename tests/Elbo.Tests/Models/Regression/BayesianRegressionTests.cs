using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Models.Regression;

public sealed class BayesianRegressionTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Fact]
    public void With_known_relevances_the_bound_is_the_exact_evidence()
    {
        // A prior of huge shape fixes α; then y is a multivariate t: N(0, (I + XA⁻¹Xᵀ)/τ) with τ ~ Gamma(a, b) integrated out.
        const int Count = 14;
        Matrix rows = Rows(3, Count, 3, out _);
        double[] alpha = [0.7, 0.7, 0.7, 0.7];
        BayesianRegressionOptions options = new() { Target = "x1", NoisePrior = new(1.3, 0.8), RelevancePrior = new(0.7e6, 1e6) };
        FitResult<BayesianRegression> fit = BayesianRegression.Fit(Observations.FromMatrix("rows", rows), options, null, runtime);
        double[] means = [.. Enumerable.Range(0, 4).Select(j => Enumerable.Range(0, Count).Average(i => rows[i, j]))];
        Matrix covariance = Matrix.Identity(Count);
        double[] target = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            target[i] = rows[i, 1] - means[1];
            for (int k = 0; k < Count; k++)
            {
                covariance[i, k] += 1 / alpha[3];
                foreach (int j in (int[])[0, 2, 3]) covariance[i, k] += (rows[i, j] - means[j]) * (rows[k, j] - means[j]) / alpha[0];
            }
        }

        CholeskyFactor factor = CholeskyFactor.TryFactor(covariance)!;
        double expected = GammaFunctions.LogGamma(1.3 + 0.5 * Count) - GammaFunctions.LogGamma(1.3) - 0.5 * Count * Math.Log(2 * Math.PI * 0.8)
            - 0.5 * factor.LogDeterminant - (1.3 + 0.5 * Count) * Math.Log(1 + factor.QuadraticForm(target) / (2 * 0.8));
        // What is left of the prior's width counts for the order 1/shape.
        Assert.Equal(expected, fit.Elbo * Count, 2e-5);
    }

    [Fact]
    public void Every_factor_raises_the_bound()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            RandomStream random = new RandomStream(seed).Split(3);
            int inputs = 1 + (int)random.Integer(6, 0), count = 2 + (int)random.Integer(20, 1);
            RegressionSums sums = Sums(Rows(seed, count, inputs, out _));
            BayesianRegressionOptions options = new() { Target = "0", NoisePrior = new(Math.Exp(random.Normal(5)), Math.Exp(random.Normal(6))), RelevancePrior = new(Math.Exp(random.Normal(7)), Math.Exp(random.Normal(8))) };
            RegressionState state = RegressionState.Start(sums, options);
            double last = state.Bound(sums, options);
            for (int step = 0; step < 12; step++)
            {
                state = step % 2 == 0 ? state.UpdateRelevances(options) : state.UpdateWeights(sums, options);
                double bound = state.Bound(sums, options);
                Assert.True(bound >= last - 1e-10 * (1 + Math.Abs(bound)), $"Seed {seed}, update {step}: from {last} to {bound}.");
                RegressionState beside = step % 2 == 0
                    ? state with { Relevances = [.. state.Relevances.Select(static factor => new GammaFactor(factor.Shape * 1.01, factor.Rate))] }
                    : state with { Noise = new GammaFactor(state.Noise.Shape, state.Noise.Rate * 1.01) };
                Assert.True(beside.Bound(sums, options) < bound + 1e-10 * (1 + Math.Abs(bound)), $"Seed {seed}, update {step} is no maximum.");
                last = bound;
            }
        }
    }

    [Fact]
    public void Columns_that_do_not_help_are_switched_off_and_the_others_found()
    {
        Matrix rows = Rows(11, 400, 8, out double[] weights);
        FitResult<BayesianRegression> fit = BayesianRegression.Fit(Observations.FromMatrix("rows", rows), new() { Target = "x1" }, new FitOptions { Tolerance = 1e-10 }, runtime);
        for (int j = 0; j < 8; j++)
        {
            Assert.Equal(weights[j], fit.Model.Weights[j], 0.1);
            if (weights[j] == 0) Assert.True(fit.Model.Relevances[j].Mean > 100 * fit.Model.Relevances[0].Mean, $"Column {j} stays relevant.");
        }

        Assert.Equal(0.5, Math.Sqrt(fit.Model.Noise.Rate / fit.Model.Noise.Shape), 0.05);
        Assert.True(fit.Converged, fit.Explanation);
    }

    [Fact]
    public void Predictions_are_student_t_and_have_the_variance_that_encode_says()
    {
        Matrix rows = Rows(5, 30, 2, out _);
        BayesianRegression model = BayesianRegression.Fit(Observations.FromMatrix("rows", rows), new() { Target = "x1" }, null, runtime).Model;
        Matrix one = new(1, 3, rows.Row(4).ToArray());
        Matrix codes = model.Encode(Observations.FromMatrix("one", one), runtime);
        // Over y: the density sums to 1 and has the mean and variance of the code.
        const int Steps = 20_000;
        Matrix grid = new(Steps, 3);
        double spread = Math.Sqrt(codes[0, 1]);
        for (int i = 0; i < Steps; i++)
        {
            rows.Row(4).CopyTo(grid.Row(i));
            grid[i, 1] = codes[0, 0] + spread * 30 * (i - Steps / 2) / (Steps / 2);
        }

        double[] logs = new double[Steps];
        model.LogDensity(Observations.FromMatrix("grid", grid), logs, runtime);
        double width = spread * 60 / Steps, total = 0, mean = 0, square = 0;
        for (int i = 0; i < Steps; i++)
        {
            double mass = Math.Exp(logs[i]) * width;
            total += mass;
            mean += mass * grid[i, 1];
            square += mass * Math.Pow(grid[i, 1] - codes[0, 0], 2);
        }

        Assert.Equal(1, total, 1e-6);
        Assert.Equal(codes[0, 0], mean, 1e-5);
        Assert.Equal(codes[0, 1], square, 1e-3 * codes[0, 1]);
        Assert.Equal(codes[0, 0], model.Reconstruct(Observations.FromMatrix("one", one), runtime)[0, 1], 1e-13);
        Matrix missing = new(4000, 3);
        for (int i = 0; i < 4000; i++) (missing[i, 0], missing[i, 1], missing[i, 2]) = (one[0, 0], double.NaN, one[0, 2]);
        Observations gaps = Observations.FromMatrix("gaps", missing);
        Assert.Equal(codes[0, 0], model.Impute(gaps, null, runtime)[17, 1], 1e-13);
        Matrix drawn = model.Impute(gaps, new RandomStream(2), runtime);
        double drawnMean = Enumerable.Range(0, 4000).Average(i => drawn[i, 1]), drawnSquare = Enumerable.Range(0, 4000).Average(i => Math.Pow(drawn[i, 1] - codes[0, 0], 2));
        Assert.Equal(codes[0, 0], drawnMean, 4 * spread / Math.Sqrt(4000));
        Assert.InRange(drawnSquare / codes[0, 1], 0.85, 1.15);
        double[] none = new double[4000];
        model.LogDensity(gaps, none, runtime);
        Assert.Equal(0, none[3]);
    }

    [Fact]
    public void Weights_are_repetitions_threads_do_not_matter_and_a_model_comes_back()
    {
        Matrix rows = Rows(9, 6, 2, out _);
        Matrix twice = new(8, 3);
        double[] weights = [1, 2, 1, 1, 2, 1];
        for (int i = 0, target = 0; i < 6; i++)
            for (int copy = 0; copy < weights[i]; copy++) rows.Row(i).CopyTo(twice.Row(target++));
        FitResult<BayesianRegression> weighted = BayesianRegression.Fit(Observations.FromMatrix("w", rows, weights: weights), new() { Target = "2" }, null, runtime);
        FitResult<BayesianRegression> repeated = BayesianRegression.Fit(Observations.FromMatrix("r", twice), new() { Target = "2" }, null, runtime);
        Assert.Equal(repeated.Elbo, weighted.Elbo, 1e-9);
        using Runtime single = new(1);
        FitResult<BayesianRegression> other = BayesianRegression.Fit(Observations.FromMatrix("r", twice), new() { Target = "2" }, null, single);
        Assert.Equal(repeated.Bounds, other.Bounds);
        Dictionary<string, NumericArray> parameters = new(repeated.Model.Parameters);
        BayesianRegression loaded = BayesianRegression.Load(repeated.Model.Definition, parameters);
        double[] first = new double[6], second = new double[6];
        repeated.Model.LogDensity(Observations.FromMatrix("rows", rows), first, runtime);
        loaded.LogDensity(Observations.FromMatrix("rows", rows), second, runtime);
        Assert.Equal(first, second);
        parameters["noise"] = NumericArray.From<double>([1.0, -1.0]);
        Assert.Contains("-1", Assert.Throws<ElboException>(() => BayesianRegression.Load(repeated.Model.Definition, parameters)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_refused_in_one_sentence()
    {
        Matrix rows = Rows(1, 10, 2, out _);
        string Message(Matrix given, string target) => Assert.Throws<ElboException>(() => BayesianRegression.Fit(Observations.FromMatrix("bad", given, ["a", "b", "c"]), new() { Target = target }, null, runtime)).Message;
        Assert.Contains("no column 'price'", Message(rows, "price"), StringComparison.Ordinal);
        Assert.Contains("a, b, c", Message(rows, "7"), StringComparison.Ordinal);
        rows[3, 2] = double.NaN;
        Assert.Contains("Row 3", Message(rows, "a"), StringComparison.Ordinal);
        BayesianRegression model = BayesianRegression.Fit(Observations.FromMatrix("fine", Rows(1, 10, 2, out _)), new() { Target = "0" }, null, runtime).Model;
        Assert.Contains("inputs", Assert.Throws<ElboException>(() => model.Sample(3, new RandomStream(1))).Message, StringComparison.Ordinal);
        Assert.Contains("Row 3", Assert.Throws<ElboException>(() => model.Encode(Observations.FromMatrix("gaps", rows), runtime)).Message, StringComparison.Ordinal);
    }

    /// <summary>Inputs around 20, and the target in column 1: 2 x₀ − 1.5 x₂ and noise of deviation ½; other columns do not matter.</summary>
    private static Matrix Rows(ulong seed, int count, int inputs, out double[] weights)
    {
        RandomStream random = new RandomStream(seed).Split(8);
        weights = new double[inputs];
        weights[0] = 2;
        if (inputs > 1) weights[1] = -1.5;
        Matrix rows = new(count, inputs + 1);
        for (int i = 0; i < count; i++)
        {
            double sum = 4 + 0.5 * random.Split(1).Normal((ulong)i);
            for (int j = 0; j < inputs; j++)
            {
                double value = 20 + random.Normal((ulong)(i * inputs + j));
                rows[i, j < 1 ? 0 : j + 1] = value;
                sum += weights[j] * value;
            }

            rows[i, 1] = sum;
        }

        return rows;
    }

    private static RegressionSums Sums(Matrix rows)
    {
        int count = rows.Rows, size = rows.Columns;
        double[] means = [.. Enumerable.Range(0, size).Select(j => Enumerable.Range(0, count).Average(i => rows[i, j]))];
        Matrix inputs = new(size, size);
        double[] cross = new double[size];
        double square = 0;
        for (int i = 0; i < count; i++)
        {
            double[] x = [.. Enumerable.Range(0, size).Where(static j => j != 1).Select(j => rows[i, j] - means[j]), 1];
            double y = rows[i, 1] - means[1];
            square += y * y;
            for (int a = 0; a < size; a++)
            {
                cross[a] += x[a] * y;
                for (int b = 0; b < size; b++) inputs[a, b] += x[a] * x[b];
            }
        }

        return new RegressionSums(count, inputs, cross, square);
    }
}
