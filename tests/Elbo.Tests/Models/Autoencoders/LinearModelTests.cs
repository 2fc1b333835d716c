using Elbo.Data;
using Elbo.Evaluation;
using Elbo.Inference;
using Elbo.Models.Autoencoders;
using Elbo.Models.Factors;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Training;
using MathNet.Numerics.LinearAlgebra;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Models.Autoencoders;

/// <summary>
/// The linear variational autoencoder, whose optimum is probabilistic PCA: Lucas et al. 2019 (arXiv 1911.02469); Tipping and Bishop 1999.
/// </summary>
public sealed class LinearModelTests : IDisposable
{
    private const int Width = 5, Latent = 2, Count = 150;

    private readonly SmallModel _small = new(new AutoencoderDefinition { Preset = "linear-vae", Latent = Latent, Likelihood = new GaussianLikelihood(VarianceKind.Learned, MinimumLogScale: null), Objective = new EvidenceLowerBound(8) }, [Width], seed: 3);
    private readonly double[] _rows;
    private readonly double[] _eigenvalues;
    private readonly Matrix<double> _directions;
    private readonly double[] _mean;
    private readonly double _noise;

    public LinearModelTests()
    {
        // Rows with two strong directions, from a fixed seed.
        Random random = new(7);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[,] mixing = { { 1.5, 0.2, -0.7, 0.4, 1 }, { -0.3, 0.9, 0.5, 0.8, 0.1 } };
        _rows = new double[Count * Width];
        for (int row = 0; row < Count; row++)
        {
            double[] z = [Normal(), Normal()];
            for (int j = 0; j < Width; j++) _rows[row * Width + j] = (float)(0.5 * j + z[0] * mixing[0, j] + z[1] * mixing[1, j] + 0.4 * Normal());
        }

        Matrix<double> data = Matrix<double>.Build.Dense(Count, Width, (i, j) => _rows[i * Width + j]);
        Vector<double> mean = data.ColumnSums() / Count;
        Matrix<double> centred = Matrix<double>.Build.Dense(Count, Width, (i, j) => data[i, j] - mean[j]);
        var eigen = (centred.TransposeThisAndMultiply(centred) / Count).Evd(Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, Width).OrderByDescending(i => eigen.EigenValues[i].Real)];
        _eigenvalues = [.. order.Select(i => eigen.EigenValues[i].Real)];
        _directions = Matrix<double>.Build.DenseOfColumnVectors(order.Select(i => eigen.EigenVectors.Column(i)));
        _mean = mean.ToArray();
        _noise = _eigenvalues[Latent..].Average();
    }

    private double LogLikelihood => -0.5 * (Width * Math.Log(2 * Math.PI) + _eigenvalues[..Latent].Sum(Math.Log) + (Width - Latent) * Math.Log(_noise) + Width);

    [Fact]
    public void At_the_optimum_every_weight_is_the_exact_likelihood()
    {
        SetOptimum();
        // q is the exact posterior there, so ln p(x, z) − ln q(z|x) is ln p(x) whatever z is drawn.
        double[] logWeights = _small.Run(_rows, rows => [_small.Model.LogWeights(rows, 3)], seed: 1)[0];
        for (int row = 0; row < Count; row++)
        {
            double exact = LogDensity(row);
            for (int k = 0; k < 3; k++) Close(exact, logWeights[row * 3 + k], 1e-10, $"row {row}, draw {k}");
        }

        EvaluationResult result = Evaluate(2000);
        Close(LogLikelihood, Enumerable.Range(0, Count).Average(LogDensity), 1e-12, "the closed form of the likelihood");
        Close(LogLikelihood, result.Elbo!.Value, 1e-3, "bound");
        for (int d = 0; d < Latent; d++) Close(0.5 * Math.Log(_eigenvalues[d] / _noise), result.KlPerDimension![d], 1e-10, $"KL of dimension {d}");
    }

    [Fact]
    public void The_optimum_is_that_of_the_fitted_probabilistic_PCA()
    {
        FitResult<ProbabilisticPca> fit = ProbabilisticPca.Fit(
            Observations.FromMatrix("rows", new Elbo.Numerics.Matrix(Count, Width, _rows)), new ProbabilisticPcaOptions { Factors = Latent }, new FitOptions(), _small.Runtime);
        Close(LogLikelihood, fit.Elbo, 1e-12, "likelihood");
        Close(_noise, fit.Model.NoiseVariance, 1e-12, "noise variance");
        Close(_mean, fit.Model.Mean.ToArray(), 1e-12, "mean");
        for (int d = 0; d < Latent; d++)
        {
            Elbo.Numerics.Matrix loadings = fit.Model.Loadings;
            double along = Enumerable.Range(0, Width).Sum(j => loadings[j, d] * _directions[j, d]);
            Close(_eigenvalues[d] - _noise, along * along, 1e-10, $"length along direction {d}");
        }
    }

    [Fact]
    public void At_the_optimum_the_expected_gradient_vanishes()
    {
        SetOptimum();
        double[] at = Gradient();
        Values("decoder.0.weight")[0] += 0.3;
        double[] away = Gradient();
        // One decoder weight, averaged over 50 runs of 8 draws for each of 150 rows: its Monte Carlo error is a few thousandths.
        Assert.All(at, value => Assert.InRange(value, -0.05, 0.05));
        Assert.True(Math.Abs(away[0]) > 0.3, $"away from the optimum it is {away[0]}");

        double[] Gradient()
        {
            Tensor input = Tensor.Constant([Count, Width], _rows);
            Objective objective = Assert.Single(_small.Model.Build(new Batch(input, input, null, 0.0, 0.0), true).Objectives);
            Tensor gradient = objective.Value.Gradients(objective.Parameters.Single(parameter => parameter.Name == "decoder.0.weight").Value)[0];
            using Plan<double> plan = Plan<double>.Compile(_small.Runtime, _small.Store, [gradient]);
            double[] mean = new double[Latent * Width];
            for (int run = 0; run < 50; run++)
            {
                plan.Run(new RandomStream(19).Split((ulong)run));
                for (int i = 0; i < mean.Length; i++) mean[i] += plan.Output(0)[i] / 50;
            }

            return mean;
        }
    }

    [Fact]
    public void Training_reaches_the_optimum_of_probabilistic_PCA()
    {
        Train(10_000);
        EvaluationResult result = Evaluate(5000);
        Assert.InRange(result.Elbo!.Value, LogLikelihood - 0.01, LogLikelihood + 0.007);

        // The order and signs of the directions are free; variances and divergences are matched in order of size.
        double[] kl = [.. result.KlPerDimension!.OrderDescending()];
        for (int d = 0; d < Latent; d++) Close(0.5 * Math.Log(_eigenvalues[d] / _noise), kl[d], 0.03, $"KL of dimension {d}");
        double[] variances = [.. Enumerable.Range(0, Latent).Select(d => Enumerable.Range(0, Count).Average(row => Math.Exp(LogVariance(row, d)))).Order()];
        for (int d = 0; d < Latent; d++) Close(1, variances[d] / (_noise / _eigenvalues[d]), 0.06, $"encoder variance of dimension {d}");
        Close(1, Math.Exp(2 * Values("likelihood.logScale")[0]) / _noise, 0.03, "noise variance");
        Assert.Equal(Latent, result.ActiveUnits);
    }

    [Fact]
    public void The_bounds_rise_with_the_samples_to_the_exact_likelihood()
    {
        Train(300);
        double exact = MarginalLikelihood();
        EvaluationResult[] results = [.. new[] { 1, 5, 50 }.Select(k => Evaluate(50, importanceSamples: k))];
        double[] bounds = [results[0].Elbo!.Value, results[1].LogLikelihood!.Value, results[2].LogLikelihood!.Value, exact];
        Assert.True(bounds[0] < bounds[1] - 0.01 && bounds[1] < bounds[2] && bounds[2] < bounds[3] + 0.002, string.Join(" ≤ ", bounds));
        Close(exact, Evaluate(1, importanceSamples: 2000).LogLikelihood!.Value, 0.002, "many samples");
    }

    private double LogVariance(int row, int dimension) =>
        Values("posterior.logVariance.bias")[dimension] + Enumerable.Range(0, Width).Sum(j => _rows[row * Width + j] * Values("posterior.logVariance.weight")[j * Latent + dimension]);

    public void Dispose() => _small.Dispose();

    private Span<double> Values(string name) => _small.Store[_small.Model.Parameters.Single(parameter => parameter.Name == name).Variable];

    private EvaluationResult Evaluate(int samples, int importanceSamples = 0) =>
        new Evaluator<double>(_small.Runtime, _small.Model, _small.Store).Evaluate(new Rows(_rows), new EvaluationOptions { Samples = samples, ImportanceSamples = importanceSamples, Seed = 2 });

    /// <summary>W = U(Λ − σ²I)^½, μ the mean; q(z|x) = N(M⁻¹Wᵀ(x − μ), σ²M⁻¹) with M = WᵀW + σ²I = Λ, which is diagonal.</summary>
    private void SetOptimum()
    {
        Values("posterior.logVariance.weight").Clear();
        Values("decoder.0.bias").Clear();
        _mean.CopyTo(Values("decoder.0.bias"));
        Values("likelihood.logScale")[0] = 0.5 * Math.Log(_noise);
        Values("posterior.mean.bias").Clear();
        for (int d = 0; d < Latent; d++)
        {
            double length = Math.Sqrt(_eigenvalues[d] - _noise);
            Values("posterior.logVariance.bias")[d] = Math.Log(_noise / _eigenvalues[d]);
            for (int j = 0; j < Width; j++)
            {
                Values("decoder.0.weight")[d * Width + j] = length * _directions[j, d];
                Values("posterior.mean.weight")[j * Latent + d] = length * _directions[j, d] / _eigenvalues[d];
                Values("posterior.mean.bias")[d] -= length * _directions[j, d] / _eigenvalues[d] * _mean[j];
            }
        }
    }

    /// <summary>Adam on all rows with a falling rate, written out: the trainer works in float.</summary>
    private void Train(int steps)
    {
        Tensor input = Tensor.Constant([Count, Width], _rows), rate = Tensor.Input("rate", Shape.Scalar);
        Objective objective = Assert.Single(_small.Model.Build(new Batch(input, input, null, 0.0, 0.0), true).Objectives);
        Tensor[] gradients = objective.Value.Gradients([.. objective.Parameters.Select(parameter => parameter.Value)]);
        List<Update> updates = [];
        for (int i = 0; i < gradients.Length; i++)
        {
            Variable variable = objective.Parameters[i].Variable, first = new($"{variable.Name}.first", variable.Shape), second = new($"{variable.Name}.second", variable.Shape);
            Tensor m = first.Value * 0.9 + gradients[i] * 0.1, v = second.Value * 0.999 + gradients[i].Square() * 0.001;
            updates.AddRange([new Update(first, m), new Update(second, v), new Update(variable, variable.Value + rate * m / (v.Sqrt() + 1e-8))]);
        }

        using Plan<double> plan = Plan<double>.Compile(_small.Runtime, _small.Store, [objective.Value], updates);
        for (int step = 0; step < steps; step++)
        {
            double correction = Math.Sqrt(1 - Math.Pow(0.999, step + 1)) / (1 - Math.Pow(0.9, step + 1));
            plan.Input(rate)[0] = 0.02 * 0.5 * (1 + Math.Cos(Math.PI * step / steps)) * correction;
            plan.Run(new RandomStream(11).Split((ulong)step));
        }
    }

    private double LogDensity(int row) => LogDensity(row, Vector<double>.Build.DenseOfArray(_mean),
        _directions * Matrix<double>.Build.Diagonal(Width, Width, i => i < Latent ? _eigenvalues[i] : _noise) * _directions.Transpose());

    /// <summary>The mean of ln N(x; b, WWᵀ + σ²I) under the model as it is.</summary>
    private double MarginalLikelihood()
    {
        double[] weight = Values("decoder.0.weight").ToArray(), bias = Values("decoder.0.bias").ToArray();
        double variance = Math.Exp(2 * Values("likelihood.logScale")[0]);
        Matrix<double> w = Matrix<double>.Build.Dense(Width, Latent, (j, d) => weight[d * Width + j]);
        Matrix<double> covariance = w * w.Transpose() + Matrix<double>.Build.DiagonalIdentity(Width) * variance;
        return Enumerable.Range(0, Count).Average(row => LogDensity(row, Vector<double>.Build.DenseOfArray(bias), covariance));
    }

    private double LogDensity(int row, Vector<double> mean, Matrix<double> covariance)
    {
        Vector<double> centred = Vector<double>.Build.Dense(Width, j => _rows[row * Width + j]) - mean;
        var factor = covariance.Cholesky();
        return -0.5 * (Width * Math.Log(2 * Math.PI) + factor.DeterminantLn + centred * factor.Solve(centred));
    }

    private sealed class Rows(double[] values) : IRowSource
    {
        public int Count => values.Length / Width;

        public Shape RowShape => [Width];

        public void Read(int row, Span<float> destination)
        {
            for (int i = 0; i < Width; i++) destination[i] = (float)values[row * Width + i];
        }
    }
}
