using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Models.Markov;

/// <summary>What is refused, in which words; and models that are read back.</summary>
public sealed class MarkovBadInputTests : IDisposable
{
    private readonly Runtime runtime = new(1);

    public static TheoryData<string> Families => [.. MarkovSamples.Families];

    public void Dispose() => runtime.Dispose();

    [Fact]
    public void Probabilities_that_do_not_sum_to_one_are_refused_by_name_and_value()
    {
        CategoricalEmission emission = new(Matrix.FromRows([0.5, 0.5], [0.5, 0.5]));
        Assert.Contains("start probabilities sum to 0.9", Assert.Throws<ElboException>(() => new HiddenMarkovModel([0.5, 0.4], Matrix.Identity(2), emission)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "transition probabilities from state 1 sum to 1.1",
            Assert.Throws<ElboException>(() => new HiddenMarkovModel([0.5, 0.5], Matrix.FromRows([1, 0], [0.5, 0.6]), emission)).Message, StringComparison.Ordinal);
        Assert.Contains("of state 0 sum to 0.7", Assert.Throws<ElboException>(() => new CategoricalEmission(Matrix.FromRows([0.5, 0.2]))).Message, StringComparison.Ordinal);
        Assert.Contains("Entry 0 of the start probabilities is -0.5", Assert.Throws<ElboException>(() => new HiddenMarkovModel([-0.5, 1.5], Matrix.Identity(2), emission)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_a_family_cannot_take_are_named()
    {
        HiddenMarkovOptions counts = new() { Emission = EmissionKind.Poisson };
        string message = Assert.Throws<ElboException>(() => HiddenMarkovModel.Fit(MarkovSamples.Column(1, 2, 2.5), counts, new FitOptions(), runtime)).Message;
        Assert.Contains("Row 2, column 'x0'", message, StringComparison.Ordinal);
        Assert.Contains("2.5", message, StringComparison.Ordinal);
        Assert.Contains("constant at 3", Assert.Throws<ElboException>(() => HiddenMarkovModel.Fit(MarkovSamples.Column(3, 3, 3), new HiddenMarkovOptions(), new FitOptions(), runtime)).Message, StringComparison.Ordinal);
        Assert.Contains("misses all its values", Assert.Throws<ElboException>(() => HiddenMarkovModel.Fit(MarkovSamples.Column(double.NaN, double.NaN), new HiddenMarkovOptions(), new FitOptions(), runtime)).Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 1", Assert.Throws<ElboException>(() => MarkovSamples.Umbrella.Encode(MarkovSamples.Column(0, 2), runtime)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_of_another_family_or_size_is_refused_with_both_named()
    {
        HiddenMarkovModel start = MarkovSamples.RandomModel("gaussian-diagonal", 3, 2, new RandomStream(1));
        Observations rows = Observations.FromMatrix("start", MarkovSamples.Normals(20, 2, new RandomStream(2)));
        string Message(HiddenMarkovOptions options, Observations data) => Assert.Throws<ElboException>(() => HiddenMarkovModel.Fit(data, options, new FitOptions(), runtime)).Message;
        string family = Message(HiddenMarkovOptions.StartingFrom(start) with { Covariance = CovarianceKind.Full }, rows);
        Assert.Contains("gaussian-diagonal", family, StringComparison.Ordinal);
        Assert.Contains("gaussian-full", family, StringComparison.Ordinal);
        Assert.Contains("has 3 states, and 4", Message(HiddenMarkovOptions.StartingFrom(start) with { States = 4 }, rows), StringComparison.Ordinal);
        Assert.Contains("steps from state 0 to 2", Message(HiddenMarkovOptions.StartingFrom(new HiddenMarkovModel([1, 0, 0], start.Transitions, start.Emission)).LeftToRight(), rows), StringComparison.Ordinal);
        Assert.Contains("2 columns", Message(HiddenMarkovOptions.StartingFrom(start), MarkovSamples.Column(1, 2)), StringComparison.Ordinal);
        Assert.Contains("known state of row 1 is 3", Message(HiddenMarkovOptions.StartingFrom(start) with { KnownStates = [.. Enumerable.Range(0, 20).Select(t => t == 1 ? 3 : -1)] }, rows), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gaussian-diagonal", "state ")]
    [InlineData("gaussian-full", "component ")]
    [InlineData("gaussian-spherical", "state ")]
    public void A_singular_covariance_names_its_state_and_the_remedy(string family, string name)
    {
        Matrix values = new(40, 2);
        for (int t = 0; t < 40; t++) values[t, 0] = values[t, 1] = t < 20 ? 1 : 7;
        HiddenMarkovOptions options = MarkovSamples.Options(family, 2) with { Regularization = 0 };
        string message = Assert.Throws<ElboException>(() => HiddenMarkovModel.Fit(Observations.FromMatrix("points", values), options, new FitOptions { Tolerance = 0 }, runtime)).Message;
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("larger regularization", message, StringComparison.Ordinal);
        // The remedy works.
        FitResult<HiddenMarkovModel> result = HiddenMarkovModel.Fit(Observations.FromMatrix("points", values), options with { Regularization = 1e-6 }, new FitOptions(), runtime);
        Assert.True(double.IsFinite(result.Elbo));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void More_states_than_distinct_rows_still_give_finite_numbers(string family)
    {
        Observations rows = Observations.FromMatrix("few", new Matrix(6, 1, [0, 1, 1, 0, 0, 1]));
        FitResult<HiddenMarkovModel> result = HiddenMarkovModel.Fit(rows, MarkovSamples.Options(family, 5), new FitOptions { MaxIterations = 50 }, runtime);
        foreach (KeyValuePair<string, NumericArray> parameter in result.Model.Parameters)
            foreach (double value in parameter.Value.ToDouble()) Assert.True(double.IsFinite(value), $"{parameter.Key}: {value}");
    }

    [Fact]
    public void An_impossible_row_has_no_density_and_is_passed_over()
    {
        HiddenMarkovModel model = new([1, 0], Matrix.FromRows([0, 1], [1, 0]), new BernoulliEmission(Matrix.FromRows([0], [1])));
        Observations rows = MarkovSamples.Column(0, 1, 1, 1, 0);
        double[] densities = new double[5];
        model.LogDensity(rows, densities, runtime);
        Assert.Equal([0, 0, double.NegativeInfinity, 0, 0], densities);
        Matrix posteriors = model.Encode(rows, runtime);
        for (int t = 0; t < 5; t++) Assert.Equal(t % 2 == 0 ? 1 : 0, posteriors[t, 0], 12);
        Assert.Equal(double.NegativeInfinity, model.DecodeStates(rows, false, runtime).LogProbabilities[0]);
        Assert.Contains("Row 2", Assert.Throws<ElboException>(() => HiddenMarkovModel.Fit(rows, HiddenMarkovOptions.StartingFrom(model), new FitOptions(), runtime)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_model_is_read_back_as_it_was(string family)
    {
        RandomStream random = new(1, 1);
        HiddenMarkovModel model = new(
            MarkovSamples.Distribution(3, random.Split(0)), MarkovSamples.Stochastic(3, 3, random.Split(1)), MarkovSamples.RandomEmission(family, 2, 2, random.Split(2)), [0, 1, 1]);
        HiddenMarkovModel read = HiddenMarkovModel.Load(JsonElement.Parse(model.Definition.GetRawText()), model.Parameters.ToDictionary());
        Observations rows = Observations.FromMatrix("stored", MarkovSamples.Rows(model, 50, random.Split(3)));
        Assert.Equal(model.SequenceLogLikelihoods(rows, runtime), read.SequenceLogLikelihoods(rows, runtime));
        Assert.Equal(model.FreeParameters, read.FreeParameters);
        Assert.Equal(model.Title, read.Title);
        Dictionary<string, NumericArray> incomplete = model.Parameters.ToDictionary();
        incomplete.Remove("transitions");
        HiddenMarkovModel untied = MarkovSamples.RandomModel(family, 3, 1, random.Split(5));
        (EmissionKind kind, CovarianceKind covariance) = EmissionFamilies.Parse(family);
        HiddenMarkovModel made = HiddenMarkovModel.FromParameters(kind, covariance, untied.Parameters.ToDictionary());
        Assert.Equal(untied.Definition.GetRawText(), made.Definition.GetRawText());
        foreach ((KeyValuePair<string, NumericArray> one, KeyValuePair<string, NumericArray> two) in untied.Parameters.Zip(made.Parameters)) Assert.Equal(one.Value.ToDouble(), two.Value.ToDouble());
        Assert.Contains("'transitions'", Assert.Throws<ElboException>(() => HiddenMarkovModel.Load(model.Definition, incomplete)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_values_are_filled_in_from_both_sides()
    {
        HiddenMarkovModel model = new([0.5, 0.5], Matrix.FromRows([0.99, 0.01], [0.01, 0.99]), new DiagonalGaussianEmission(Matrix.FromRows([0, 5], [100, -5]), Matrix.FromRows([1, 1], [1, 1])));
        Matrix values = Matrix.FromRows([100, -5], [double.NaN, double.NaN], [99, double.NaN], [101, -5]);
        Observations rows = Observations.FromMatrix("gaps", values);
        Matrix filled = model.Impute(rows, null, runtime);
        Assert.Equal(99, filled[2, 0]);
        Assert.Equal(-5, filled[2, 1], 6);
        Matrix posteriors = model.Encode(rows, runtime);
        Assert.Equal(100 * posteriors[1, 1], filled[1, 0], 12);
        // Draws: their mean is the mean.
        double sum = 0;
        for (ulong i = 0; i < 400; i++) sum += model.Impute(rows, new RandomStream(3, i), runtime)[2, 1];
        Assert.Equal(-5, sum / 400, 0.25);
    }
}
