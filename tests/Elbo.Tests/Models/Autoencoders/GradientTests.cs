using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Training;

namespace Elbo.Tests.Models.Autoencoders;

/// <summary>Every choice of every axis, with the gradient of its objective against central differences under the same noise.</summary>
public class GradientTests
{
    private static readonly Dictionary<string, AutoencoderDefinition> Definitions = new()
    {
        ["log variance"] = SmallModel.Definition,
        ["log scale"] = SmallModel.Definition with { Posterior = new DiagonalGaussianPosterior(ScaleHead.LogScale) },
        ["softplus scale"] = SmallModel.Definition with { Posterior = new DiagonalGaussianPosterior(ScaleHead.Softplus) },
        ["full covariance"] = SmallModel.Definition with { Posterior = new FullCovarianceGaussianPosterior(), Latent = 3 },
        ["full covariance, learned prior"] = SmallModel.Definition with { Posterior = new FullCovarianceGaussianPosterior(), Prior = new LearnedNormalPrior() },
        ["full covariance, importance weighted"] = SmallModel.Definition with { Posterior = new FullCovarianceGaussianPosterior(), Objective = new ImportanceWeightedBound(3) },
        ["learned prior"] = SmallModel.Definition with { Prior = new LearnedNormalPrior() },
        ["continuous bernoulli"] = SmallModel.Definition with { Likelihood = new ContinuousBernoulliLikelihood() },
        ["gaussian fixed"] = SmallModel.Definition with { Likelihood = new GaussianLikelihood(Scale: 0.5) },
        ["gaussian learned"] = SmallModel.Definition with { Likelihood = new GaussianLikelihood(VarianceKind.Learned, Mean: MeanKind.Sigmoid) },
        ["gaussian learned per element"] = SmallModel.Definition with { Likelihood = new GaussianLikelihood(VarianceKind.LearnedPerElement) },
        ["gaussian predicted"] = SmallModel.Definition with { Likelihood = new GaussianLikelihood(VarianceKind.Predicted, Mean: MeanKind.Sigmoid) },
        ["gaussian predicted without limit"] = SmallModel.Definition with { Likelihood = new GaussianLikelihood(VarianceKind.Predicted, MinimumLogScale: null) },
        ["laplace"] = SmallModel.Definition with { Likelihood = new LaplaceLikelihood(VarianceKind.Predicted) },
        ["monte carlo"] = SmallModel.Definition with { Objective = new EvidenceLowerBound(3, KlEstimator.MonteCarlo) },
        ["beta and warm-up"] = SmallModel.Definition with { Objective = new EvidenceLowerBound(2, Beta: 4, WarmUpEpochs: 10) },
        ["free nats"] = SmallModel.Definition with { Objective = new EvidenceLowerBound(FreeNats: 0.01) },
        ["importance weighted"] = SmallModel.Definition with { Objective = new ImportanceWeightedBound(4) },
        ["parameter prior"] = SmallModel.Definition with { Regularizers = [new ParameterPriorRegularizer(0.7)] },
        ["deterministic"] = SmallModel.Definition with { Posterior = new DeterministicPosterior(ActivationKind.Tanh) },
        ["k-sparse"] = SmallModel.Definition with { Latent = 4, Posterior = new DeterministicPosterior(Active: 2) },
        ["sparse"] = SmallModel.Definition with { Posterior = new DeterministicPosterior(ActivationKind.Sigmoid), Regularizers = [new SparsityRegularizer(0.2, 2)] },
        ["contractive, one layer"] = SmallModel.Definition with { Encoder = new NetworkDefinition(), Posterior = new DeterministicPosterior(ActivationKind.Sigmoid), Regularizers = [new ContractiveRegularizer(0.5)] },
        ["contractive, deep"] = SmallModel.Definition with { Posterior = new DeterministicPosterior(ActivationKind.Sigmoid), Regularizers = [new ContractiveRegularizer(0.5)] },
        ["contractive, projected"] = SmallModel.Definition with { Posterior = new DeterministicPosterior(), Regularizers = [new ContractiveRegularizer(0.5, 2)] },
        ["batch normalisation"] = SmallModel.Definition with { Encoder = new NetworkDefinition([5], Activation: ActivationKind.Gelu, Normalization: NormalizationKind.Batch) },
    };

    public static TheoryData<string> Names => [.. Definitions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_objective_has_the_gradient_of_central_differences(string name)
    {
        using SmallModel small = new(Definitions[name], statistics: new DataStatistics(50), scale: 2);
        const int rows = 4;
        Tensor input = Tensor.Constant([rows, SmallModel.Width], SmallModel.Rows(rows, binary: false));
        TrainingGraph graph = small.Model.Build(new Batch(input, input, null, 0.0, 3.0), true);
        Objective objective = Assert.Single(graph.Objectives);
        Parameter[] trained = [.. objective.Parameters.Where(parameter => parameter.IsTrainable)];
        Tensor[] gradients = objective.Value.Gradients([.. trained.Select(parameter => parameter.Value)]);
        using Plan<double> plan = Plan<double>.Compile(small.Runtime, small.Store, [objective.Value, .. gradients]);
        RandomStream stream = new(17);
        plan.Run(stream);
        double[][] computed = [.. Enumerable.Range(1, gradients.Length).Select(i => plan.Output(i).ToArray())];

        double largest = 0;
        for (int p = 0; p < trained.Length; p++)
            for (int i = 0; i < computed[p].Length; i += Math.Max(1, computed[p].Length / 5))
            {
                double numeric = Slope(trained[p], i);
                largest = Math.Max(largest, Math.Abs(numeric));
                Assert.True(Math.Abs(numeric - computed[p][i]) < 2e-6 * Math.Max(1, Math.Abs(numeric)),
                    $"{name}, seed 17: d/d{trained[p].Name}[{i}] is {computed[p][i]:R}, central difference {numeric:R}");
            }

        Assert.True(largest > 1e-3, "no parameter matters, so nothing was tested");

        double Slope(Parameter parameter, int index)
        {
            const double step = 1e-5;
            double kept = small.Store[parameter.Variable][index];
            double above = At(kept + step), below = At(kept - step);
            small.Store[parameter.Variable][index] = kept;
            return (above - below) / (2 * step);

            double At(double value)
            {
                small.Store[parameter.Variable][index] = value;
                plan.Run(stream);
                return plan.Output(0)[0];
            }
        }
    }
}
