using Elbo.Distributions;
using Elbo.Inference;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Inference.BlackBox;

/// <summary>Black-box variational inference against posteriors and evidences known in closed form.</summary>
public class BlackBoxInferenceTests
{
    private static readonly double[] Precision = [2.0, -0.9, 0.4, -0.9, 1.5, -0.3, 0.4, -0.3, 1.0];

    [Fact]
    public void A_conjugate_normal_posterior_is_recovered_and_the_bound_is_the_evidence()
    {
        // z ~ N(0, 1), xᵢ | z ~ N(z, 1), x = (−0.5, 2): the posterior is N(Σx/3, 1/3).
        double[] x = [-0.5, 2];
        BlackBoxModel model = new(1, z => Normal.Standard([1]).LogDensity(z) + new Normal(z, 1.0).LogDensityPerElement(Vector(x)).Sum(-1));
        BlackBoxResult result = BlackBoxInference.Fit(model, new MeanFieldGuide(), new BlackBoxOptions { Steps = 1500 });
        Normal q = Assert.IsType<Normal>(result.Posterior);
        Assert.Equal(0.5, Scalar(q.Mean), 1e-4);
        Assert.Equal(1.0 / 3, Scalar(q.Scale.Square()), 1e-4);
        // The evidence is a normal with covariance I + 11ᵀ: determinant 3, inverse I − 11ᵀ/3.
        double evidence = -Math.Log(2 * Math.PI) - 0.5 * Math.Log(3) - 0.5 * (x[0] * x[0] + x[1] * x[1] - (x[0] + x[1]) * (x[0] + x[1]) / 3);
        Assert.Equal(evidence, result.Elbo, 1e-6);
        Assert.Equal(evidence, result.LogEvidence, 1e-6);
        Assert.True(result.Converged, result.Explanation);
        Assert.Equal(100, result.Bounds.Count);
        Assert.True(result.Bounds[^1] > result.Bounds[0]);
    }

    [Fact]
    public void With_one_z_for_each_datum_every_datum_gets_its_own_posterior()
    {
        // z ~ N(0, 1), x | z ~ N(z, 1): q(zₙ) = N(xₙ/2, ½), and the bound is Σ ln N(xₙ; 0, 2) = −1.32801 − 2.26551.
        Tensor x = Tensor.Constant([2, 1], [-0.5, 2]);
        BlackBoxModel model = new(1, z => Normal.Standard([1]).LogDensity(z) + new Normal(z, 1.0).LogDensity(x)) { Batch = [2] };
        BlackBoxResult result = BlackBoxInference.Fit(model, new MeanFieldGuide(), new BlackBoxOptions { Steps = 1500 });
        Close([-0.25, 1], Value(result.Posterior.Mean), 1e-4);
        Close([0.5, 0.5], Value(((Normal)result.Posterior).Scale.Square()), 1e-4);
        Assert.Equal(-1.32801 - 2.26551, result.Elbo, 2e-5);
    }

    [Fact]
    public void The_bound_at_a_fixed_guide_is_the_number_derived_by_hand()
    {
        // One step of rate almost 0 leaves q = N(0, 1): the bound is −4.96288 with gradients (0.5, −2) in the loss's location.
        Tensor x = Tensor.Constant([2, 1], [-0.5, 2]);
        BlackBoxModel model = new(1, z => Normal.Standard([1]).LogDensity(z) + new Normal(z, 1.0).LogDensity(x)) { Batch = [2] };
        BlackBoxResult result = BlackBoxInference.Fit(model, new MeanFieldGuide(), new BlackBoxOptions { Steps = 1, Optimizer = new Elbo.Training.Sgd(1e-12), EvaluationSamples = 100_000 });
        Assert.True(Math.Abs(result.Elbo + 4.96288) < 4.5 * result.ElboError, $"seed 1: {result.Elbo} ± {result.ElboError}");
        Assert.Equal(FitStop.IterationLimit, result.Stop);
    }

    [Fact]
    public void Full_rank_is_exact_on_a_correlated_normal_and_mean_field_has_the_diagonal_of_the_precision()
    {
        Tensor precision = Tensor.Constant([3, 3], Precision), mean = Vector(1, -2, 0.5);
        Tensor LogDensity(Tensor z)
        {
            Tensor d = z - mean;
            Tensor flat = d.Reshape([d.Shape.ElementCount / 3, 3]);
            return ((flat.MatMul(precision) * flat).Sum(-1) * -0.5).Reshape([.. d.Shape.SkipLast(1)]);
        }

        CholeskyFactor? factor = CholeskyFactor.TryFactor(Matrix3(Precision));
        double logDeterminant = factor!.LogDeterminant, logZ = 1.5 * Math.Log(2 * Math.PI) - 0.5 * logDeterminant;
        BlackBoxOptions options = new() { Steps = 3000 };

        BlackBoxResult full = DensityFit.Reverse(LogDensity, 3, new FullRankGuide(), options);
        MultivariateNormal q = Assert.IsType<MultivariateNormal>(full.Posterior);
        Close([1, -2, 0.5], Value(q.Mean), 1e-3);
        Tensor covariance = q.Factor.MatMul(q.Factor, transposeOther: true);
        Close([1, 0, 0, 0, 1, 0, 0, 0, 1], Value(covariance.MatMul(precision)), 2e-3);
        Assert.Equal(logZ, full.Elbo, 1e-4);

        BlackBoxResult field = DensityFit.Reverse(LogDensity, 3, new MeanFieldGuide(), options);
        double[] variance = Value(((Normal)field.Posterior).Scale.Square());
        for (int i = 0; i < 3; i++) Assert.Equal(1 / Precision[4 * i], variance[i], 0.02 / Precision[4 * i]);
        // KL = ½(Σ ln Λᵢᵢ − ln|Λ|).
        double kl = 0.5 * (Math.Log(2.0 * 1.5 * 1.0) - logDeterminant);
        Assert.True(Math.Abs(field.Elbo - (logZ - kl)) < 4.5 * field.ElboError + 1e-3, $"{field.Elbo} ± {field.ElboError} against {logZ - kl}");

        // The forward KL matches the marginals instead: the diagonal of the covariance.
        BlackBoxResult forward = DensityFit.Forward(LogDensity, 3, new MeanFieldGuide(2, [0.5, -1, 0]), new BlackBoxOptions { Steps = 1500 });
        double[] marginal = Value(((Normal)forward.Posterior).Scale.Square());
        double[] expected = InverseDiagonal(Precision);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(expected[i], marginal[i], 0.05 * expected[i]);
            Assert.True(marginal[i] > variance[i], "the forward KL is wider than the reverse");
        }
    }

    [Fact]
    public void Low_rank_is_exact_where_the_covariance_is()
    {
        double[] scale = [0.5, 1.2, 0.8, 0.3], direction = [1, -0.5, 0.7, 0.2];
        LowRankNormal target = new(Vector(1, 2, 3, 4), Vector(scale), Tensor.Constant([4, 1], direction));
        BlackBoxResult low = DensityFit.Reverse(target.LogDensity, 4, new LowRankGuide(1, 1, [0.5, 1, 2, 3]), new BlackBoxOptions { Steps = 4000 });
        Assert.Equal(0, low.Elbo, 1e-3);
        LowRankNormal q = (LowRankNormal)low.Posterior;
        double[] fitted = Value(q.Factor.MatMul(q.Factor, transposeOther: true) + q.Scale.Square().DiagonalMatrix());
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                Assert.Equal(direction[i] * direction[j] + (i == j ? scale[i] * scale[i] : 0), fitted[4 * i + j], 0.02);
        // Mean-field loses the correlation, and both stay below ln Z = 0.
        BlackBoxResult field = DensityFit.Reverse(target.LogDensity, 4, new MeanFieldGuide(), new BlackBoxOptions { Steps = 2000 });
        Assert.True(field.Elbo < -0.3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flow_follows_a_banana_that_a_normal_cannot(bool planar)
    {
        // x ~ N(0, 1), y | x ~ N(x² − 1, 0.3²): normalised, so the bound is −KL.
        Tensor LogDensity(Tensor z)
        {
            Tensor x = z.Slice(-1, 0, 1), y = z.Slice(-1, 1, 1);
            return Normal.Standard([1]).LogDensity(x) + new Normal(x.Square() - 1.0, 0.3).LogDensity(y);
        }

        BlackBoxOptions options = new() { Steps = 3000, Optimizer = new Elbo.Training.Adam(0.01) };
        BlackBoxResult normal = DensityFit.Reverse(LogDensity, 2, new FullRankGuide(), options);
        Guide guide = planar ? new PlanarFlowGuide(8) : new CouplingFlowGuide(4);
        BlackBoxResult flow = DensityFit.Reverse(LogDensity, 2, guide, options);
        Assert.True(normal.Elbo < -0.5, $"the normal reaches {normal.Elbo}");
        Assert.True(flow.Elbo > (planar ? normal.Elbo + 0.2 : -0.1), $"seed 1: the flow reaches {flow.Elbo}, the normal {normal.Elbo}");
        Assert.True(flow.Elbo < 3 * flow.ElboError, $"the bound {flow.Elbo} ± {flow.ElboError} exceeds ln Z = 0");
    }

    [Fact]
    public void The_bound_stays_below_the_evidence_of_a_beta_binomial_and_comes_close()
    {
        // Beta(10, 10), 6 heads of 10: Beta(16, 14), mean 0.5333, ln p(x) = −7.0694 for the sequence; q is normal on the logit.
        BlackBoxModel model = new(1, z =>
        {
            Tensor p = z.Sigmoid();
            Tensor heads = z.LogSigmoid().Sum(-1), tails = (-z).LogSigmoid().Sum(-1);
            return new Beta(Vector(10), Vector(10)).LogDensity(p) + heads * 6.0 + tails * 4.0 + heads + tails;
        });
        BlackBoxResult result = BlackBoxInference.Fit(model, new MeanFieldGuide(), new BlackBoxOptions { Steps = 1500 });
        Assert.InRange(result.Elbo, -7.0694 - 0.01, -7.0694 + 3 * result.ElboError);
        Assert.Equal(-7.0694, result.LogEvidence, 1e-3);
        Assert.Equal(0.5333, result.Draw(100_000, 5).Average(z => 1 / (1 + Math.Exp(-z))), 0.003);
    }

    [Theory]
    [InlineData("score")]
    [InlineData("measure-valued")]
    [InlineData("dreg")]
    [InlineData("vimco")]
    public void Every_estimator_climbs_to_the_same_posterior(string name)
    {
        Tensor x = Tensor.Constant([2, 1], [-0.5, 2]);
        BlackBoxModel model = new(1, z => Normal.Standard([1]).LogDensity(z) + new Normal(z, 1.0).LogDensity(x)) { Batch = [2] };
        BoundEstimator estimator = name switch
        {
            "score" => new ExpectationBoundEstimator(new ScoreFunctionEstimator(new LeaveOneOutBaseline(), 20)),
            "measure-valued" => new ExpectationBoundEstimator(new MeasureValuedEstimator(10)),
            "dreg" => new DoublyReparameterizedEstimator(10),
            _ => new VimcoEstimator(5),
        };
        BlackBoxResult result = BlackBoxInference.Fit(model, new MeanFieldGuide(), new BlackBoxOptions { Steps = 2000, Estimator = estimator, Optimizer = new Elbo.Training.Adam(0.01) });
        Close([-0.25, 1], Value(result.Posterior.Mean), 0.08, name);
        Assert.Equal(-3.59352, result.Elbo, 0.01);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Variational_em_with_exact_posteriors_reaches_the_optimum_of_probabilistic_pca(int expectationSteps)
    {
        (double[] data, int rows, double best) = LinearData();
        BlackBoxModel model = LinearModel(data, rows);
        BlackBoxResult result = BlackBoxInference.Fit(model, new MeanFieldGuide(), new BlackBoxOptions { Steps = 4000, ExpectationSteps = expectationSteps, EvaluationSamples = 2000 });
        Assert.Equal(best, result.Elbo / rows, 2e-3);
        Assert.True(result.Elbo / rows < best + 3 * result.ElboError / rows);
        Assert.Equal(["weight", "logVariance"], result.Parameters.Keys);
    }

    [Fact]
    public void Monte_Carlo_em_reaches_it_too()
    {
        (double[] data, int rows, double best) = LinearData();
        MonteCarloEmResult result = MonteCarloEm.Fit(LinearModel(data, rows), new MonteCarloEmOptions { Iterations = 800, Chains = 4 });
        double[] w = result.Parameters["weight"];
        double s = Math.Exp(result.Parameters["logVariance"][0]);
        double reached = LinearLogLikelihood(data, rows, w, s);
        Assert.True(reached <= best + 1e-9);
        Assert.Equal(best, reached, 0.02);
        Assert.InRange(result.AcceptanceRate, 0.75, 0.98);
        Assert.True(result.LogJoint[^1] > result.LogJoint[0]);
    }

    [Fact]
    public void A_fit_is_the_same_at_any_number_of_threads()
    {
        double[] Fit(int threads)
        {
            using Runtime runtime = new(threads);
            (double[] data, int rows, _) = LinearData();
            BlackBoxResult result = BlackBoxInference.Fit(LinearModel(data, rows), new MeanFieldGuide(), new BlackBoxOptions { Steps = 50, EvaluationSamples = 200 }, runtime);
            return [result.Elbo, .. result.Bounds, .. result.Parameters["weight"]];
        }

        Assert.Equal(Fit(1), Fit(3));
    }

    [Fact]
    public void Nonsense_is_refused_with_a_reason()
    {
        BlackBoxModel model = new(2, z => Normal.Standard([2]).LogDensity(z));
        Assert.Contains("rank", Refusal(() => BlackBoxInference.Fit(model, new LowRankGuide(3))), StringComparison.Ordinal);
        Assert.Contains("2 dimensions", Refusal(() => BlackBoxInference.Fit(model, new MeanFieldGuide(Start: [1]))), StringComparison.Ordinal);
        Assert.Contains("has none", Refusal(() => MonteCarloEm.Fit(model)), StringComparison.Ordinal);
        Assert.Contains("burn-in", Refusal(() => MonteCarloEm.Fit(model, new MonteCarloEmOptions { Iterations = 20 })), StringComparison.Ordinal);
        Assert.Contains("has none", Refusal(() => BlackBoxInference.Fit(model, new MeanFieldGuide(), new BlackBoxOptions { ExpectationSteps = 2 })), StringComparison.Ordinal);
        Assert.Contains("coupling", Refusal(() => DensityFit.Forward(model.LogJoint, 2, new PlanarFlowGuide())), StringComparison.Ordinal);
        Assert.Contains("learning rate", Refusal(() => BlackBoxInference.Fit(new BlackBoxModel(1, z => (z - 100.0).Log().Sum(-1)), new MeanFieldGuide())), StringComparison.Ordinal);
    }

    private static string Refusal(Action action) => Assert.Throws<ElboException>(action).Message;

    /// <summary>x = wz + N(0, s): 60 rows of two columns with mean zero, and the optimum of the likelihood per row.</summary>
    private static (double[] Data, int Rows, double Best) LinearData()
    {
        const int rows = 60;
        RandomStream stream = new(77);
        double[] data = new double[2 * rows];
        for (int n = 0; n < rows; n++)
        {
            double z = stream.Normal((ulong)(3 * n));
            data[2 * n] = 1.5 * z + 0.6 * stream.Normal((ulong)(3 * n + 1));
            data[2 * n + 1] = -0.8 * z + 0.6 * stream.Normal((ulong)(3 * n + 2));
        }

        double a = 0, b = 0, c = 0;
        for (int n = 0; n < rows; n++)
        {
            a += data[2 * n] * data[2 * n] / rows;
            b += data[2 * n] * data[2 * n + 1] / rows;
            c += data[2 * n + 1] * data[2 * n + 1] / rows;
        }

        // −½[D ln 2π + ln λ₁ + ln λ₂ + D]: with one factor of two columns, PPCA fits the second moments exactly.
        double best = -0.5 * (2 * Math.Log(2 * Math.PI) + Math.Log(a * c - b * b) + 2);
        return (data, rows, best);
    }

    private static BlackBoxModel LinearModel(double[] data, int rows)
    {
        Parameter weight = new("weight", [1, 2], Initializer.Values(0.5, 0.1)), logVariance = new("logVariance", Shape.Scalar, Initializer.Constant(0));
        Tensor x = Tensor.Constant([rows, 2], data);
        return new BlackBoxModel(1, z => Normal.Standard([1]).LogDensity(z) + Normal.FromLogVariance(z * weight.Value, logVariance.Value).LogDensity(x))
        {
            Batch = [rows],
            Parameters = [weight, logVariance],
        };
    }

    private static double LinearLogLikelihood(double[] data, int rows, double[] w, double s)
    {
        double a = w[0] * w[0] + s, b = w[0] * w[1], c = w[1] * w[1] + s, determinant = a * c - b * b, sum = 0;
        for (int n = 0; n < rows; n++)
        {
            double x = data[2 * n], y = data[2 * n + 1];
            sum += -Math.Log(2 * Math.PI) - 0.5 * Math.Log(determinant) - 0.5 * (c * x * x - 2 * b * x * y + a * y * y) / determinant;
        }

        return sum / rows;
    }

    private static Matrix Matrix3(double[] values)
    {
        Matrix matrix = new(3, 3);
        for (int i = 0; i < 9; i++) matrix[i / 3, i % 3] = values[i];
        return matrix;
    }

    private static double[] InverseDiagonal(double[] m)
    {
        double determinant = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
        return [(m[4] * m[8] - m[5] * m[7]) / determinant, (m[0] * m[8] - m[2] * m[6]) / determinant, (m[0] * m[4] - m[1] * m[3]) / determinant];
    }
}
