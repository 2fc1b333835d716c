using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Models.Autoencoders;

public class RegularizerTests
{
    private static readonly double[] Rows = SmallModel.Rows(4, binary: false);

    [Fact]
    public void The_contractive_penalty_is_the_jacobian_by_central_differences()
    {
        using SmallModel deep = new(Contractive(SmallModel.Definition.Encoder!, ActivationKind.Tanh), scale: 2);
        Close(0.5 * Jacobian(deep), deep.Metrics(Rows)["contraction"][0], 1e-8);
        using SmallModel single = new(Contractive(new NetworkDefinition(), ActivationKind.Sigmoid), scale: 2);
        Close(0.5 * Jacobian(single), single.Metrics(Rows)["contraction"][0], 1e-8);
    }

    [Fact]
    public void Random_projections_estimate_the_contractive_penalty_without_bias()
    {
        using SmallModel exact = new(Contractive(SmallModel.Definition.Encoder!, ActivationKind.Tanh), scale: 2);
        using SmallModel projected = new(Contractive(SmallModel.Definition.Encoder!, ActivationKind.Tanh, projections: 200), scale: 2);
        Close(exact.Metrics(Rows)["contraction"][0], projected.Metrics(Rows, seed: 6)["contraction"][0], 0.1, "seed 6");
    }

    [Fact]
    public void The_sparsity_penalty_is_the_divergence_of_the_target_from_the_mean_activation()
    {
        const double target = 0.1, weight = 2;
        using SmallModel small = new(SmallModel.Definition with { Posterior = new DeterministicPosterior(ActivationKind.Sigmoid), Regularizers = [new SparsityRegularizer(target, weight)] }, scale: 2);
        double[] codes = small.Run(Rows, rows => [small.Model.Encode(rows)])[0];
        double expected = 0;
        for (int d = 0; d < 2; d++)
        {
            double mean = Enumerable.Range(0, 4).Average(row => codes[row * 2 + d]);
            expected += target * Math.Log(target / mean) + (1 - target) * Math.Log((1 - target) / (1 - mean));
        }

        Dictionary<string, double[]> metrics = small.Metrics(Rows);
        Close(weight * expected, metrics["sparsity"][0], 1e-12);
        Close(metrics["reconstruction"][0] - weight * expected, metrics["objective"][0], 1e-12);
    }

    [Fact]
    public void A_k_sparse_code_keeps_its_k_largest_entries()
    {
        Tensor code = Matrix(2, 3, -1, 2, 5, 0.5, -4, -2, -3, -1, -6);
        Assert.Equal([0, 0, 0, 5, 0, 0, 0, 0, -1, 0], Value(DeterministicPosterior.KeepLargest(code, 1)));
        Assert.Equal([3, 0, 2, 5, 0, 0, -2, -3, -1, 0], Value(DeterministicPosterior.KeepLargest(code, 3)));
        Assert.Equal([1, 0, 1, 1, 0, 0, 1, 1, 1, 0], Value(DeterministicPosterior.KeepLargest(code, 3).Sum().Gradients(code)[0]));
    }

    [Fact]
    public void The_prior_on_parameters_counts_once_beside_all_rows()
    {
        using SmallModel small = new(SmallModel.Definition with { Regularizers = [new ParameterPriorRegularizer(2)] }, statistics: new DataStatistics(30), scale: 2);
        double squares = 0;
        foreach (Parameter parameter in small.Model.Parameters)
            foreach (double value in small.Store[parameter.Variable]) squares += value * value;
        Dictionary<string, double[]> metrics = small.Metrics(Rows);
        Close(squares / 2 / 4 / 30, metrics["parameterPrior"][0], 1e-12);
        Close(metrics["elbo"][0] - squares / 2 / 4 / 30, metrics["objective"][0], 1e-12);
    }

    [Fact]
    public void A_penalty_does_not_grow_with_the_batch()
    {
        // Summing a penalty over the batch beside a mean reconstruction makes its weight depend on the batch size, as in a published VQ-VAE.
        AutoencoderDefinition sparse = SmallModel.Definition with { Posterior = new DeterministicPosterior(ActivationKind.Sigmoid), Regularizers = [new SparsityRegularizer(), new ContractiveRegularizer(), new ParameterPriorRegularizer()] };
        using SmallModel small = new(sparse, statistics: new DataStatistics(30), scale: 2);
        Dictionary<string, double[]> once = small.Metrics(Rows), threefold = small.Metrics([.. Rows, .. Rows, .. Rows]);
        foreach (string name in new[] { "sparsity", "contraction", "parameterPrior", "objective" }) Close(once[name][0], threefold[name][0], 1e-12, name);
    }

    private static AutoencoderDefinition Contractive(NetworkDefinition encoder, ActivationKind activation, int projections = 0) => SmallModel.Definition with
    {
        Encoder = encoder,
        Posterior = new DeterministicPosterior(activation),
        Regularizers = [new ContractiveRegularizer(0.5, projections)],
    };

    /// <summary>The mean over rows of the squared Frobenius norm of the encoder's Jacobian.</summary>
    private static double Jacobian(SmallModel small)
    {
        const double step = 1e-5;
        double sum = 0;
        for (int i = 0; i < SmallModel.Width; i++)
        {
            double[] above = small.Run(Moved(step), rows => [small.Model.Encode(rows)])[0], below = small.Run(Moved(-step), rows => [small.Model.Encode(rows)])[0];
            for (int j = 0; j < above.Length; j++) sum += Math.Pow((above[j] - below[j]) / (2 * step), 2);

            double[] Moved(double by) => [.. Rows.Select((value, at) => at % SmallModel.Width == i ? value + by : value)];
        }

        return sum / 4;
    }
}
