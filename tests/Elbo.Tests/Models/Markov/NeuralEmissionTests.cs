using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Markov;

/// <summary>Distributions that a network of the state computes, fitted by generalised EM.</summary>
public sealed class NeuralEmissionTests : IDisposable
{
    private static readonly FitOptions Precise = new() { Tolerance = 1e-12, MaxIterations = 5000 };
    private static readonly NetworkDefinition Linear = new(), Deep = new([6, 4], Activation: ActivationKind.Tanh);
    private readonly Runtime runtime = new(2);

    public static TheoryData<string> Families => ["bernoulli", "categorical", "poisson", "gaussian-diagonal"];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public void A_linear_network_reaches_the_optimum_of_the_closed_M_step(string family)
    {
        (Observations rows, EmissionKind kind) = Data(family, 300, 3, 41);
        StateNetwork network = new(rows, kind, StateNetwork.OneHot(3), Linear, runtime);
        NeuralFit<HiddenMarkovModel> neural = NeuralEmissions.FitMarkov(rows, network, new NeuralEmissionOptions { GradientSteps = 20 }, Precise, runtime);
        FitResult<HiddenMarkovModel> plain = HiddenMarkovModel.Fit(rows, new HiddenMarkovOptions { States = 3, Emission = kind, Covariance = CovarianceKind.Diagonal }, Precise, runtime);
        Assert.Equal(plain.Elbo, neural.Result.Elbo, 1e-6);
        Assert.Equal(neural.Result.Elbo, neural.Result.Model.SequenceLogLikelihoods(rows, runtime).Sum() / 300, 1e-10);
        FitResult<HiddenMarkovModel> further = HiddenMarkovModel.Fit(rows, HiddenMarkovOptions.StartingFrom(neural.Result.Model), Precise, runtime);
        Assert.Equal(further.Elbo, neural.Result.Elbo, 1e-6);
        Assert.Equal(network.FreeParameters, neural.Parameters.Values.Sum(static values => values.Length));
    }

    [Fact]
    public void A_linear_network_reaches_the_optimum_of_mixtures()
    {
        foreach (string family in Families.Select(static row => row.Data))
        {
            (Observations sequences, EmissionKind kind) = Data(family, 240, 2, 43);
            double[] weights = [.. Enumerable.Range(0, 240).Select(static i => 0.5 + i % 3)];
            Observations rows = Observations.FromMatrix("rows", sequences.ToMatrix(), weights: weights);
            StateNetwork network = new(rows, kind, StateNetwork.OneHot(2), Linear, runtime);
            FitResult<MixtureModel> neural = NeuralEmissions.FitMixture(rows, network, new NeuralEmissionOptions { GradientSteps = 20 }, Precise with { Restarts = 3 }, runtime).Result;
            MixtureModel found = neural.Model;
            // From there the closed M-step has nothing to gain: it is an optimum of the same likelihood.
            double closed = kind switch
            {
                EmissionKind.Bernoulli => BernoulliMixture.Fit(rows, new BernoulliMixtureOptions { Components = 2, StartModel = found, Regularization = 1e-15 }, Precise, runtime).Elbo,
                EmissionKind.Categorical => LatentClassModel.Fit(rows, new LatentClassOptions { Components = 2, StartModel = found, Regularization = 1e-15 }, Precise, runtime).Elbo,
                EmissionKind.Poisson => PoissonMixture.Fit(rows, new PoissonMixtureOptions { Components = 2, StartModel = found, Regularization = 1e-15 }, Precise, runtime).Elbo,
                _ => GaussianMixture.Fit(rows, new GaussianMixtureOptions { Components = 2, Covariance = CovarianceKind.Diagonal, StartModel = (GaussianMixture)found }, Precise, runtime).Elbo,
            };
            Assert.Equal(closed, neural.Elbo, 1e-6);
            Assert.True(neural.Elbo > neural.Bounds[0] + 1e-4, $"{family}: {neural.Elbo} from {neural.Bounds[0]}");
            double[] densities = new double[240];
            neural.Model.LogDensity(rows, densities, runtime);
            Assert.Equal(neural.Elbo, densities.Zip(weights, static (density, weight) => density * weight).Sum() / weights.Sum(), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_gradient_of_the_likelihood_is_the_expected_gradient(string family)
    {
        // Fisher's identity: d ln p(x) / dθ = E[d ln p(x, z) / dθ | x], of a network with hidden layers.
        (Observations rows, EmissionKind kind) = Data(family, 60, 3, 47);
        StateNetwork network = new(rows, kind, Places(3), Deep, runtime);
        using NeuralMaximization maximization = new(network, 60, runtime);
        RandomStream random = new(5);
        double[] position = maximization.Draw(random);
        double[] start = MarkovSamples.Distribution(3, random.Split(1));
        Matrix transitions = MarkovSamples.Stochastic(3, 3, random.Split(2));
        HiddenMarkovModel At(double[] place) => new(start, transitions, maximization.EmissionAt(place));
        double LogLikelihood(double[] place) => At(place).SequenceLogLikelihoods(rows, runtime).Sum() / 60;
        HiddenMarkovModel model = At(position);
        MarkovStatistics statistics = new ExpectationStep(rows, null, null, runtime).Run(model.Chain);
        double[] expected = maximization.Evaluate(model.Emission, statistics.Emissions, position).Gradient;
        Assert.Contains(expected, static value => Math.Abs(value) > 1e-3);
        for (int i = 0; i < position.Length; i++)
        {
            double[] up = [.. position], down = [.. position];
            up[i] += 1e-5;
            down[i] -= 1e-5;
            Assert.Equal((LogLikelihood(up) - LogLikelihood(down)) / 2e-5, expected[i], 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_bound_never_falls_for_any_network_and_number_of_steps(string family)
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            (Observations rows, EmissionKind kind) = Data(family, 80, 3, 60 + seed, missing: 0.15);
            NetworkDefinition definition = seed % 2 == 0 ? Deep : new NetworkDefinition([8], Activation: ActivationKind.Relu, Residual: true);
            StateNetwork network = new(rows, kind, seed % 3 == 0 ? Places(3) : StateNetwork.OneHot(3), definition, runtime);
            // FitLoop throws where the bound falls by more than rounding.
            FitResult<HiddenMarkovModel> fit = NeuralEmissions.FitMarkov(
                rows, network, new NeuralEmissionOptions { GradientSteps = 1 + (int)(seed % 3) * 3 }, new FitOptions { Seed = seed, MaxIterations = 60, Restarts = seed == 1 ? 2 : 1 }, runtime).Result;
            Assert.True(fit.Elbo > fit.Bounds[0], $"Seed {seed} did not rise from {fit.Bounds[0]}.");
            Assert.Equal(fit.Elbo, fit.Model.SequenceLogLikelihoods(rows, runtime).Sum() / 80, 1e-9);
        }
    }

    [Fact]
    public void A_network_of_places_on_a_line_ties_the_states_between()
    {
        // Means that are linear in the place: three numbers describe five states.
        Matrix means = Matrix.FromRows([-4], [-2], [0], [2], [4]), variances = Matrix.FromRows([0.2], [0.2], [0.2], [0.2], [0.2]);
        HiddenMarkovModel truth = new([1, 0, 0, 0, 0], MarkovSamples.Stochastic(5, 5, new RandomStream(3)), new DiagonalGaussianEmission(means, variances));
        Observations rows = Observations.FromMatrix("line", truth.Sample(800, new RandomStream(8)));
        StateNetwork network = new(rows, EmissionKind.Gaussian, Places(5), Linear, runtime);
        Assert.Equal(4, network.FreeParameters);
        HiddenMarkovModel model = NeuralEmissions.FitMarkov(rows, network, new NeuralEmissionOptions(), new FitOptions { Restarts = 5, MaxIterations = 300 }, runtime).Result.Model;
        double[] found = [.. Enumerable.Range(0, 5).Select(k => model.Emission.Means[k, 0]).Order()];
        for (int k = 0; k < 5; k++) Assert.Equal(means[k, 0], found[k], 0.15);
        for (int k = 1; k < 4; k++) Assert.Equal(found[k + 1] - found[k], found[k] - found[k - 1], 1e-9);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit_and_refusals_say_why()
    {
        (Observations rows, EmissionKind kind) = Data("bernoulli", 200, 3, 71);
        List<double[]> all = [];
        foreach (int threads in (int[])[1, 2, 3])
        {
            using Runtime own = new(threads);
            StateNetwork network = new(rows, kind, StateNetwork.OneHot(3), Deep, own);
            NeuralFit<HiddenMarkovModel> fit = NeuralEmissions.FitMarkov(rows, network, new NeuralEmissionOptions(), new FitOptions { MaxIterations = 5 }, own);
            all.Add([.. fit.Parameters.Values.SelectMany(static values => values), .. fit.Result.Bounds]);
        }

        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
        string Refused(Action action) => Assert.Throws<ElboException>(action).Message;
        Assert.Contains("dropout", Refused(() => _ = new StateNetwork(rows, kind, StateNetwork.OneHot(2), new NetworkDefinition([3], Dropout: 0.2), runtime)), StringComparison.Ordinal);
        Assert.Contains("one Gaussian", Refused(() => _ = new StateNetwork(rows, EmissionKind.GaussianMixture, StateNetwork.OneHot(2), Linear, runtime)), StringComparison.Ordinal);
        Assert.Contains("categories are numbered", Refused(() => _ = new StateNetwork(MarkovSamples.Column(0.5, 1), EmissionKind.Categorical, StateNetwork.OneHot(2), Linear, runtime)), StringComparison.Ordinal);
        StateNetwork two = new(rows, kind, StateNetwork.OneHot(2), Linear, runtime);
        Assert.Contains("columns", Refused(() => NeuralEmissions.FitMarkov(MarkovSamples.Column(0, 1), two, new NeuralEmissionOptions(), new FitOptions(), runtime)), StringComparison.Ordinal);
        Assert.Contains("0 gradient steps", Refused(() => NeuralEmissions.FitMarkov(rows, two, new NeuralEmissionOptions { GradientSteps = 0 }, new FitOptions(), runtime)), StringComparison.Ordinal);
    }

    /// <summary>Places on a line from −1 to 1.</summary>
    private static Matrix Places(int count)
    {
        Matrix result = new(count, 1);
        for (int k = 0; k < count; k++) result[k, 0] = 2.0 * k / (count - 1) - 1;
        return result;
    }

    private static (Observations Rows, EmissionKind Kind) Data(string family, int count, int states, ulong seed, double missing = 0)
    {
        RandomStream random = new(seed, 90);
        HiddenMarkovModel truth = MarkovSamples.RandomModel(family, states, 4, random.Split(0));
        Matrix values = MarkovSamples.Rows(truth, count, random.Split(1), missing);
        return (Observations.FromMatrix($"{family} {seed}", values, sequenceLengths: [count - 20, 20]), EmissionFamilies.Parse(family).Kind);
    }
}
