using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Tests.Models.Autoencoders;
using Elbo.Training;

namespace Elbo.Tests.Objectives;

/// <summary>Wake-sleep, reweighted wake-sleep and DReG: which gradient reaches which network.</summary>
public class WakeSleepTests
{
    private static readonly double[] Rows = SmallModel.Rows(8);

    [Fact]
    public void The_decoder_climbs_the_evidence_lower_bound()
    {
        (double[] Mean, double[] Error) wake = Gradient(new WakeSleepBound(3), "decoder", 400), elbo = Gradient(new EvidenceLowerBound(3), "decoder", 400);
        Agree(elbo, wake);
    }

    [Fact]
    public void The_decoder_of_the_reweighted_one_climbs_the_importance_weighted_bound()
    {
        Agree(Gradient(new ImportanceWeightedBound(4), "decoder", 400), Gradient(new ReweightedWakeSleepBound(4), "decoder", 400));
    }

    [Theory]
    [InlineData("decoder")]
    [InlineData("encoder")]
    public void The_doubly_reparameterised_gradient_has_the_mean_of_the_plain_one_and_its_value(string network)
    {
        Bound plain = new ImportanceWeightedBound(4), doubly = new ImportanceWeightedBound(4, BoundGradient.DoublyReparameterized);
        Agree(Gradient(plain, network, 400), Gradient(doubly, network, 400));
        using SmallModel first = Make(plain), second = Make(doubly);
        Dictionary<string, double[]> expected = first.Metrics(Rows, seed: 3), metrics = second.Metrics(Rows, seed: 3);
        foreach (string name in new[] { "objective", "elbo", "reconstruction", "kl" }) Assert.Equal(expected[name][0], metrics[name][0], 1e-12);
    }

    [Fact]
    public void The_encoder_learns_from_dreams_alone()
    {
        double[] other = SmallModel.Rows(8, seed: 99);
        using SmallModel small = Make(new WakeSleepBound());
        double[] first = Encoder(small, Rows, 5), second = Encoder(small, other, 5);
        Assert.Equal(first, second);
        Assert.True(first.Max(Math.Abs) > 1e-3);
        using SmallModel asleep = Make(new ReweightedWakeSleepBound(3, SleepWeight: 1)), awake = Make(new ReweightedWakeSleepBound(3, SleepWeight: 0));
        Assert.Equal(Encoder(asleep, Rows, 5), Encoder(asleep, other, 5));
        Assert.NotEqual(Encoder(awake, Rows, 5), Encoder(awake, other, 5));
    }

    [Fact]
    public void Asleep_the_reweighted_encoder_climbs_what_the_plain_one_climbs_and_between_the_two_it_mixes()
    {
        (double[] Mean, double[] Error) plain = Gradient(new WakeSleepBound(), "posterior", 400), asleep = Gradient(new ReweightedWakeSleepBound(3, 1), "posterior", 400);
        Agree(plain, asleep);
        (double[] Mean, double[] Error) awake = Gradient(new ReweightedWakeSleepBound(3, 0), "posterior", 400), half = Gradient(new ReweightedWakeSleepBound(3), "posterior", 400);
        double[] mixed = [.. awake.Mean.Zip(asleep.Mean, (a, b) => 0.5 * (a + b))];
        Agree((mixed, [.. awake.Error.Zip(asleep.Error, (a, b) => 0.5 * Math.Sqrt(a * a + b * b))]), half);
    }

    [Fact]
    public void The_value_is_the_bound_and_the_reports_are_those_of_the_evidence_lower_bound()
    {
        using SmallModel wake = Make(new WakeSleepBound(4)), reweighted = Make(new ReweightedWakeSleepBound(4)), plain = Make(new EvidenceLowerBound(4));
        Dictionary<string, double[]> metrics = wake.Metrics(Rows, seed: 3), expected = plain.Metrics(Rows, seed: 3);
        Assert.Equal(metrics["elbo"][0], metrics["objective"][0], 1e-12);
        // The first key draws z in both, so the reports agree to the digit.
        foreach (string name in new[] { "elbo", "reconstruction", "kl" }) Assert.Equal(expected[name][0], metrics[name][0], 1e-12);
        using SmallModel weighted = Make(new ImportanceWeightedBound(4));
        Assert.Equal(weighted.Metrics(Rows, seed: 3)["objective"][0], reweighted.Metrics(Rows, seed: 3)["objective"][0], 1e-12);
        Assert.True(reweighted.Metrics(Rows, seed: 3)["elbo"][0] < reweighted.Metrics(Rows, seed: 3)["objective"][0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_linear_model_trained_by_it_comes_to_the_likelihood_of_probabilistic_pca(bool reweighted)
    {
        // Dreams of a linear model have linear posteriors, so the sleep phase ends at the exact posterior and the wake phase at the optimum.
        const int rows = 256, width = 4;
        RandomStream stream = new(5);
        float[] data = new float[rows * width];
        double[] direction = [1.2, -0.7, 0.4, 0.9];
        for (int n = 0; n < rows; n++)
        {
            double z = stream.Normal((ulong)(n * (width + 1)));
            for (int j = 0; j < width; j++) data[n * width + j] = (float)(direction[j] * z + 0.5 * stream.Normal((ulong)(n * (width + 1) + 1 + j)));
        }

        AutoencoderDefinition definition = new()
        {
            Preset = "linear-vae",
            Latent = 1,
            Objective = reweighted ? new ReweightedWakeSleepBound(5) : new WakeSleepBound(),
        };
        Autoencoder model = Autoencoder.Create(definition, [width]);
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        Elbo.Tests.Training.ArrayBatches batches = new(data, width, rows, shuffle: false);
        using Trainer trainer = new(model, batches, new TrainingOptions { BatchSize = rows, Steps = 4000, Optimizer = new Adam(0.01), Schedule = new CosineSchedule(), Seed = 1 }, runtime, store);
        TrainingResult result = trainer.Run();
        double reached = result.History.TakeLast(200).Average(record => record.Training["elbo"][0]);
        Assert.Equal(LogLikelihood(data, rows, width), reached, 0.05);
    }

    [Fact]
    public void Settings_out_of_range_and_deterministic_codes_are_refused()
    {
        Assert.Contains("samples", Refusal(new WakeSleepBound(0)), StringComparison.Ordinal);
        Assert.Contains("at least 2", Refusal(new ReweightedWakeSleepBound(1)), StringComparison.Ordinal);
        Assert.Contains("sleepWeight", Refusal(new ReweightedWakeSleepBound(3, 1.5)), StringComparison.Ordinal);
        ElboException error = Assert.Throws<ElboException>(() => new SmallModel(SmallModel.Definition with { Posterior = new DeterministicPosterior(), Objective = new WakeSleepBound() }));
        Assert.Contains("deterministic", error.Message, StringComparison.Ordinal);
    }

    private static string Refusal(Bound bound) => Assert.Throws<ElboException>(() => Make(bound)).Message;

    private static SmallModel Make(Bound objective) => new(SmallModel.Definition with { Objective = objective }, scale: 3);

    private static double[] Encoder(SmallModel small, double[] rows, ulong seed) => Run(small, rows, "encoder", [seed])[0];

    /// <summary>The mean gradient in the parameters whose names start with a prefix, over seeds 1 to n, with its standard errors.</summary>
    private static (double[] Mean, double[] Error) Gradient(Bound objective, string prefix, int runs)
    {
        using SmallModel small = Make(objective);
        double[][] all = Run(small, Rows, prefix, [.. Enumerable.Range(1, runs).Select(seed => (ulong)seed)]);
        double[] mean = new double[all[0].Length], error = new double[all[0].Length];
        for (int i = 0; i < mean.Length; i++)
        {
            double average = mean[i] = all.Average(run => run[i]);
            error[i] = Math.Sqrt(all.Sum(run => (run[i] - average) * (run[i] - average)) / (runs - 1.0) / runs);
        }

        return (mean, error);
    }

    private static double[][] Run(SmallModel small, double[] rows, string prefix, ulong[] seeds)
    {
        Tensor input = Tensor.Constant([rows.Length / SmallModel.Width, SmallModel.Width], rows);
        TrainingGraph graph = small.Model.Build(new Batch(input, input, null, 0.0, 0.0), true);
        Objective objective = Assert.Single(graph.Objectives);
        Parameter[] trained = [.. objective.Parameters.Where(parameter => parameter.Name.StartsWith(prefix, StringComparison.Ordinal))];
        Assert.NotEmpty(trained);
        Tensor[] gradients = objective.Value.Gradients([.. trained.Select(parameter => parameter.Value)]);
        using Plan<double> plan = Plan<double>.Compile(small.Runtime, small.Store, gradients);
        List<double[]> results = [];
        foreach (ulong seed in seeds)
        {
            plan.Run(new RandomStream(seed));
            results.Add([.. Enumerable.Range(0, gradients.Length).SelectMany(i => plan.Output(i).ToArray())]);
        }

        return [.. results];
    }

    private static void Agree((double[] Mean, double[] Error) expected, (double[] Mean, double[] Error) actual)
    {
        Assert.True(expected.Mean.Max(Math.Abs) > 0.01, "the gradients are too small for the comparison to mean anything");
        for (int i = 0; i < expected.Mean.Length; i++)
        {
            double tolerance = 5 * Math.Sqrt(expected.Error[i] * expected.Error[i] + actual.Error[i] * actual.Error[i]) + 1e-10;
            Assert.True(Math.Abs(expected.Mean[i] - actual.Mean[i]) < tolerance, $"seeds 1 on: element {i}: {actual.Mean[i]} against {expected.Mean[i]} ± {tolerance / 5}");
        }
    }

    /// <summary>−½[D ln 2π + ln λ₁ + (D − 1) ln s² + D] with s² the mean of the other eigenvalues: Tipping and Bishop 1999, eq. 8 to 10.</summary>
    private static double LogLikelihood(float[] data, int rows, int width)
    {
        double[] mean = new double[width];
        for (int i = 0; i < data.Length; i++) mean[i % width] += data[i] / (double)rows;
        Matrix covariance = new(width, width);
        for (int n = 0; n < rows; n++)
            for (int i = 0; i < width; i++)
                for (int j = 0; j < width; j++) covariance[i, j] += (data[n * width + i] - mean[i]) * (data[n * width + j] - mean[j]) / rows;
        double[] values = [.. SymmetricEigen.Of(covariance).Values.OrderDescending()];
        double noise = values.Skip(1).Average();
        return -0.5 * (width * Math.Log(2 * Math.PI) + Math.Log(values[0]) + (width - 1) * Math.Log(noise) + width);
    }
}
